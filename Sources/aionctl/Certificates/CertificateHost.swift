import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A host that the holder of a certificate is dialled at: a name, or an address.
struct CertificateHost: Hashable {
  let text: String
  let isAddress: Bool

  /// nil for what is neither an address nor a name of DNS; the first label may be `*`.
  init?(_ text: String) {
    var space = [UInt8](repeating: 0, count: 16)
    isAddress = [AF_INET, AF_INET6].contains { inet_pton($0, text, &space) == 1 }
    self.text = text
    guard isAddress || text.wholeMatch(of: Self.dnsName) != nil else { return nil }
  }

  /// As OpenSSL takes it.
  var alternativeName: String { isAddress ? "IP:\(text)" : "DNS:\(text)" }

  static let loopback = ["localhost", "127.0.0.1", "::1"].compactMap { Self($0) }

  private static var dnsName: Regex<Substring> {
    #/
      (?: \*\. )?
      (?: [A-Za-z0-9] (?: [A-Za-z0-9\-]{0,61} [A-Za-z0-9] )? \. )*
      [A-Za-z0-9] (?: [A-Za-z0-9\-]{0,61} [A-Za-z0-9] )?
    /#
  }
}

extension CertificateHost: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
  var defaultValueDescription: String { text }
}
