import AionLog
import AionModel
import AionRaft
import Testing

@Suite("The files of a log")
struct SegmentFileTests {
  private let attack: Attack

  init() throws { attack = try Attack(batches: 400) }

  @Test("Checklist 63: a missing segment is refused, named by the one that follows it")
  func missing() throws {
    let segments = attack.segments
    #expect(segments.count >= 4)
    for (place, path) in segments.enumerated().dropLast() {
      let outcome = try attack.opening { $0.removeFile(at: path) }
      let damage = try #require(outcome.damage, "\(outcome.summary)")
      #expect("/" + damage.file == segments[place + 1])
      let name = String(path.dropFirst("/log/".count))
      let isFirst = place == 0
      #expect(
        damage.finding
          == (isFirst
            ? .doesNotConnect(snapshot: 0, logBegins: damage.indexOfFile)
            : .segmentMissing(named: name)))
    }
  }

  @Test("Checklist 63: a segment that is there twice is refused")
  func duplicate() throws {
    let bytes = try attack.contents(of: attack.segments[1])
    let copy = "/log/00000000000000009999.log"
    let outcome = try attack.opening { $0.setContents(of: copy, to: bytes) }
    let damage = try #require(outcome.damage, "\(outcome.summary)")
    #expect("/" + damage.file == copy || "/" + damage.file == attack.segments.last)
  }

  @Test("Checklist 63: a segment of another run, overlapping in indexes, is refused")
  func overlap() throws {
    var limits = LogWorld.limits
    limits.segmentSize = .kibibytes(7)
    let other = try Attack(limits: limits, batches: 400)
    let bytes = try other.contents(of: other.segments[2])
    let path = other.segments[2]
    #expect(!attack.segments.contains(path))
    let outcome = try attack.opening { $0.setContents(of: path, to: bytes) }
    #expect(outcome.damage != nil, "\(outcome.summary)")
  }

  @Test("Checklist 70: a segment of another cluster is refused, and one of another replica")
  func foreign() throws {
    let path = attack.segments[1]
    for identity in [
      LogIdentity(cluster: 9, replica: 1, nodeName: "node-a"),
      LogIdentity(cluster: LogWorld.identity.cluster, replica: 2, nodeName: "node-b"),
    ] {
      let directory = InMemoryLogDirectory()
      let (log, _) = try LogWorld.open(directory, as: identity)
      for entry in attack.entries { try log.write([entry]) }
      let bytes = try #require(directory.disk.contents(of: path))
      let outcome = try attack.opening { $0.setContents(of: path, to: bytes) }
      let damage = try #require(outcome.damage, "\(outcome.summary)")
      #expect("/" + damage.file == path)
      #expect(["foreignCluster", "foreignReplica"].contains(damage.finding.code))
    }
  }

  @Test("Checklist 70: a directory of another cluster is refused, naming both")
  func foreignDirectory() throws {
    var other = LogWorld.identity
    other.cluster = 77
    let expected = LogDamage.Finding.foreignCluster(
      found: LogWorld.identity.cluster, expected: 77)
    #expect {
      _ = try LogWorld.open(attack.disk.copy().root, as: other)
    } throws: { error in
      guard case .damaged(let damage) = error as? LogFault else { return false }
      return damage.finding == expected && damage.file == "identity"
    }
  }

  @Test("Log files without an identity are refused")
  func withoutIdentity() throws {
    let outcome = try attack.opening {
      $0.removeFile(at: "/identity")
      $0.removeFile(at: "/identity.copy")
    }
    #expect(outcome.damage?.finding == .identityMissing, "\(outcome.summary)")
  }

  @Test("An identity without a record of its group is refused: it would be another life of it")
  func withoutGroup() throws {
    let disk = attack.disk.copy()
    let beginning = GroupRecord(incarnation: 7, founders: [1, 2, 3])
    #expect {
      _ = try Log.open(disk.root, as: LogWorld.identity, beginning: beginning, successor: 8)
    } throws: { error in
      guard case .damaged(let damage) = error as? LogFault else { return false }
      return damage.finding == .groupMissing && damage.file == "group"
    }
  }

  @Test(
    "Checklist 76: a log whose files are gone while a snapshot is there is refused, not begun anew")
  func allSegmentsMissing() throws {
    let disk = attack.disk.copy()
    let (log, _) = try LogWorld.open(disk.root)
    let writer = try log.snapshots.write(
      SnapshotDescription(
        metadata: SnapshotMetadata(
          position: LogPosition(term: 1, index: 9), membership: Membership(voters: [1])),
        catalogVersion: 9))
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
    let copy = disk.copy()
    for path in attack.segments { copy.removeFile(at: path) }
    let outcome = Outcome(of: copy)
    #expect(outcome.damage?.finding.code == "segmentMissing", "\(outcome.summary)")
    #expect(log.last.index == 403)
  }

  @Test("Checklist 65: unknown files and folders are ignored, our own leftovers removed")
  func unknownFiles() throws {
    let disk = attack.disk.copy()
    let zeros = String(repeating: "0", count: 20)
    _ = try disk.root.directory("lost+found", creating: true)
    _ = try disk.root.directory("log", creating: false).directory("lost+found", creating: true)
    _ = try disk.root.directory("log", creating: false).directory("folder.tmp", creating: true)
    let ours = ["/identity.tmp", "/log/next.tmp", "/log/ahead.tmp", "/snapshots/\(zeros).snap.tmp"]
    for path in ours + ["/log/README", "/log/1.log", "/snapshots/notes", "/x.tmp"] {
      disk.setContents(of: path, to: [1, 2, 3])
    }
    let outcome = Outcome(of: disk)
    #expect(outcome.recovered?.entries == attack.entries, "\(outcome.summary)")
    #expect(outcome.recovered?.report.leftovers.count == 4)
    for path in ours { #expect(disk.contents(of: path) == nil) }
    #expect(disk.contents(of: "/x.tmp") == [1, 2, 3])
    #expect(disk.contents(of: "/log/README") == [1, 2, 3])
  }

  @Test("A segment that is cut, sealed or not, while another follows is damage")
  func cutInTheMiddle() throws {
    let path = attack.segments[1]
    let bytes = try attack.contents(of: path)
    for length in stride(from: 0, to: bytes.count, by: 97) {
      let outcome = try attack.opening { $0.setContents(of: path, to: Array(bytes.prefix(length))) }
      #expect(outcome.damage.map { "/" + $0.file } == path, "\(length): \(outcome.summary)")
    }
  }

  @Test("Bytes after a seal are damage")
  func bytesAfterSeal() throws {
    let path = attack.segments[0]
    let bytes = try attack.contents(of: path)
    for extra: [UInt8] in [[1], [0]] {
      let outcome = try attack.opening { $0.setContents(of: path, to: bytes + extra) }
      #expect(outcome.damage?.finding == .bytesAfterSeal, "\(outcome.summary)")
    }
  }

  @Test("Names stay in the order of writing when an overwrite goes back over a whole segment")
  func namesAfterOverwrite() throws {
    let directory = InMemoryLogDirectory()
    do {
      let (log, _) = try LogWorld.open(directory)
      for index in UInt64(1)...150 { try log.write([LogWorld.entry(index, size: 100)]) }
      for round in UInt64(2)...40 {
        try log.write(LogWorld.entries(10...40, term: round, size: 100))
      }
      for index in UInt64(41)...90 { try log.write([LogWorld.entry(index, term: 40)]) }
    }
    let (log, recovered) = try LogWorld.open(directory)
    #expect(
      recovered.entries == LogWorld.entries(1...9, size: 100)
        + LogWorld.entries(10...40, term: 40, size: 100) + LogWorld.entries(41...90, term: 40))
    #expect(log.last == LogPosition(term: 40, index: 90))
  }
}

extension LogDamage {
  /// The first index of a segment, from its name.
  var indexOfFile: LogIndex {
    LogIndex(UInt64(file.dropFirst("log/".count).prefix(20)) ?? 0)
  }
}
