import { malformed } from '#kernel';

const OWN_ID = /^[^\s\p{Cc}]{1,200}$/u;

/** The id of an inspection in a path. @throws LotlineError `malformed` (400) where it is not one word. */
export const inspectionNamed = (text: string): string => {
  if (OWN_ID.test(text)) return text;
  throw malformed('invalid-request', 'an inspection is named by one word', [
    {
      code: 'bad-inspection-id',
      message: 'an inspection is named by one word of at most 200 characters',
      field: 'inspection',
      found: text.slice(0, 200),
      expected: 'one word',
    },
  ]);
};
