import { startRedis } from '../../deploy/local/index.js';

/** Owns a Redis until it is told to end, or is killed: `owner.fixture.ts DIR`. */
const server = await startRedis({ directory: process.argv[2] ?? '' });
process.stdout.write(`redis ${server.pid() ?? ''} ${server.url}\n`);
const hold = setInterval(() => undefined, 1_000);
process.once('SIGTERM', () => {
  clearInterval(hold);
  void server.close();
});
