import ArgumentParser

/// Whom a certificate is for. It is also the name of files, and of a subject: so it has few kinds
/// of characters.
struct CertificateName: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    guard argument.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9._\-]{0,63}/#) != nil else { return nil }
    text = argument
  }
}
