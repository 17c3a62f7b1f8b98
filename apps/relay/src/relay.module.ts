import { Module } from '@nestjs/common';
import { PlatformModule } from '#platform';
import { relayMigrations } from './lease/migrations.js';
import { RunningRelay } from './running-relay.js';

/** The one publisher of the log to Kafka; a second process stands by. */
@Module({
  imports: [PlatformModule.forFeature({ name: 'relay', migrations: relayMigrations, needsBroker: true })],
  providers: [RunningRelay],
})
export class RelayModule {}
