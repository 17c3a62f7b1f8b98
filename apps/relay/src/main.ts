import { bootstrapApp } from '#platform';
import { RelayModule } from './relay.module.js';

await bootstrapApp(RelayModule, { name: 'relay' });
