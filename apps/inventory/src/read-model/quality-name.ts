/** The read model of inspection plans and nonconformances. */
export const QUALITY = 'quality';
