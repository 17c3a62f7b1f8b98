import type {
  DecidedOf,
  DispatchAbandoned,
  ReturnReceived,
  ShipmentCancelled,
  ShipmentDelivered,
  ShipmentDispatched,
  ShipmentPacked,
  ShipmentPlanned,
} from '#contracts';
import type { Amount } from '#kernel';

export type ShipmentEvent =
  | DecidedOf<typeof ShipmentPlanned>
  | DecidedOf<typeof ShipmentPacked>
  | DecidedOf<typeof DispatchAbandoned>
  | DecidedOf<typeof ShipmentDispatched>
  | DecidedOf<typeof ShipmentDelivered>
  | DecidedOf<typeof ShipmentCancelled>
  | DecidedOf<typeof ReturnReceived>;

export interface Line {
  lot: string;
  amount: Amount;
}

/** What is on the truck; without `unit` it is loose. */
export interface Load extends Line {
  unit?: string;
}

export type ShipmentStatus = 'planned' | 'dispatched' | 'delivered' | 'cancelled';

export interface Plan {
  shipment: string;
  from: string;
  consignee: string;
  to?: string;
  due?: string;
  document?: string;
  lines: Line[];
}

export interface PlannedShipment extends Plan {
  status: ShipmentStatus;
  plannedAt: string;
  /** Units packed so far, in order. */
  units: { unit: string; contents: Line[] }[];
  /** The number of the next dispatch, or of the one that was done. */
  attempt: number;
  /** Once dispatched. */
  loads?: Load[];
  dispatchedAt?: string;
  delivered?: { at: string; place?: string; loads: Load[]; document?: string };
  returns: { return: string; at: string; reason: string; lines: (Line & { place: string })[] }[];
  cancelled?: { at: string; reason: string };
}

/** Undefined before it is planned. Plain data, so that a read model keeps it as it is. */
export type Shipment = PlannedShipment | undefined;

export const shipmentStream = (shipment: string): string => `shipment-${shipment}`;

/** The act that inventory issues stock for, and that facts confirm. */
export const shipmentAct = (shipment: string): string => `shipment:${shipment}`;

export const evolve = (shipment: Shipment, event: ShipmentEvent): Shipment => {
  if (event.type === 'ShipmentPlanned')
    return { ...event.data, status: 'planned', plannedAt: event.eventTime, units: [], attempt: 1, returns: [] };
  if (!shipment) return shipment;
  switch (event.type) {
    case 'ShipmentPacked':
      return { ...shipment, units: [...shipment.units, { unit: event.data.unit, contents: event.data.contents }] };
    case 'DispatchAbandoned':
      return { ...shipment, attempt: event.data.attempt + 1 };
    case 'ShipmentDispatched':
      return { ...shipment, status: 'dispatched', loads: event.data.loads, dispatchedAt: event.eventTime };
    case 'ShipmentDelivered': {
      const { place, loads, document } = event.data;
      return {
        ...shipment,
        status: 'delivered',
        delivered: {
          at: event.eventTime,
          loads,
          ...(place !== undefined && { place }),
          ...(document !== undefined && { document }),
        },
      };
    }
    case 'ReturnReceived': {
      const { return: id, reason, lines } = event.data;
      return { ...shipment, returns: [...shipment.returns, { return: id, at: event.eventTime, reason, lines }] };
    }
    case 'ShipmentCancelled':
      return { ...shipment, status: 'cancelled', cancelled: { at: event.eventTime, reason: event.data.reason } };
  }
};
