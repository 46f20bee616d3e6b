import AionModel
import AionRaft

extension Membership {
  /// Voters, those of a configuration that is being left, and learners; by ascending id.
  var everyone: [ReplicaID] { Set(voters + outgoingVoters + learners).sorted() }
}
