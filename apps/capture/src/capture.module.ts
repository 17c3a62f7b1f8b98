import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { CaptureDocumentController } from './features/capture-document/capture-document.controller.js';
import { CaptureEventController } from './features/capture-event/capture-event.controller.js';
import { CaptureFactsController } from './features/capture-facts/capture-facts.controller.js';
import { CaptureJobsController } from './features/capture-jobs/capture-jobs.controller.js';
import { CaptureRecordsController } from './features/capture-records/capture-records.controller.js';
import { ImportTableController } from './features/import-table/import-table.controller.js';
import { ReadEventController } from './features/read-event/read-event.controller.js';
import { JobRunner } from './jobs/job-runner.js';
import { captureMigrations } from './jobs/migrations.js';

/** The door for facts. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'capture', migrations: captureMigrations })],
  controllers: [
    CaptureDocumentController,
    CaptureJobsController,
    CaptureEventController,
    ReadEventController,
    CaptureFactsController,
    ImportTableController,
    CaptureRecordsController,
  ],
  providers: [JobRunner],
})
export class CaptureModule {}
