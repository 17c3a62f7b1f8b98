import { type Client, eventually, expectStatus } from './client.js';
import { amountText, heading, nameOf, table } from './words.js';

/** Opens a case on the lot, shows what it holds and whom it concerns, tries to dispatch all the same, and closes it. */
export const tellRecall = async (
  client: Client,
  lot: string,
  position: string,
  say: (text: string) => void,
): Promise<void> => {
  say(heading(`6. Recall of ${nameOf(lot)}`));
  const opened = expectStatus(
    await client.post('/recalls/cases', { reason: 'contamination found', suspects: [{ lot }] }),
    201,
  );
  const path = `/recalls/cases/${encodeURIComponent(opened.body.case)}`;
  const { body: found } = await eventually(
    'the stock in scope is held',
    () => client.get(path, { minPosition: opened.headers.get('x-log-position') ?? position }),
    ({ status, body }) => status === 200 && body.scope.length > 0 && body.stock.every((s: any) => s.held),
  );
  say(`  Case ${found.case}: ${found.scope.length} lots in scope`);
  say(table(found.scope.map((l: any) => ['', nameOf(l.lot), l.suspect ? 'suspect' : 'made of it'])));
  say('\n  Stock held:');
  say(table(found.stock.map((s: any) => ['', amountText(s.amount), nameOf(s.lot), `at ${nameOf(s.place)}`])));
  say('\n  Consignees to be told:');
  say(
    table(
      found.consignees.flatMap((c: any) =>
        c.lots.map((l: any) => [
          '',
          nameOf(c.party),
          `${amountText(l.amount)} ${nameOf(l.lot)}`,
          c.inferred ? 'inferred: no shipment recorded' : '',
        ]),
      ),
    ),
  );

  const [held] = found.stock.slice(-1);
  if (held) {
    say(`\n  Somebody tries to dispatch ${amountText(held.amount)} of ${nameOf(held.lot)} from ${nameOf(held.place)}:`);
    const planned = expectStatus(
      await client.post('/shipping/shipments', {
        from: held.place,
        consignee: 'urn:example:party:somebody',
        lines: [{ lot: held.lot, amount: held.amount }],
      }),
      201,
    );
    const refused = expectStatus(await client.post(`/shipping/shipments/${planned.body.shipment}/dispatch`, {}), 422);
    say(`  ${refused.status} ${refused.body.title}`);
    say(table(refused.body.problems.map((p: any) => ['', p.code, p.message])));
  }

  expectStatus(await client.post(`${path}/close`, { reason: 'end of the demonstration' }), 200, 201);
  say('\n  Case closed by decision; its holds are lifted.');
};
