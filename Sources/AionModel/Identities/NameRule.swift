/// What a name of a certain kind may be.
public struct NameRule: Sendable {
  public let kind: NameKind
  public let limit: ByteCount

  public static let database = NameRule(kind: .database, limit: Limits.nameLength)
  public static let role = NameRule(kind: .role, limit: Limits.nameLength)
  public static let node = NameRule(kind: .node, limit: Limits.nodeIDLength)
  public static let endpoint = NameRule(kind: .endpoint, limit: Limits.endpointLength)
  /// Encodings and collations.
  public static let locale = NameRule(kind: .locale, limit: Limits.nameLength)

  /// - Throws: `ClusterError.invalidName` with the first rule that `name` breaks.
  public func check(_ name: String) throws(ClusterError) {
    if let problem = problem(with: name) {
      throw .invalidName(kind, name, problem)
    }
  }

  private func problem(with name: String) -> NameProblem? {
    guard !name.isEmpty else { return .empty }
    guard name.utf8.count <= limit.bytes else { return .tooLong(limit: limit) }
    if name.unicodeScalars.contains(where: \.isControl) { return .controlCharacter }
    if kind.forbidsSurroundingSpace, name.isSurroundedBySpace { return .surroundingSpace }
    return nil
  }
}

/// What a name names.
public enum NameKind: String, Hashable, Sendable, CaseIterable {
  case database
  case role
  case node
  case endpoint
  case locale

  fileprivate var forbidsSurroundingSpace: Bool { self == .node || self == .endpoint }
}

/// Which rule a name breaks.
public enum NameProblem: Hashable, Sendable {
  case empty
  case tooLong(limit: ByteCount)
  case controlCharacter
  case surroundingSpace
}

extension Unicode.Scalar {
  /// Unicode's category Cc, which is the same in every version of it.
  fileprivate var isControl: Bool { value < 0x20 || 0x7F...0x9F ~= value }
}

extension String {
  fileprivate var isSurroundedBySpace: Bool {
    (unicodeScalars.first?.properties.isWhitespace ?? false)
      || (unicodeScalars.last?.properties.isWhitespace ?? false)
  }
}

extension String {
  /// The name with ASCII letters in lower case, which is how databases and roles are looked up.
  ///
  /// Other letters stay: folding them depends on the Unicode version, and replicas must agree.
  @inlinable
  public var asciiLowercased: String {
    guard utf8.contains(where: { 0x41...0x5A ~= $0 }) else { return self }
    return String(decoding: utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
