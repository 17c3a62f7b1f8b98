import { bootstrapApp } from '#platform';
import { ProductionModule } from './production.module.js';

await bootstrapApp(ProductionModule, { name: 'production' });
