/** `GenealogyReader`. */
export const GENEALOGY_READER = Symbol('GENEALOGY_READER');
