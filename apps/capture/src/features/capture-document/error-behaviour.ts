import { malformed } from '#kernel';
import type { ErrorBehaviour } from '../../domain/capture-job.js';

/** Reads `GS1-Capture-Error-Behaviour`; `rollback` where it is not sent. @throws LotlineError malformed. */
export const errorBehaviour = (header: string | undefined): ErrorBehaviour => {
  if (header === undefined) return 'rollback';
  const text = header.trim().toLowerCase();
  if (text === 'rollback' || text === 'proceed') return text;
  throw malformed(
    'bad-error-behaviour',
    `GS1-Capture-Error-Behaviour cannot be ${JSON.stringify(header.slice(0, 100))}`,
    [
      {
        code: 'bad-error-behaviour',
        message: 'not an error behaviour',
        field: 'GS1-Capture-Error-Behaviour',
        found: header.slice(0, 100),
        expected: 'rollback or proceed',
      },
    ],
  );
};
