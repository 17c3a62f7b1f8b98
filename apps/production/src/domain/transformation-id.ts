import { canonicalId } from '#kernel';

const isUri = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text);

/**
 * A transformation's id is a URI, because events of other systems that share it are the same transformation. A plain code
 * is the plant's own: of its run, where it belongs to one.
 */
export const transformationId = (given: string, run?: string): string =>
  isUri(given)
    ? canonicalId(given).id
    : `urn:lotline:transformation:${[run, given]
        .filter((part) => part !== undefined)
        .map(encodeURIComponent)
        .join(':')}`;

/** Of a step, where no other system shares one: a name of its own, so that it is never that of a record. */
export const stepTransformationId = (given: string | undefined, run: string, step: string): string =>
  given === undefined
    ? `urn:lotline:step:${encodeURIComponent(run)}:${encodeURIComponent(step)}`
    : canonicalId(given).id;

/** The reference under which its stock is issued. */
export const actOf = (transformation: string): string => `transformation:${transformation}`;

/** A run and its transformations are one stream, so that nothing is recorded in a run that is completed meanwhile. */
export const productionStream = (at: { run: string } | { transformation: string }): string =>
  'run' in at ? `run-${at.run}` : `transformation-${at.transformation}`;
