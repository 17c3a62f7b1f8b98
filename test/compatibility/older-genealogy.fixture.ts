import { Controller, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { eventTypes, type RecordedEvent } from '#contracts';
import { bootstrapApp, KeepsReadModel, PlatformModule, ReadModelContext } from '#platform';
import { genealogyProjector } from '../../apps/genealogy/src/read-model/genealogy-projector.js';

/** `older-genealogy.fixture.ts TYPE`: the worker of a release from before there was an event of this type. */
const [unknown = ''] = process.argv.slice(2);
const handles = new Map([...genealogyProjector.handles].filter(([type]) => type !== unknown));
const knows = new Set([...eventTypes].filter((type) => type !== unknown));
const olderProjector = { ...genealogyProjector, handles, knows };

@Controller()
class OlderWorker {
  @KeepsReadModel(olderProjector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return olderProjector.apply(context, events);
  }
}

@Module({ imports: [PlatformModule.forFeature({ name: 'genealogy' })], controllers: [OlderWorker] })
class OlderModule {}

await bootstrapApp(OlderModule, { name: 'genealogy' });
