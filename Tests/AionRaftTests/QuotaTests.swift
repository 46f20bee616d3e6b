import AionModel
import AionRaft
import Testing

@Suite("The quota of uncommitted proposals")
struct QuotaTests {
  @Test("A refused membership change, which became an empty entry, holds none of it")
  func refusedChangeHoldsNothing() throws {
    var replica = try Replica(1, members: .voters(1))
    try replica.core.step(.campaign)
    #expect(replica.settle().isEmpty)
    // It would leave no voter.
    try replica.core.step(.proposeConfiguration(ConfigurationChange(steps: [.remove(1)])))
    #expect(replica.core.status.uncommittedSize == .zero)
    #expect(replica.settle().isEmpty)
    #expect(replica.core.status.uncommittedSize == .zero)
  }
}
