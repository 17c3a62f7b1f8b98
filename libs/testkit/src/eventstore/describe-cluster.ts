import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { uuidOf } from './messages.js';

export interface ClusterNode {
  host: string;
  port: number;
  isLeader: boolean;
}

/** What the server can do: the methods that it serves. */
export const supportedMethods = (): features.SupportedMethods => {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion('0.0.0-testkit');
  for (const name of ['read', 'append', 'batchappend']) {
    const method = new features.SupportedMethod();
    method.setServiceName('event_store.client.streams.streams');
    method.setMethodName(name);
    supported.addMethods(method);
  }
  return supported;
};

/** Who is in the cluster, as a client asks that looks for a node. */
export const clusterInfo = (nodes: Iterable<ClusterNode>): gossip.ClusterInfo => {
  const info = new gossip.ClusterInfo();
  for (const { host, port, isLeader } of nodes) {
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress(host);
    endpoint.setPort(port);
    const member = new gossip.MemberInfo();
    member.setInstanceId(uuidOf(crypto.randomUUID()));
    member.setIsAlive(true);
    member.setState(isLeader ? gossip.MemberInfo.VNodeState.LEADER : gossip.MemberInfo.VNodeState.FOLLOWER);
    member.setHttpEndPoint(endpoint);
    info.addMembers(member);
  }
  return info;
};
