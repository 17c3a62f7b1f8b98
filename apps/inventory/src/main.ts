import { bootstrapApp } from '#platform';
import { InventoryModule } from './inventory.module.js';

await bootstrapApp(InventoryModule, { name: 'inventory' });
