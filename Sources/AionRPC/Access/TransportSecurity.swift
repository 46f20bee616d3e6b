/// How connections of a process are protected.
public enum TransportSecurity: Sendable {
  /// Bytes go as they are. A listener then takes loopback addresses only, unless it is told in so
  /// many words to go beyond.
  case plaintext(beyondLoopback: Bool = false)
  case tls(TLSFiles)
}
