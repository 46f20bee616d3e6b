package import AionRaft

extension Node {
  /// The core as it stands, for whoever checks what a replica does and decides nothing by it.
  package var core: RaftCore { raft }
}
