import {
  decided,
  DispatchAbandoned,
  ReturnReceived,
  ShipmentCancelled,
  ShipmentDelivered,
  ShipmentDispatched,
  ShipmentPacked,
  ShipmentPlanned,
} from '#contracts';
import { LotlineError, canonicalJson, notFound, refused, type Decider, type Problem } from '#kernel';
import { excess, linesOf, rest, totalsOf } from './lot-totals.js';
import {
  evolve,
  type Line,
  type Load,
  type Plan,
  type PlannedShipment,
  type Shipment,
  type ShipmentEvent,
} from './shipment.js';

export type ShipmentCommand = { now: string } & (
  | { type: 'plan'; plan: Plan }
  | { type: 'pack'; unit: string; contents: Line[]; at?: string | undefined }
  /** Only after inventory has issued the stock of this attempt. */
  | { type: 'dispatch'; attempt: number }
  | { type: 'abandon'; attempt: number; reason: string }
  | {
      type: 'deliver';
      place?: string | undefined;
      loads?: Load[] | undefined;
      document?: string | undefined;
      at?: string | undefined;
    }
  | { type: 'cancel'; reason: string }
  | { type: 'return'; return: string; lines: (Line & { place: string })[]; reason: string; at?: string | undefined }
);

type Of<Type extends ShipmentCommand['type']> = Extract<ShipmentCommand, { type: Type }>;

const refuse = (code: string, message: string, problems: readonly Problem[] = [{ code, message }]): never => {
  throw refused(code, message, problems);
};

const isPlanned = (shipment: PlannedShipment): boolean => shipment.status === 'planned';

/** What leaves: each unit with its contents, and what of the lines is in none of them. */
export const loadsOf = (shipment: PlannedShipment): Load[] => {
  const packed = shipment.units.flatMap(({ unit, contents }) => contents.map((line) => ({ ...line, unit })));
  return [...packed, ...rest(totalsOf(shipment.lines), totalsOf(packed))];
};

/** Lots and amounts that inventory is asked for, one line a lot and dimension. */
export const stockOf = (shipment: PlannedShipment): Line[] => linesOf(totalsOf(shipment.lines));

const plan = ({ plan: wanted, now }: Of<'plan'>, shipment: Shipment): ShipmentEvent[] => {
  if (!shipment) return [decided(ShipmentPlanned, now, wanted)];
  const { shipment: id, from, consignee, to, due, document, lines } = shipment;
  const same = canonicalJson({ shipment: id, from, consignee, to, due, document, lines }) === canonicalJson(wanted);
  if (same) return [];
  throw new LotlineError('conflict', 'shipment-exists', `shipment ${id} was planned otherwise`);
};

const pack = ({ unit, contents, at, now }: Of<'pack'>, shipment: PlannedShipment): ShipmentEvent[] => {
  const before = shipment.units.find((u) => u.unit === unit);
  if (before) {
    if (canonicalJson(before.contents) === canonicalJson(contents)) return [];
    throw new LotlineError('conflict', 'unit-packed', `unit ${unit} was packed with other contents`);
  }
  if (!isPlanned(shipment)) refuse('shipment-not-planned', `shipment ${shipment.shipment} is ${shipment.status}`);
  const packed = totalsOf([...shipment.units.flatMap((u) => u.contents), ...contents]);
  const over = excess(packed, totalsOf(shipment.lines));
  if (over.length > 0)
    refuse(
      'more-than-planned',
      `unit ${unit} would hold more than the shipment has`,
      over.map(({ lot, found, limit }) => ({
        code: 'more-than-planned',
        message: `${found.value} ${found.unit} of lot ${lot} packed, ${limit.value} planned`,
        id: lot,
        found,
        expected: `at most ${limit.value} ${limit.unit}`,
      })),
    );
  return [decided(ShipmentPacked, at ?? now, { shipment: shipment.shipment, unit, place: shipment.from, contents })];
};

const dispatch = ({ attempt, now }: Of<'dispatch'>, shipment: PlannedShipment): ShipmentEvent[] => {
  if (shipment.status === 'dispatched' || shipment.status === 'delivered') return [];
  if (shipment.status === 'cancelled')
    refuse('shipment-cancelled', `shipment ${shipment.shipment} was cancelled: ${shipment.cancelled?.reason}`);
  if (attempt !== shipment.attempt)
    throw new LotlineError('precondition', 'dispatch-abandoned', `attempt ${attempt} was given up`);
  const { shipment: id, from, consignee, to, due, document } = shipment;
  return [
    decided(ShipmentDispatched, now, {
      shipment: id,
      attempt,
      from,
      consignee,
      ...(to !== undefined && { to }),
      ...(due !== undefined && { due }),
      ...(document !== undefined && { document }),
      loads: loadsOf(shipment),
    }),
  ];
};

