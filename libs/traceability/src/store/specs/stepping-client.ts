import type { PoolClient } from 'pg';

export interface Stepping {
  client: PoolClient;
  /** Resolves when the n-th statement is about to be sent. */
  stopped: Promise<void>;
  goOn(): void;
}

/** A client that stops once, before its n-th statement (from 1), until it is told to go on. */
export const steppingClient = (client: PoolClient, n: number): Stepping => {
  let arrive: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (arrive = resolve));
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  let sent = 0;
  const query = async (...statement: unknown[]): Promise<unknown> => {
    sent += 1;
    if (sent === n) {
      arrive();
      await gate;
    }
    return (client.query as (...of: unknown[]) => Promise<unknown>).apply(client, statement);
  };
  return {
    client: new Proxy(client, {
      get: (target, name, receiver): unknown => (name === 'query' ? query : Reflect.get(target, name, receiver)),
    }),
    stopped,
    goOn: () => goOn(),
  };
};
