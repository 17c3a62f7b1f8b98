/**
 * How a log's streams are called in EventStoreDB. Everything of a log begins with its name, so that one server can hold
 * several logs and other things beside; only events of the log itself stand under `{name}/`, which is what the server
 * filters `$all` by.
 */
export interface Names {
  /** What all streams of events begin with. */
  readonly prefix: string;
  /** Holds the log's id and its epochs. */
  readonly identity: string;
  ofStream(stream: string): string;
  /** @returns the log's own name of a stream; undefined for what is none of its streams of events. */
  toStream(name: string): string | undefined;
  /** Says where the event of an id stands. */
  ofId(id: string): string;
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** @throws TypeError where the name is not lower-case letters, digits and underscores. */
export const namesOf = (log: string): Names => {
  if (!NAME.test(log)) throw new TypeError(`not a name for a log: ${JSON.stringify(log)}`);
  const prefix = `${log}/`;
  return {
    prefix,
    identity: `${log}-log`,
    ofStream: (stream) => prefix + stream,
    toStream: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined),
    ofId: (id) => `${log}-id-${id}`,
  };
};
