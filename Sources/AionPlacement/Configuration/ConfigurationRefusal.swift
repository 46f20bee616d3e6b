/// Why a configuration is not accepted: everything that is wrong with it, so that it can be mended
/// at once.
public struct ConfigurationRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// One wrong value.
  public struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// As its source names the key.
    public let name: String
    public let source: String
    public let value: String
    /// What is wrong with it, when that is more than not being allowed.
    public let complaint: String?
    public let allowed: String

    public var description: String {
      "\(name) = \"\(value)\" (\(source)): " + (complaint.map { "\($0); " } ?? "")
        + "allowed: \(allowed)"
    }
  }

  public let problems: [Problem]

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
