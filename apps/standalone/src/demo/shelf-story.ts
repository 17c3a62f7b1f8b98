import { type Client, expectStatus } from './client.js';
import { amountText, heading, nameOf, table } from './words.js';

/** What expires, and what the record cannot explain. */
export const tellExpiry = async (client: Client, position: string, say: (text: string) => void): Promise<void> => {
  const { body } = expectStatus(await client.get('/expiry/lots', { minPosition: position }), 200);
  say(heading('4. What expires?'));
  say(
    body.items.length === 0
      ? '  No date was stated.'
      : table(
          body.items.map((lot: any) => [
            lot.expiry ?? lot.dates?.expiry,
            nameOf(lot.lot),
            lot.stock.length === 0
              ? 'none on hand'
              : lot.stock.map((s: any) => `${amountText(s.amount)} at ${nameOf(s.place)}`).join(', '),
          ]),
        ),
  );
};

export const tellDiscrepancies = async (
  client: Client,
  position: string,
  say: (text: string) => void,
): Promise<void> => {
  const { body } = expectStatus(
    await client.get('/genealogy/discrepancies', { status: 'open', minPosition: position }),
    200,
  );
  say(heading(`5. What does the record not explain? ${body.items.length} things`));
  say(
    table(
      body.items.map((d: any) => [
        d.kind,
        nameOf(d.lot),
        d.amount ? amountText(d.amount) : '',
        d.detail ?? d.explanation ?? '',
      ]),
    ),
  );
};
