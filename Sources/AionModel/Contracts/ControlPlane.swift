/// Everything that runs a sharded database: shards, nodes, routing and leadership.
public protocol ControlPlane: MetadataReader, MetadataWriter, NodeMembership, ShardResolver,
  ReplicaController
{}
