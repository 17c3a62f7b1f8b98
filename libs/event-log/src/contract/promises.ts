/** Where adapters differ: what each promises of the port's finer points. The suite holds each to its own list. */
export interface LogPromises {
  /**
   * Appends of one call stand in the log in the order of the call. Where false, only those of one stream do; the results
   * stand in the order of the call in any case.
   */
  ordersCalls: boolean;
  /** At its end a read stands exactly at the head. Where false, it may stand behind it: records of others are passed over. */
  endsAtHead: boolean;
  /** Record times never go back along positions. Where false, they are as good as the clocks of the servers. */
  recordTimesNeverGoBack: boolean;
  /** Events of the suite's size (400 bytes) that one append can hold. */
  largestAppend: number;
  /** Appends that one call takes in seconds. */
  largestCall: number;
}
