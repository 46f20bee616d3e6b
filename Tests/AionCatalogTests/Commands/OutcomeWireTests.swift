import AionCatalog
import AionModel
import AionWire
import ErrorSamples
import StockTools
import Testing

@Suite("Outcomes and refusals as bytes")
struct OutcomeWireTests {
  @Test(
    "Every refusal comes back as it was, with its words and without",
    arguments: ClusterError.samples)
  func refusals(error: ClusterError) throws {
    for inWords in [true, false] {
      #expect(try roundTrip(.failure(error), inWords: inWords) == .failure(error))
    }
  }

  @Test("Every limit, kind of name and operation has a number of its own")
  func numbers() throws {
    for limit in ClusterLimit.allCases {
      let error = ClusterError.limitExceeded(limit, asked: .max, allowed: 0)
      #expect(try roundTrip(.failure(error), inWords: false) == .failure(error))
    }
    for kind in NameKind.allCases {
      let error = ClusterError.invalidName(kind, "x", .empty)
      #expect(try roundTrip(.failure(error), inWords: false) == .failure(error))
    }
    for operation in DatabaseOperation.allCases {
      let error = ClusterError.protectedDatabase(0, operation)
      #expect(try roundTrip(.failure(error), inWords: false) == .failure(error))
    }
  }

  @Test("Every outcome comes back as it was")
  func outcomes() throws {
    let database = DatabaseDescriptor(id: 7, name: "größe", owner: "o", connectionLimit: 0)
    let applied = Applied(
      index: 900, catalogVersion: 900, placementEpoch: 12,
      outcomes: [
        .done, .created(database), .done, .began(0), .allocated(0), .decided(5), .opened(300),
        .done,
      ], hasChanges: true)
    #expect(try roundTrip(.success(applied), inWords: true) == .success(applied))
    let idle = Applied(
      index: 1, catalogVersion: 0, placementEpoch: 0, outcomes: [], hasChanges: false)
    #expect(try roundTrip(.success(idle), inWords: true) == .success(idle))
  }

  @Test("A long batch that is simply done takes a few bytes")
  func length() {
    let applied = Applied(
      index: 9, catalogVersion: 9, placementEpoch: 9,
      outcomes: [CommandOutcome](repeating: .done, count: Limits.commandsPerBatch),
      hasChanges: true)
    #expect(encoded(.success(applied), inWords: false).count < 20)
  }

  @Test("A refusal of a later release still shows its code and its words")
  func later() throws {
    var writer = WireWriter()
    writer.message(2) { error in
      error.alwaysString(1, "0A000")
      error.alwaysString(2, "too new; upgrade")
      error.message(900) { $0.alwaysVarint(1, 1) }
    }
    let told = ClusterError.other(sqlState: "0A000", message: "too new; upgrade")
    #expect(try decoded(writer.bytes) == .failure(told))
    #expect(told.sqlState == "0A000" && told.description == "too new; upgrade [0A000]")
    // A known case with a detail that is not known.
    var detail = WireWriter()
    detail.message(2) { error in
      error.alwaysString(1, "54000")
      error.alwaysString(2, "too much; less")
      error.message(4) { $0.alwaysVarint(1, 77) }
    }
    #expect(
      try decoded(detail.bytes) == .failure(.other(sqlState: "54000", message: "too much; less")))
    var bare = WireWriter()
    bare.message(2) { $0.message(35) { $0.alwaysVarint(55, 1) } }
    guard case .failure(.other("XX000", _)) = try decoded(bare.bytes) else {
      return #expect(Bool(false), "not an unknown error")
    }
  }

  @Test("Without words it does not depend on them")
  func words() {
    for error in ClusterError.samples {
      if case .other = error { continue }
      let bytes = String(decoding: encoded(.failure(error), inWords: false), as: UTF8.self)
      #expect(!bytes.contains(error.message))
    }
  }

  @Test("More outcomes than a batch has commands, or one out of place, are refused")
  func impossible() {
    func refusal(_ body: (inout WireWriter) -> Void) -> WireError.Reason? {
      var writer = WireWriter()
      writer.message(1, body)
      do throws(WireError) {
        _ = try decoded(writer.bytes)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(refusal { $0.alwaysVarint(5, 65_536) } == nil)
    #expect(refusal { $0.alwaysVarint(5, 65_537) } == .valueOutOfRange(field: 5))
    #expect(
      refusal {
        $0.alwaysVarint(5, 1)
        $0.message(6) {
          $0.alwaysVarint(1, 1)
          $0.alwaysVarint(3, 1)
        }
      } == .valueOutOfRange(field: 6))
  }

  @Test("Bytes cut or changed are an error or another outcome, never a trap")
  func damage() throws {
    var generator = SplitMix64(seed: 7)
    for error in ClusterError.samples {
      let bytes = encoded(.failure(error), inWords: true)
      for count in 0..<bytes.count { _ = try? decoded(Array(bytes[..<count])) }
      for _ in 0..<200 {
        var changed = bytes
        changed[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
        guard let outcome = try? decoded(changed) else { continue }
        #expect(try roundTrip(outcome, inWords: true) == outcome)
      }
    }
  }

  @Test("Protocol Buffers' own compiler knows every field of every refusal and outcome")
  func protoc() throws {
    var refusals = WireWriter()
    for (place, error) in ClusterError.samples.enumerated() {
      let key = SessionReplyKey(session: 1, sequence: SequenceNumber(UInt64(place + 1)))
      SessionReply(.failure(error), key: key).encodeField(into: &refusals)
    }
    try check(refusals.bytes, as: "SnapshotFile", in: "snapshot")
    let applied = Applied(
      index: 900, catalogVersion: 900, placementEpoch: 12,
      outcomes: [
        .done, .created(.defaultBootstrap(owner: "o")), .began(1), .allocated(2), .decided(3),
        .opened(4),
      ], hasChanges: true)
    var writer = WireWriter()
    Change(at: 9, batch: CommandBatch(.openSession), outcome: .failure(.outcomeUnknown))
      .encode(into: &writer)
    try check(writer.bytes, as: "Change", in: "outcome")
    writer.removeAll()
    Change(
      at: 900,
      batch: CommandBatch(
        [.openSession], stamp: SessionStamp(session: 1, sequence: 2, answeredBelow: 1)),
      outcome: .success(applied)
    ).encode(into: &writer)
    try check(writer.bytes, as: "Change", in: "outcome")
    var names = NodeNames()
    let change = try WireReader.reading(writer.bytes) { reader throws(WireError) in
      try Change(from: &reader, names: &names)
    }
    #expect(change.outcome == .success(applied))
  }

  private func check(_ bytes: [UInt8], as message: String, in file: String) throws {
    let text = try Protoc.decode(bytes, as: message, in: file)
    #expect(!text.contains(#/^ *[0-9]+[:{ ]/#.anchorsMatchLineEndings()), "\(text)")
    #expect(try Protoc.encode(text, as: message, in: file) == bytes, "\(text)")
  }

  private func encoded(_ outcome: BatchOutcome, inWords: Bool) -> [UInt8] {
    var writer = WireWriter()
    outcome.encode(into: &writer, inWords: inWords)
    return writer.bytes
  }

  private func decoded(_ bytes: [UInt8]) throws(WireError) -> BatchOutcome {
    try WireReader.reading(bytes) { reader throws(WireError) in try BatchOutcome(from: &reader) }
  }

  private func roundTrip(
    _ outcome: BatchOutcome, inWords: Bool
  ) throws(WireError) -> BatchOutcome {
    try decoded(encoded(outcome, inWords: inWords))
  }
}
