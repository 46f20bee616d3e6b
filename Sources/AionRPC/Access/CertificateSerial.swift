/// A certificate's number, by which its authority tells it from the others.
public struct CertificateSerial: Hashable, Sendable, CustomStringConvertible {
  /// Capital hexadecimal digits, without zeros before.
  private let digits: String

  /// nil for what is not 1 to 20 bytes in hexadecimal (RFC 5280, 4.1.2.2), as
  /// `openssl x509 -serial` prints them; colons between them are fine.
  public init?(_ text: some StringProtocol) {
    let digits = String(text).filter { $0 != ":" }.uppercased()
    guard digits.wholeMatch(of: #/[0-9A-F]{1,40}/#) != nil else { return nil }
    let significant = digits.drop { $0 == "0" }
    self.digits = significant.isEmpty ? "0" : String(significant)
  }

  /// From the most significant byte on.
  init(_ bytes: [UInt8]) {
    let digits = bytes.map { byte in
      let text = String(byte, radix: 16, uppercase: true)
      return byte < 16 ? "0\(text)" : text
    }.joined().drop { $0 == "0" }
    self.digits = digits.isEmpty ? "0" : String(digits)
  }

  public var description: String { digits }
}
