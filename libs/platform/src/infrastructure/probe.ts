/** Rejects where a server is away. */
export type Probe = () => Promise<unknown>;

/** By the name that `/health/ready` and the metrics use. */
export type Probes = Readonly<Record<string, Probe>>;
