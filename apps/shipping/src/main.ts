import { bootstrapApp } from '#platform';
import { ShippingModule } from './shipping.module.js';

await bootstrapApp(ShippingModule, { name: 'shipping' });
