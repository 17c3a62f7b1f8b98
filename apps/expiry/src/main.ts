import { bootstrapApp } from '#platform';
import { ExpiryModule } from './expiry.module.js';

await bootstrapApp(ExpiryModule, { name: 'expiry' });
