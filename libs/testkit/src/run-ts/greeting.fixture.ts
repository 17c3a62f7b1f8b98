export const lineAbout = (name: string, kernel: string): string => `hello ${name}, kernel is a ${kernel}`;
