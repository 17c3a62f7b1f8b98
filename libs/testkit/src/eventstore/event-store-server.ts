import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { type Metadata, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { type ClusterNode, clusterInfo, supportedMethods } from './describe-cluster.js';
import { appendResponse, batchResponse, type IncomingAppend, incomingAppend, incomingBatch } from './serve-append.js';
import { type ReadCall, type ServedSubscription, serveRead, serveSubscription } from './serve-read.js';
import { type AppendOutcome, createStoredRecords, type StoredRecord, type StoredRecords } from './stored-records.js';
import { notLeader, notReady, tooLarge, tooSlow, unauthenticated } from './trouble.js';

export interface EventStoreServerOptions {
  /** Default: any free one. */
  port?: number;
  /** Another node of the same cluster: this one holds the same records and follows it. */
  follows?: EventStoreServer;
  /** Speak TLS only, with this certificate and key (PEM). */
  tls?: { certificate: string; key: string };
  /** The only ones that are let in. The client sends credentials over TLS only. */
  credentials?: { username: string; password: string };
  /** Bytes of one append, default 1 MB as EventStoreDB's. */
  maxAppendSize?: number;
}

export interface EventStoreServer {
  readonly port: number;
  /** `esdb://127.0.0.1:…?tls=false`; for TLS or a cluster put together your own. */
  readonly url: string;
  /** Everything that is stored, in order. */
  readonly records: readonly StoredRecord[];
  readonly subscriptions: ReadonlySet<ServedSubscription>;
  /** Names of the calls that were answered, in order. */
  readonly calls: readonly string[];
  /** Writes as somebody else would who uses the same server: system events, links, other applications. */
  write(stream: string, type: string, count?: number): void;
  /** Puts an earlier copy of `records` back, as a restored backup does; connections are cut. */
  restore(copy: readonly StoredRecord[]): void;
  /** Cuts every connection. */
  dropConnections(): void;
  /** Ends every subscription without an error, as an orderly stop does. */
  endSubscriptions(): void;
  /** Fails every subscription as too slow. */
  failSubscriptions(): void;
  /** Answers every call with UNAVAILABLE, or no longer. */
  setReady(ready: boolean): void;
  /** Applies the next append to such a stream, then loses the connection in place of the answer. */
  loseNextAnswer(stream: RegExp): void;
  /**
   * Lets somebody else write into the stream right before the next append to it: its last record again, under another id, so
   * that who reads it finds what he expects there.
   */
  overtakeNextAppend(stream: RegExp): void;
  /** Keeps the answer of the next append to such a stream until the function that it resolves with is called. */
  holdNextAppend(stream: RegExp): Promise<() => void>;
  /** Milliseconds by which the clock that stamps records is off from now on. */
  moveClock(ms: number): void;
  /** Makes another node the leader: this one answers what needs a leader with not-leader and the other's address. */
  follow(leader: EventStoreServer): void;
  lead(): void;
  close(): Promise<void>;
}

interface Cluster {
  records: StoredRecords;
  nodes: Set<ClusterNode>;
}

const clusters = new WeakMap<EventStoreServer, Cluster>();
const MEGABYTE = 1024 * 1024;
const HOST = '127.0.0.1';

/**
 * A small server that speaks EventStoreDB's gRPC protocol on loopback, by the messages generated for the client: append,
 * batch append, read of a stream and of `$all` both ways, subscription to `$all` with filter and checkpoints, server
 * features, gossip; and that fails on demand in the ways a test asks for.
 *
 * It is no EventStoreDB. It keeps records in memory, has no access control beyond one login, no projections, no links, no
 * scavenging, no replication and no disk; a cluster of it is several ports on one memory. It was written from the protocol
 * and from what is documented of the server's behaviour. So a test against it proves that the client is wired and used
 * rightly, and nothing about a real server: that is what LOTLINE_TEST_EVENTSTORE_URL is for.
 */
export const startEventStoreServer = async (options: EventStoreServerOptions = {}): Promise<EventStoreServer> => {
  const cluster: Cluster = (options.follows && clusters.get(options.follows)) ?? {
    records: createStoredRecords(),
    nodes: new Set(),
  };
  const { records } = cluster;
  const maxAppendSize = options.maxAppendSize ?? MEGABYTE;
  const subscriptions = new Set<ServedSubscription>();
  const sockets = new Set<Socket>();
  const calls: string[] = [];
  const node: ClusterNode = { host: HOST, port: 0, isLeader: options.follows === undefined };
  let isReady = true;
  let answerToLose: RegExp | undefined;
  let toOvertake: RegExp | undefined;
  let toHold: { stream: RegExp; reached: (release: () => void) => void } | undefined;

  const login =
    options.credentials &&
    `Basic ${Buffer.from(`${options.credentials.username}:${options.credentials.password}`).toString('base64')}`;

  const refusal = (name: string, metadata: Metadata): ServiceError | undefined => {
    calls.push(name);
    if (!isReady) return notReady();
    if (login !== undefined && metadata.get('authorization')[0] !== login) return unauthenticated();
    if (node.isLeader || metadata.get('requires-leader')[0] !== 'true') return undefined;
    const leader = [...cluster.nodes].find((one) => one.isLeader);
    return leader ? notLeader(leader) : notReady();
  };

  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  const write = (stream: string, type: string, count = 1): void => {
    for (let i = 0; i < count; i += 1)
      records.append(
        stream,
        [
          {
            id: crypto.randomUUID(),
            type,
            contentType: 'application/json',
            data: Buffer.from('{"by":"somebody else"}'),
            metadata: Buffer.alloc(0),
          },
        ],
        'any',
      );
  };

  /** @returns undefined where the answer gets lost. */
  const apply = async ({ stream, records: proposed, expected }: IncomingAppend): Promise<AppendOutcome | undefined> => {
    if (toOvertake?.test(stream)) {
      toOvertake = undefined;
      const last = records.stream(stream)?.at(-1);
      if (last) records.append(stream, [{ ...last, id: crypto.randomUUID() }], 'any');
      else write(stream, 'Overtaking');
    }
    const outcome = records.append(stream, proposed, expected);
    if (toHold?.stream.test(stream)) {
      const { reached } = toHold;
      toHold = undefined;
      await new Promise<void>((release) => reached(release));
    }
    if (!answerToLose?.test(stream)) return outcome;
    answerToLose = undefined;
    dropConnections();
    return undefined;
  };

  const sizeOf = ({ records: proposed }: IncomingAppend): number =>
    proposed.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + type.length, 0);

  const server = new Server({ 'grpc.max_receive_message_length': 17 * MEGABYTE });
  server.addService(streamsGrpc.StreamsService, {
    read: (call: ReadCall) => {
      const subscribes = call.request.getOptions()!.hasSubscription();
      const refused = refusal(subscribes ? 'subscribe' : 'read', call.metadata);
      if (refused) call.emit('error', refused);
      else void (subscribes ? serveSubscription(call, records, subscriptions) : serveRead(call, records));
    },
    append: (call: any, callback: (error: ServiceError | null, response?: unknown) => void) => {
      const requests: AppendReq[] = [];
      call.on('error', () => undefined);
      call.on('data', (request: AppendReq) => requests.push(request));
      call.on('end', async () => {
        const refused = refusal('append', call.metadata);
        if (refused) {
          callback(refused);
          return;
        }
        const incoming = incomingAppend(requests);
        if (sizeOf(incoming) > maxAppendSize) {
          callback(tooLarge(maxAppendSize));
          return;
        }
        const outcome = await apply(incoming);
        if (outcome) callback(null, appendResponse(outcome));
      });
    },
    batchAppend: (call: any) => {
      const open = new Map<string, BatchAppendReq[]>();
      const refused = refusal('batchAppend', call.metadata);
      call.on('error', () => undefined);
      if (refused) return call.emit('error', refused);
      call.on('data', async (request: BatchAppendReq) => {
        const correlation = request.getCorrelationId()!;
        const id = correlation.getString();
        open.set(id, [...(open.get(id) ?? []), request]);
        if (!request.getIsFinal()) return;
        const incoming = incomingBatch(open.get(id)!);
        open.delete(id);
        const outcome =
          sizeOf(incoming) > maxAppendSize ? ({ ok: false, tooLarge: maxAppendSize } as const) : await apply(incoming);
        if (outcome) call.write(batchResponse(correlation, incoming, outcome));
      });
      call.on('end', () => call.end());
    },
    delete: (_: unknown, callback: (error: ServiceError) => void) => {
      callback(notReady());
    },
    tombstone: (_: unknown, callback: (error: ServiceError) => void) => {
      callback(notReady());
    },
  });
  server.addService(featuresGrpc.ServerFeaturesService, {
    getSupportedMethods: (call: any, callback: (error: ServiceError | null, response?: unknown) => void) => {
      const refused = refusal('getSupportedMethods', call.metadata);
      if (refused) {
        callback(refused);
        return;
      }
      callback(null, supportedMethods());
    },
  });
  server.addService(gossipGrpc.GossipService, {
    read: (call: any, callback: (error: ServiceError | null, response?: unknown) => void) => {
      if (!isReady) {
        callback(notReady());
        return;
      }
      callback(null, clusterInfo(cluster.nodes));
    },
  });

  const credentials = options.tls
    ? ServerCredentials.createSsl(null, [
        { private_key: Buffer.from(options.tls.key), cert_chain: Buffer.from(options.tls.certificate) },
      ])
    : ServerCredentials.createInsecure();
  const injector = server.createConnectionInjector(credentials);
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    injector.injectConnection(socket);
  });
  listener.listen(options.port ?? 0, HOST);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  node.port = port;
  cluster.nodes.add(node);

  const lead = (): void => {
    for (const one of cluster.nodes) one.isLeader = one === node;
  };
  const started: EventStoreServer = {
    port,
    url: `esdb://${HOST}:${port}?tls=${options.tls ? 'true' : 'false'}`,
    records: records.all,
    subscriptions,
    calls,
    write,
    restore: (copy) => {
      dropConnections();
      records.restore(copy);
    },
    dropConnections,
    endSubscriptions: () => {
      for (const subscription of [...subscriptions]) subscription.end();
    },
    failSubscriptions: () => {
      for (const subscription of [...subscriptions]) subscription.fail(tooSlow());
    },
    setReady: (ready) => {
      isReady = ready;
    },
    loseNextAnswer: (stream) => {
      answerToLose = stream;
    },
    overtakeNextAppend: (stream) => {
      toOvertake = stream;
    },
    holdNextAppend: (stream) =>
      new Promise((reached) => {
        toHold = { stream, reached };
      }),
    moveClock: (ms) => records.moveClock(ms),
    follow: (leader) => leader.lead(),
    lead,
    close: async () => {
      cluster.nodes.delete(node);
      dropConnections();
      listener.close();
      await once(listener, 'close');
      server.forceShutdown();
    },
  };
  clusters.set(started, cluster);
  return started;
};
