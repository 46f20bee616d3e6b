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

    package init(
      name: String, source: String, value: String, complaint: String?, allowed: String
    ) {
      self.name = name
      self.source = source
      self.value = value
      self.complaint = complaint
      self.allowed = allowed
    }

    public var description: String {
      "\(name) = \"\(value)\" (\(source)): " + (complaint.map { "\($0); " } ?? "")
        + "allowed: \(allowed)"
    }
  }

  public let problems: [Problem]

  package init(problems: [Problem]) { self.problems = problems }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
