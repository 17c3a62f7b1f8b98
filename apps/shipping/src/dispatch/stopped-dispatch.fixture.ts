import { randomUUID } from 'node:crypto';
import { createPostgresEventLog } from '#event-log';
import { systemClock } from '#kernel';
import { runInRequest, type ApiResponse, type PublicApi } from '#platform';
import { createDispatcher } from './dispatcher.js';
import { createStockIssues } from './stock-issues.js';

/** A shipping process that stands still right after the stock books issued: what remains is to be killed. */
const [databaseUrl = '', url = '', shipment = ''] = process.argv.slice(2);

const api: PublicApi = {
  request: async <Body>(method: string, path: string, request: { body?: unknown } = {}): Promise<ApiResponse<Body>> => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request.body ?? {}),
    });
    return { status: response.status, headers: {}, body: (await response.json()) as Body };
  },
};
const stock = createStockIssues(api);
const dispatcher = createDispatcher({
  log: createPostgresEventLog({ connectionString: databaseUrl }),
  clock: systemClock,
  stock: {
    ...stock,
    issue: async (request) => {
      const answer = await stock.issue(request);
      process.stdout.write(`${JSON.stringify(answer)}\n`);
      await new Promise(() => undefined);
      return answer;
    },
  },
});
const id = randomUUID();
// Keeps the process alive while it stands still.
setInterval(() => undefined, 60_000);
await runInRequest({ correlationId: id, traceparent: '', commandId: id, eventSeed: id }, () =>
  dispatcher.dispatch(shipment),
);
