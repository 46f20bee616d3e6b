public import AionCatalog
public import AionLog
public import AionModel
public import AionWire

/// What a replicated log drives: a function of the commands before it and of nothing else.
///
/// It reads no clock, no chance and no environment; the same commands at the same indices give the
/// same states, outcomes and snapshot records on every replica. The catalog's is `ClusterState`.
public protocol StateMachine: Sendable {
  /// What an entry asks for; decoded once by whoever proposes it.
  associatedtype Command: Sendable
  /// What the proposer is told.
  associatedtype Outcome: Sendable
  /// What those who follow the state are told.
  associatedtype Change: Sendable
  /// The state at one index: never changes, cheap to take, readable by any thread.
  associatedtype View: Sendable

  /// The state before the first entry.
  init()
  init(_ view: View)

  /// - Throws: What makes the bytes no command; a replica that meets them in its log stops.
  static func decode(_ bytes: [UInt8]) throws(WireError) -> Command

  /// Applies the entry at `index`. A command that is refused changes nothing but what the state
  /// remembers of its proposer.
  ///
  /// - Precondition: `index` is above every index applied so far.
  mutating func apply(_ command: Command, at index: LogIndex) -> Result<Outcome, ClusterError>

  /// Passes over an entry that is not for the machine.
  mutating func advance(to index: LogIndex)

  /// What the command that was applied last means for those who follow; nil when it changed
  /// nothing. A refused one may have changed what the state remembers of its proposer.
  func change(
    by command: Command, at index: LogIndex, to outcome: Result<Outcome, ClusterError>
  ) -> Change?

  /// The state as it stands.
  var view: View { get }

  /// What a snapshot says of a state beside its records.
  static func summary(of view: View) -> StateSummary

  /// Hands the records of a state to `write`, a chunk of whole records and their number at a time.
  ///
  /// Elements of repeated fields of one protobuf message; chunks of some hundred kibibytes at most
  /// (`LogLimits.maximumBatch` is the limit). Equal states give equal chunks.
  static func encode(
    _ view: View, write: (_ records: [UInt8], _ count: Int) throws(LogFault) -> Void
  ) throws(LogFault)

  /// Reads a state back from the chunks that `next` gives, until it gives nil.
  ///
  /// - Throws: What `next` throws; `undecodableSnapshot`.
  static func decode(
    at index: LogIndex, next: () throws(NodeFault) -> [UInt8]?
  ) throws(NodeFault) -> View
}

/// What a snapshot says of a state beside its records.
public struct StateSummary: Hashable, Sendable {
  /// Equal states have equal digests, and states that differ have different ones.
  public var digest: SnapshotDigest
  public var catalogVersion: CatalogVersion
  /// For people.
  public var counts: [SnapshotDescription.RecordCount]

  public init(
    digest: SnapshotDigest, catalogVersion: CatalogVersion = .zero,
    counts: [SnapshotDescription.RecordCount] = []
  ) {
    self.digest = digest
    self.catalogVersion = catalogVersion
    self.counts = counts
  }
}

// MARK: - The catalog

/// A replica of the catalog.
public typealias CatalogNode<Directory: LogDirectory> = Node<Directory, ClusterState>
/// What follows from what such a replica was given.
public typealias CatalogEffects = Effects<ClusterState>

extension ClusterState: StateMachine {
  public init() { self.init(ClusterSnapshot()) }

  public static func decode(_ bytes: [UInt8]) throws(WireError) -> CommandBatch {
    try CommandBatch(decoding: bytes)
  }

  public var view: ClusterSnapshot { snapshot }

  public static func summary(of view: ClusterSnapshot) -> StateSummary {
    StateSummary(
      digest: SnapshotDigest(rawValue: view.digest.rawValue), catalogVersion: view.catalogVersion,
      counts: [
        .init("databases", view.databases().count), .init("roles", view.roles().count),
        .init("nodes", view.nodes().count), .init("shards", view.shardCount),
      ])
  }

  private static var chunkLength: Int { 256 << 10 }

  public static func encode(
    _ view: ClusterSnapshot, write: ([UInt8], Int) throws(LogFault) -> Void
  ) throws(LogFault) {
    var encoder = SnapshotEncoder(view)
    var chunk = WireWriter(reservingCapacity: chunkLength * 2)
    var written = 0
    while encoder.fill(&chunk, upTo: chunkLength) {
      try write(chunk.bytes, encoder.recordCount - written)
      written = encoder.recordCount
      chunk.removeAll()
    }
  }

  public static func decode(
    at index: LogIndex, next: () throws(NodeFault) -> [UInt8]?
  ) throws(NodeFault) -> ClusterSnapshot {
    var decoder = SnapshotDecoder()
    while let chunk = try next() {
      do throws(WireError) { try decoder.read(chunk) } catch {
        throw .undecodableSnapshot(at: index, error)
      }
    }
    do throws(WireError) { return try decoder.finish(appliedThrough: index) } catch {
      throw .undecodableSnapshot(at: index, error)
    }
  }
}
