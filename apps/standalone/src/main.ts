import { bootstrapApp } from '#platform';
import { StandaloneModule } from './standalone.module.js';

await bootstrapApp(StandaloneModule, { name: 'standalone' });
