import AionCluster
import CrashRig
import Testing

@Suite("What the crash rig notices")
struct LedgerTests {
  private let log = InMemoryLog()

  private func write(task: Int, _ sequence: UInt64) throws -> Acknowledgement {
    let applied = try log.propose(CrashWorkload.batch(task: task, sequence: sequence))
    return Acknowledgement(task: task, sequence: sequence, index: applied.index)
  }

  /// What the ledger finds broken.
  private func failure(of ledger: Ledger, tasks: Int = 1) -> CrashFailure? {
    var ledger = ledger
    do {
      _ = try ledger.reconcile(with: log.snapshot(), tasks: tasks)
      return nil
    } catch {
      return error as? CrashFailure
    }
  }

  @Test("All is well: what was acknowledged is there, and at most one write more")
  func allIsWell() throws {
    var ledger = Ledger()
    ledger.record([try write(task: 0, 1), try write(task: 1, 1)])
    _ = try write(task: 1, 2)
    #expect(try ledger.reconcile(with: log.snapshot(), tasks: 3) == 1)
    #expect(try ledger.reconcile(with: log.snapshot(), tasks: 3) == 0)
  }

  @Test("A write that was acknowledged and is not there")
  func lostWrite() throws {
    var ledger = Ledger()
    let first = try write(task: 0, 1)
    ledger.record([first, Acknowledgement(task: 0, sequence: 2, index: first.index)])
    guard case .lostWrite(0, 2, 1)? = failure(of: ledger) else {
      Issue.record("the lost write was not noticed")
      return
    }
  }

  @Test("More writes than can have been under way")
  func inventedWrite() throws {
    var ledger = Ledger()
    ledger.record([try write(task: 0, 1)])
    _ = try write(task: 0, 3)
    guard case .inventedWrite(0, 1, 3)? = failure(of: ledger) else {
      Issue.record("the invented write was not noticed")
      return
    }
  }

  @Test("A batch of which only a part is there")
  func tornBatch() throws {
    var ledger = Ledger()
    ledger.record([try write(task: 0, 1)])
    let half = try CrashWorkload.batch(task: 0, sequence: 2).commands.prefix(1)
    _ = try log.propose(CommandBatch(Array(half)))
    guard case .tornBatch(0, _)? = failure(of: ledger) else {
      Issue.record("the torn batch was not noticed")
      return
    }
  }

  @Test("A catalog whose version went back")
  func versionWentBack() throws {
    var ledger = Ledger()
    var acknowledgement = try write(task: 0, 1)
    acknowledgement.index = 1_000
    ledger.record([acknowledgement])
    guard case .versionWentBack(1_000, _)? = failure(of: ledger) else {
      Issue.record("the older version was not noticed")
      return
    }
  }
}
