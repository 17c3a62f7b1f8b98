export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const uniqueSorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(compareText);
