/// Certificates that are believed no more, though they hold.
///
/// A file has one to a line: its serial number, and after white space whatever helps people.
/// Empty lines, and those that begin with `#`, say nothing.
public struct RevocationList: Sendable, Equatable {
  /// The serial numbers of the certificates.
  public private(set) var serials: Set<CertificateSerial> = []

  /// Of none.
  public init() {}

  /// - Throws: `RevocationFault`, with the first line that cannot be read.
  public init(text: String) throws(RevocationFault) {
    for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
      guard let word = line.split(whereSeparator: \.isWhitespace).first, !word.hasPrefix("#")
      else { continue }
      guard let serial = CertificateSerial(word) else {
        throw RevocationFault(line: number, text: String(word.prefix(60)))
      }
      serials.insert(serial)
    }
  }

  /// Whether the certificate of this number is on it.
  public func contains(_ serial: CertificateSerial) -> Bool { serials.contains(serial) }

  /// Adds the certificate of this number.
  public mutating func insert(_ serial: CertificateSerial) { serials.insert(serial) }
}

/// A line of a list that is no serial number.
public struct RevocationFault: Error, Hashable, Sendable, CustomStringConvertible {
  public var line: Int
  public var text: String

  public var description: String {
    "line \(line), '\(text)', is not the serial number of a certificate in hexadecimal"
  }
}
