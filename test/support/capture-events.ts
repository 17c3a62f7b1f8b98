import { documentOf } from './plant-load.js';
import { type Api, until } from './start-standalone.js';

/**
 * Captures a document of these events and waits for its job.
 * @returns the log position of what it recorded last.
 * @throws where the document or one of its events is refused.
 */
export const captureEvents = async (api: Api, events: readonly object[]): Promise<string> => {
  const { status, headers } = await api('POST', '/epcis/capture', { body: documentOf(events) });
  if (status !== 202) throw new Error(`capture answered ${status}`);
  let position = '';
  await until('the capture job is finished', async () => {
    const { body, headers: told } = await api('GET', headers.location ?? '');
    if (body.errors.length > 0) throw new Error(JSON.stringify(body.errors));
    position = told['x-log-position'] ?? '';
    return body.running === false;
  });
  return position;
};
