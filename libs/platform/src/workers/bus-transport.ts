import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { ProjectionReader } from '#projections';
import type { Infrastructure } from '../infrastructure/infrastructure.js';
import { createConsuming, type Consuming } from './consuming.js';
import { BUS_TRANSPORT } from './handles.js';
import { workOf } from './work.js';

/**
 * Hosts all background work of a process in Nest: what controllers declare with `@KeepsReadModel`, `@ReactsTo` and
 * `@ReceivesFrom`. Nest's own Kafka transport hands over one message at a time and ends its consumer on an error; here a
 * batch is one call, the checkpoint moves in the transaction of its effects, and an error is the engine's to judge.
 */
export class BusTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = BUS_TRANSPORT;
  #consuming: Consuming | undefined;

  constructor(
    private readonly infrastructure: Infrastructure,
    private readonly reader: ProjectionReader,
  ) {
    super();
  }

  override addHandler(
    pattern: string,
    handler: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    if (extras?.declaration === undefined)
      throw new Error(
        `"${pattern}" is handled by @MessagePattern: declare it by @KeepsReadModel, @ReactsTo or @ReceivesFrom`,
      );
    // Nest would put the second in the place of the first.
    if (this.messageHandlers.has(pattern)) throw new Error(`two handlers of one process declare "${pattern}"`);
    super.addHandler(pattern, handler, isEventHandler, extras);
  }

  listen(callback: (error?: unknown) => void): void {
    this.#consuming = createConsuming(this.infrastructure, workOf(this.messageHandlers.values()), this.reader);
    this.#consuming.start().then(() => callback(), callback);
  }

  isWorking(): boolean {
    return this.#consuming?.isWorking() ?? false;
  }

  /** Before other contexts of this process, which reactors and receivers call, can be called no more. */
  async stopReacting(): Promise<void> {
    await this.#consuming?.stopReacting();
  }

  async close(): Promise<void> {
    await this.#consuming?.stop();
  }

  on(): never {
    throw new Error('the bus tells nothing but what it hands to handlers');
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Nest declares it so
  unwrap<T>(): T {
    return this.infrastructure.bus as T;
  }
}