/** Fences an attempt off: whoever still carries it through finds the stream at another revision. */
const abandon = ({ attempt, reason, now }: Of<'abandon'>, shipment: PlannedShipment): ShipmentEvent[] =>
  shipment.loads === undefined && attempt === shipment.attempt
    ? [decided(DispatchAbandoned, now, { shipment: shipment.shipment, attempt, reason })]
    : [];

const deliver = (command: Of<'deliver'>, shipment: PlannedShipment): ShipmentEvent[] => {
  const { at, now, document } = command;
  const dispatched = shipment.loads;
  if (!dispatched) return refuse('shipment-not-dispatched', `shipment ${shipment.shipment} is ${shipment.status}`);
  const place = command.place ?? shipment.to;
  const loads = command.loads ?? dispatched;
  if (shipment.delivered) {
    if (
      canonicalJson(shipment.delivered.loads) === canonicalJson(loads) &&
      (command.place === undefined || shipment.delivered.place === command.place)
    )
      return [];
    throw new LotlineError('conflict', 'delivery-exists', `shipment ${shipment.shipment} was delivered otherwise`);
  }
  const over = excess(totalsOf(loads), totalsOf(dispatched));
  if (over.length > 0)
    refuse(
      'more-than-dispatched',
      'more would arrive than left',
      over.map(({ lot, found, limit }) => ({
        code: 'more-than-dispatched',
        message: `${found.value} ${found.unit} of lot ${lot} delivered, ${limit.value} dispatched`,
        id: lot,
        found,
        expected: `at most ${limit.value} ${limit.unit}`,
      })),
    );
  return [
    decided(ShipmentDelivered, at ?? now, {
      shipment: shipment.shipment,
      from: shipment.from,
      consignee: shipment.consignee,
      ...(place !== undefined && { place }),
      loads,
      ...(document !== undefined && { document }),
    }),
  ];
};

const cancel = ({ reason, now }: Of<'cancel'>, shipment: PlannedShipment): ShipmentEvent[] => {
  if (shipment.status === 'cancelled') return [];
  if (!isPlanned(shipment)) refuse('shipment-dispatched', `shipment ${shipment.shipment} has left already`);
  return [decided(ShipmentCancelled, now, { shipment: shipment.shipment, reason })];
};

const takeBack = (command: Of<'return'>, shipment: PlannedShipment): ShipmentEvent[] => {
  const { return: id, lines, reason, at, now } = command;
  const before = shipment.returns.find((r) => r.return === id);
  if (before) {
    if (canonicalJson(before.lines) === canonicalJson(lines)) return [];
    throw new LotlineError('conflict', 'return-exists', `return ${id} was recorded with other content`);
  }
  if (!shipment.loads) return refuse('shipment-not-dispatched', `shipment ${shipment.shipment} is ${shipment.status}`);
  const over = excess(totalsOf([...shipment.returns.flatMap((r) => r.lines), ...lines]), totalsOf(shipment.loads));
  if (over.length > 0)
    refuse(
      'more-than-dispatched',
      'more would come back than left',
      over.map(({ lot, found, limit }) => ({
        code: 'more-than-dispatched',
        message: `${found.value} ${found.unit} of lot ${lot} returned, ${limit.value} dispatched`,
        id: lot,
        found,
        expected: `at most ${limit.value} ${limit.unit}`,
      })),
    );
  return [
    decided(ReturnReceived, at ?? now, {
      shipment: shipment.shipment,
      return: id,
      consignee: shipment.consignee,
      lines,
      reason,
    }),
  ];
};

const decide = (command: ShipmentCommand, shipment: Shipment): ShipmentEvent[] => {
  if (command.type === 'plan') return plan(command, shipment);
  if (!shipment) throw notFound('shipment-unknown', 'there is no such shipment');
  switch (command.type) {
    case 'pack':
      return pack(command, shipment);
    case 'dispatch':
      return dispatch(command, shipment);
    case 'abandon':
      return abandon(command, shipment);
    case 'deliver':
      return deliver(command, shipment);
    case 'cancel':
      return cancel(command, shipment);
    case 'return':
      return takeBack(command, shipment);
  }
};

export const shipmentDecider: Decider<Shipment, ShipmentCommand, ShipmentEvent> = {
  initialState: () => undefined,
  decide,
  evolve,
};
