public import AionModel

// A snapshot answers as a control plane does, at its own moment.

extension ClusterSnapshot: MetadataReader {}

extension ClusterSnapshot: ShardResolver {}
