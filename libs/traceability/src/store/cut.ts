/** Where the answer stands on the two clocks; absent members mean "all that is known". */
export interface Cut {
  /** Log position: only facts recorded up to here count, with the corrections known then. */
  position?: string;
  /** `Instant.key`: only what happened up to here counts. */
  eventTimeTo?: string;
}
