import type { DataOf, RecordedEvent, RecordedOf, TransformationCorrected, TransformationRecorded } from '#contracts';
import type { Happening, LotDates, Thing } from '../happening.js';
import { base } from './base.js';
import { datesOf } from './dates.js';
import { canonical, thing } from './thing.js';

type Recorded = DataOf<typeof TransformationRecorded>;
type Output = Recorded['statement']['outputs'][number];

const output = (out: Output): Thing => ({
  ...thing(out.lot, out.amount),
  ...(out.role !== 'product' && { role: out.role }),
});

/**
 * The records of a step are one act and one transformation, so a fact about the step stands for all of them; each keeps the
 * name under which its own stock was issued.
 */
const actOf = ({
  transformation,
  act,
  run,
  partOf,
}: Omit<Recorded, 'statement'>): Pick<Happening, 'transformation' | 'act' | 'alsoKnownAs'> => {
  const ofRun = run === undefined ? [] : [`run:${run}`];
  return partOf === undefined
    ? { transformation, act, alsoKnownAs: [transformation, ...ofRun] }
    : { transformation: partOf, act: `step:${partOf}`, alsoKnownAs: [partOf, transformation, act, ...ofRun] };
};

/** What lies or comes from elsewhere than the place of the transformation is one happening a place of the same act. */
const stated = (
  event: RecordedEvent,
  data: Omit<Recorded, 'statement'>,
  statement: Recorded['statement'],
): Happening[] => {
  const home = canonical(statement.place);
  const at = (place: string | undefined): string => (place === undefined ? home : canonical(place));
  const places = new Set([home, ...[...statement.inputs, ...statement.outputs].map((leg) => at(leg.place))]);
  return [...places].flatMap((place): Happening[] => {
    const inputs = statement.inputs.filter((leg) => at(leg.place) === place);
    const outputs = statement.outputs.filter((leg) => at(leg.place) === place);
    if (inputs.length === 0 && outputs.length === 0) return [];
    const dates: Record<string, LotDates> = {};
    for (const out of outputs) if (out.dates !== undefined) dates[canonical(out.lot)] = datesOf(out.dates);
    return [
      {
        ...base(event),
        verb: 'transform',
        bizLocation: place,
        things: inputs.map((leg) => thing(leg.lot, leg.amount)),
        outputs: outputs.map(output),
        ...actOf(data),
        transformationKind: statement.kind,
        ...(Object.keys(dates).length > 0 && { dates }),
        commanded: true,
      },
    ];
  });
};

export const transformationRecorded = (event: RecordedOf<typeof TransformationRecorded>): Happening[] =>
  stated(event, event.data, event.data.statement);

/** Voids what it corrects, and says anew what happened, if anything did. */
export const transformationCorrected = (event: RecordedOf<typeof TransformationCorrected>): Happening[] => [
  ...(event.data.statement === undefined ? [] : stated(event, event.data, event.data.statement)),
  { ...base(event), verb: 'note', things: [], voids: event.data.voids, commanded: true },
];
