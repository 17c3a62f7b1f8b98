/** One alert as a receiver counted it: by its id, with what it is about. */
export interface LedgerEntry {
  id: string;
  type: string;
  cause: string;
  /** By what it was told apart from others: the id of the event or of the message. */
  name?: string;
}

/** What was written of the last line before a kill is not counted: it was not confirmed to the broker either. */
export const readLedger = (text: string): LedgerEntry[] => {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as LedgerEntry];
      } catch {
        // The end of a line that a kill cut off, and on which a later life went on.
        return [];
      }
    });
};
