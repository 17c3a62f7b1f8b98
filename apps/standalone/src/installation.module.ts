import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { relayMigrations } from '../../relay/src/lease/migrations.js';
import { StandaloneModule } from './standalone.module.js';

/** All that an installation may run, in one process or in many: what `lotline migrate` makes tables for. */
@Module({
  imports: [StandaloneModule, PlatformModule.forFeature({ name: 'relay', migrations: relayMigrations })],
})
export class InstallationModule {}
