import { epcisEvent, type EpcisEvent } from './reports/epcis.js';
import { nativeEvent, type NativeEvent } from './reports/native.js';
import type { Act } from './reports/act.js';
import type { World } from './world/world.js';

/** What is sent: a native fact to `POST /events`, or an EPCIS event in a document to `POST /epcis/capture`. */
export type Sent = { form: 'native'; event: NativeEvent } | { form: 'epcis'; event: EpcisEvent };

/** An act in the form its reporter writes. */
export const eventOf = (world: World, act: Act): Sent =>
  act.form === 'native'
    ? { form: 'native', event: nativeEvent(world, act) }
    : { form: 'epcis', event: epcisEvent(world, act) };
