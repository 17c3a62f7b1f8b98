const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether ISO 4217 has the code, now or in former times. */
export const isCurrency = (code: string): boolean => CODES.has(code);
