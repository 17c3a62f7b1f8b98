import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** @returns whether the port of the loopback interface could be bound just now. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/**
 * Systems give outgoing connections, and listeners that ask for any port, one from 32,768 on (Linux; others higher). A port
 * from there would be taken by some connection while its owner is down, and the owner could not start again.
 */
const FROM = 10_000;
const BELOW = 32_768;
const TRIES = 1_000;

/** A port that nobody has now, and that nobody is given who asks for none in particular. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FROM, BELOW);
    if (await isFree(port)) return port;
  }
  throw new Error(`${TRIES} ports from ${FROM} to ${BELOW - 1} were tried and all are taken`);
};
