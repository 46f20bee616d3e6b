import AionModel
import NIOSSL

/// What a failure of TLS means, in words that say what to do.
enum TLSComplaint {
  /// - Parameter shown: The certificate that the other side showed, as far as it came to that.
  static func text(_ error: any Error, shown: Certificate?, at now: WallTime) -> String {
    switch error {
    case NIOSSLError.handshakeFailed(.sslError(let stack)), BoringSSLError.sslError(let stack):
      text(stack, shown: shown, at: now)
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      "the other side's certificate is for \(shown?.hosts.joined(separator: ", ") ?? "nobody"), "
        + "not for the host that was dialled"
    default: "\(error)"
    }
  }

  private static func text(
    _ stack: NIOBoringSSLErrorStack, shown: Certificate?, at now: WallTime
  ) -> String {
    guard let reason = stack.first.flatMap(reason) else { return "\(stack)" }
    switch reason {
    case wrongVersionNumber, httpRequest, proxyRequest, unexpectedRecord:
      return "the other side does not speak TLS"
    case certificateVerifyFailed: return distrust(of: shown, at: now)
    case 1_000...1_255: return text(alert: reason - 1_000) ?? "\(stack)"
    default: return "\(stack)"
    }
  }

  /// The library tells that a certificate does not hold, not why; this is why, as far as can be
  /// seen by looking at it.
  private static func distrust(of shown: Certificate?, at now: WallTime) -> String {
    guard let shown else { return "the other side's certificate does not hold" }
    if now < shown.notBefore {
      return "the other side's certificate (\(shown.claims)) is not valid before "
        + "\(shown.notBefore); are the clocks right?"
    }
    if now > shown.notAfter {
      return "the other side's certificate (\(shown.claims)) has expired on \(shown.notAfter)"
    }
    return "the other side's certificate (\(shown.claims)) is not from an authority that is "
      + "believed here, or not for this use"
  }

  /// RFC 8446, 6.2: what the other side says was wrong.
  private static func text(alert: Int) -> String? {
    switch alert {
    case 42: "the other side says that this side's certificate is bad"
    case 43: "the other side says that this side's certificate is for another use"
    case 44: "the other side says that this side's certificate was revoked"
    case 45: "the other side says that this side's certificate has expired, or is not valid yet"
    case 46: "the other side does not accept this side's certificate"
    case 48: "the other side does not believe the authority of this side's certificate"
    case 70: "the other side speaks no version of TLS that is spoken here; it is 1.3"
    case 116: "the other side wants a certificate, and was shown none"
    default: nil
    }
  }
}

// MARK: - The library's numbers

extension TLSComplaint {
  private static let certificateVerifyFailed = 125
  private static let proxyRequest = 155
  private static let httpRequest = 156
  private static let unexpectedRecord = 225
  private static let wrongVersionNumber = 247

  /// The library shows the number of an error in its description only: `Error: 268435581 …`; its
  /// lower twelve bits are the reason, for an alert of the other side 1,000 and its number.
  private static func reason(_ error: BoringSSLInternalError) -> Int? {
    let words = "\(error)".split(separator: " ")
    return words.dropFirst().first.flatMap { Int($0) }.map { $0 & 0xfff }
  }
}
