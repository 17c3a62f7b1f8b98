/** Amounts in the simulator are whole thousandths (grams, thousandths of a piece), so that sums are exact. */
export const THOUSAND = 1000;

/** Decimal text without trailing zeros. @param thousandths whole, not negative. */
export const decimalText = (thousandths: number): string => {
  const whole = Math.floor(thousandths / THOUSAND);
  const rest = thousandths - whole * THOUSAND;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(3, '0').replace(/0+$/, '')}`;
};
