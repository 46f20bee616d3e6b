import AionCatalog
import AionCluster
import AionModel
import AionNode
import Testing

@Suite("The callers that wait for the node")
struct WaitingCallersTests {
  private func reply(_ id: SubmissionID) -> Reply<Applied> {
    Reply(id: id, outcome: .failure(.unknownTransaction(TxnID(id.rawValue))))
  }

  /// What a caller that was answered hears.
  private func answer(of caller: Waiter<Applied>) async -> ClusterError? {
    do throws(ClusterError) {
      _ = try await caller.wait { _ in }
      return nil
    } catch {
      return error
    }
  }

  @Test("Each hears the reply with its own id, in whatever order the replies come")
  func ownReply() async {
    var callers = WaitingCallers()
    let waiters = (0..<10).map { _ in Waiter<Applied>() }
    #expect(callers.add(Array(waiters[0..<4])) == 0)
    #expect(callers.add(Array(waiters[4...])) == 4)
    for id in [7, 0, 3, 9, 1, 2, 8, 4, 6, 5] as [SubmissionID] { callers.answer(reply(id)) }
    for (number, waiter) in waiters.enumerated() {
      #expect(await answer(of: waiter) == .unknownTransaction(TxnID(UInt64(number))))
    }
  }

  @Test("Ids go on after answered callers are forgotten, and the room for them stays bounded")
  func bounded() {
    var callers = WaitingCallers()
    var next: SubmissionID = 0
    // One caller is always left waiting, as in a group whose quorum lags.
    for _ in 0..<1_000 {
      let first = callers.add((0..<8).map { _ in Waiter<Applied>() })
      #expect(first == next)
      for offset in 0..<8 as Range<UInt64> where first.rawValue + offset > 0 {
        callers.answer(reply(SubmissionID(first.rawValue + offset - 1)))
      }
      next = SubmissionID(first.rawValue + 8)
      #expect(callers.slotCount <= 32)
    }
  }
}
