// The file `identity`, one header of variable length (see HeaderFrame for the first 16 bytes).
//
//   offset  size
//       16     4  format version
//       20     4  bytes of the name
//       24    16  cluster id
//       40     8  replica id
//       48        name of the node, UTF-8

public import AionModel

/// Whose data a directory holds; written once.
public struct LogIdentity: Hashable, Sendable {
  public var cluster: ClusterID
  public var replica: ReplicaID
  /// The name that people know the node by; at most 1,024 bytes.
  public var nodeName: String

  public init(cluster: ClusterID, replica: ReplicaID, nodeName: String) {
    self.cluster = cluster
    self.replica = replica
    self.nodeName = nodeName
  }

  static let fileName = "identity"
  static let maximumName = 1024

  public var owner: SegmentHeader.Owner { .init(cluster: cluster, replica: replica) }
}

extension LogIdentity {
  private static let fixedLength = 48

  func encoded() -> [UInt8] {
    let name = Array(nodeName.utf8.prefix(Self.maximumName))
    var bytes = [UInt8](repeating: 0, count: Self.fixedLength) + name
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(FormatVersion.current.rawValue, at: 16)
      buffer.store(UInt32(name.count), at: 20)
      buffer.store(cluster.rawValue, at: 24)
      buffer.store(replica.rawValue, at: 40)
      HeaderFrame.finish(.identity, in: buffer, covered: buffer.count, length: buffer.count)
    }
    return bytes
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) {
    try HeaderFrame.verifyVersioned(bytes, kind: .identity, minimum: Self.fixedLength)
    let count = Int(bytes.load(UInt32.self, at: 20))
    guard Self.fixedLength + count <= bytes.count else { throw .unfinished }
    let name = bytes[Self.fixedLength..<(Self.fixedLength + count)]
    self.init(
      cluster: ClusterID(bytes.load(UInt128.self, at: 24)),
      replica: ReplicaID(bytes.load(UInt64.self, at: 40)),
      nodeName: String(decoding: name, as: UTF8.self))
  }

  /// The identity of the data directory, or nil for one that has none yet.
  ///
  /// - Throws: `damaged` when neither of its two copies holds.
  public static func read(
    from directory: some LogDirectory
  ) throws(LogFault) -> LogIdentity? {
    try kept(in: directory).record
  }

  static func kept(
    in directory: some LogDirectory
  ) throws(LogFault) -> KeptTwice<LogIdentity> {
    try directory.readTwice(fileName) { (bytes) throws(LogDamage.Finding) in
      try LogIdentity(decoding: bytes)
    }
  }

  /// Writes both copies; from the first on the directory has an identity.
  func write(to directory: some LogDirectory) throws(LogFault) {
    try directory.writeTwice(encoded(), as: Self.fileName)
  }
}
