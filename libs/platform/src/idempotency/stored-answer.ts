/** Thrown to answer with what was answered before; the problem filter sends it as it is. */
export class StoredAnswer extends Error {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: string,
  ) {
    super('answered before');
    this.name = 'StoredAnswer';
  }
}
