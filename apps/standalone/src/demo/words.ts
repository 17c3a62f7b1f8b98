interface StatedAmount {
  value: string;
  unit: string;
}

/** "12,000 KGM": digits grouped for a person, never rounded. */
export const amountText = (amount: StatedAmount | null | undefined): string => {
  if (!amount) return 'unknown quantity';
  const [whole = '', fraction] = amount.value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${amount.unit}`;
};

/** Two decimals, for amounts that come from a share. */
export const roundedText = (amount: StatedAmount | null | undefined): string =>
  amount ? amountText({ ...amount, value: Number(amount.value).toFixed(2) }) : 'unknown';

/** The telling end of an identifier: `…:party:processor.1u` is processor.1u, a Digital Link its keys. */
export const nameOf = (id: string | null | undefined): string => {
  if (!id) return 'nobody known';
  if (id.startsWith('https://id.gs1.org/')) return decodeURIComponent(id.slice('https://id.gs1.org/'.length));
  return decodeURIComponent(id.slice(id.lastIndexOf(':') + 1));
};

export const heading = (text: string): string => `\n${text}\n${'─'.repeat(text.length)}`;

/** Rows with columns of equal width. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<number[]>((w, row) => row.map((cell, i) => Math.max(w[i] ?? 0, cell.length)), []);
  return rows
    .map((row) => `  ${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')}`)
    .join('\n');
};
