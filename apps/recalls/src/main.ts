import { bootstrapApp } from '#platform';
import { RecallsModule } from './recalls.module.js';

await bootstrapApp(RecallsModule, { name: 'recalls' });
