import { decided, DeliveryAnnounced, DeliveryCancelled, type DataOf, type DecidedOf } from '#contracts';
import { LotlineError, canonicalJson, notFound, type Decider } from '#kernel';

export type DeliveryEvent = DecidedOf<typeof DeliveryAnnounced> | DecidedOf<typeof DeliveryCancelled>;

export type Announcement = DataOf<typeof DeliveryAnnounced>;

export interface AnnouncedDelivery extends Announcement {
  announcedAt: string;
  cancelled?: { at: string; reason: string };
}

/** Undefined before it is announced. Plain data, so that a read model keeps it as it is. */
export type Delivery = AnnouncedDelivery | undefined;

export type DeliveryCommand = { now: string } & (
  { type: 'announce'; announcement: Announcement } | { type: 'cancel'; delivery: string; reason: string }
);

export const deliveryStream = (delivery: string): string => `delivery-${delivery}`;

export const evolveDelivery = (delivery: Delivery, event: DeliveryEvent): Delivery => {
  switch (event.type) {
    case 'DeliveryAnnounced':
      return { ...event.data, announcedAt: event.eventTime };
    case 'DeliveryCancelled':
      return delivery && { ...delivery, cancelled: { at: event.eventTime, reason: event.data.reason } };
  }
};

/** What came is no part of it: goods at the door are taken whatever was announced, and cancelled is what has not come yet. */
const decide = (command: DeliveryCommand, delivery: Delivery): DeliveryEvent[] => {
  if (command.type === 'cancel') {
    if (!delivery) throw notFound('delivery-unknown', `no delivery ${command.delivery} is expected`);
    const { reason, now } = command;
    return delivery.cancelled ? [] : [decided(DeliveryCancelled, now, { delivery: command.delivery, reason })];
  }
  const { announcement, now } = command;
  if (!delivery) return [decided(DeliveryAnnounced, now, announcement)];
  if (delivery.cancelled)
    throw new LotlineError(
      'conflict',
      'delivery-cancelled',
      `delivery ${announcement.delivery} was cancelled; a new one needs an id of its own`,
    );
  const { announcedAt: _, ...before } = delivery;
  if (canonicalJson(before) === canonicalJson(announcement)) return [];
  throw new LotlineError(
    'conflict',
    'delivery-exists',
    `delivery ${announcement.delivery} was announced with other content`,
  );
};

export const deliveryDecider: Decider<Delivery, DeliveryCommand, DeliveryEvent> = {
  initialState: () => undefined,
  decide,
  evolve: evolveDelivery,
};
