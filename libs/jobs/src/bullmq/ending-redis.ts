import { Redis, type RedisOptions } from 'ioredis';

/**
 * A client that ends when it is told to, also between two tries to reach its server. ioredis calls off the next try then, and
 * neither says that it has ended nor rejects what waits for the connection: whoever waits for either would do so for ever.
 * Its copies, which BullMQ makes and keeps to itself, end with it.
 */
export class EndingRedis extends Redis {
  override disconnect(reconnect = false): void {
    if (reconnect || this.status !== 'reconnecting') {
      super.disconnect(reconnect);
      return;
    }
    // The next try, within the longest pause, is the last.
    const { retryStrategy } = this.options;
    const last = (): void => super.disconnect();
    this.options.retryStrategy = () => null;
    this.once('connect', last);
    this.once('end', () => {
      this.off('connect', last);
      this.options.retryStrategy = retryStrategy;
    });
  }

  override duplicate(override: Partial<RedisOptions> = {}): EndingRedis {
    const copy = new EndingRedis({ ...this.options, ...override });
    this.once('end', () => copy.disconnect());
    return copy;
  }
}
