import { bootstrapApp } from '#platform';
import { GenealogyModule } from './genealogy.module.js';

await bootstrapApp(GenealogyModule, { name: 'genealogy' });
