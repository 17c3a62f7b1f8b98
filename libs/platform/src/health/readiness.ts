/** Whether this process wants traffic; off as the first step of an orderly stop. */
export class Readiness {
  #ready = false;

  set(ready: boolean): void {
    this.#ready = ready;
  }

  get(): boolean {
    return this.#ready;
  }
}
