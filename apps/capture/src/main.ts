import { bootstrapApp } from '#platform';
import { CaptureModule } from './capture.module.js';

await bootstrapApp(CaptureModule, { name: 'capture' });
