import AionModel
import AionRPC
import Foundation

/// Makes keys and certificates in a folder, by OpenSSL's program.
struct CertificateMaker {
  let folder: CertificateFolder

  /// - Returns: The certificate, as it was read back.
  func make(_ order: CertificateOrder) throws(CertificateFault) -> Certificate {
    let openSSL = try OpenSSL()
    try folder.checkFree(order.fileName)
    if case .authority = order.holder {
      try folder.make()
    } else {
      try checkAuthority(of: order)
    }
    let workshop = try Workshop(in: folder)
    defer { workshop.remove() }
    try workshop.write(order.configuration, to: "openssl.cnf")
    // What OpenSSL's own authority keeps from one certificate to the next is kept by none here.
    try workshop.write("", to: "index")
    try workshop.write(Self.drawSerial(), to: "serial")
    try openSSL.run(
      [
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(order.key.curve)",
        "-pkeyopt", "ec_param_enc:named_curve", "-out", "key.pem",
      ], in: workshop.place)
    try openSSL.run(
      ["req", "-new", "-config", "openssl.cnf", "-key", "key.pem", "-out", "request.pem"],
      in: workshop.place)
    try openSSL.run(try signing(order, by: openSSL, in: workshop), in: workshop.place)
    try check(order, in: workshop)
    try folder.add(
      order.fileName, certificate: try workshop.read("certificate.pem"),
      key: try workshop.read("key.pem"))
    return try read(folder.certificate(order.fileName))
  }

  private func checkAuthority(of order: CertificateOrder) throws(CertificateFault) {
    guard folder.hasAuthority else { throw .noAuthority(folder: folder.path) }
    let end = try read(folder.authority.certificate).notAfter
    guard order.notAfter <= end else { throw .outlivesAuthority(end: "\(end)") }
  }

  private func signing(
    _ order: CertificateOrder, by openSSL: OpenSSL, in workshop: Workshop
  ) throws(CertificateFault) -> [String] {
    var arguments = [
      "ca", "-batch", "-config", "openssl.cnf", "-extensions", CertificateOrder.certificateSection,
      "-in", "request.pem", "-notext", "-out", "certificate.pem", "-startdate",
      order.notBefore.asn1, "-enddate", order.notAfter.asn1,
    ]
    let authority = folder.authority.absolute
    let key: String
    if case .authority = order.holder {
      key = "key.pem"
      arguments += ["-selfsign", "-keyfile", key]
    } else {
      key = authority.key
      arguments += ["-cert", authority.certificate, "-keyfile", key]
    }
    // TLS 1.3 signs with P-384 by way of SHA-384 only (RFC 8446, 4.2.3).
    let kind = try openSSL.run(["pkey", "-in", key, "-noout", "-text"], in: workshop.place)
    return arguments + ["-md", kind.contains("P-384") ? "sha384" : "sha256"]
  }

  /// What was made must be what was asked for, and a pair that TLS takes.
  private func check(
    _ order: CertificateOrder, in workshop: Workshop
  ) throws(CertificateFault) {
    let made = workshop.path("certificate.pem")
    let certificate = try read(made)
    guard certificate.claims == order.claims,
      Set(certificate.hosts) == Set(order.hosts.map(\.text))
    else {
      throw .system("openssl made a certificate for \(certificate.claims), not \(order.claims)")
    }
    // An authority certifies and does nothing else: TLS would not take it as anybody's own.
    let identity =
      if case .authority = order.holder { TLSFiles.Identity?.none } else {
        TLSFiles.Identity(certificate: made, key: workshop.path("key.pem"))
      }
    do throws(TLSFault) {
      _ = try TLSFiles(identity: identity, authority: made).clientContext()
    } catch {
      throw .unusable(error)
    }
  }

  private func read(_ file: String) throws(CertificateFault) -> Certificate {
    do throws(TLSFault) { return try Certificate(file: file) } catch { throw .unusable(error) }
  }

  /// 128 bits by chance, the first one zero since a serial number is positive.
  private static func drawSerial() -> String {
    let digits = String(UInt128.random(in: 1...UInt128.max) >> 1, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits + "\n"
  }
}

extension TLSFiles.Identity {
  fileprivate var absolute: Self {
    Self(
      certificate: URL(filePath: certificate).absoluteURL.path,
      key: URL(filePath: key).absoluteURL.path)
  }
}

extension WallTime {
  /// `20260301123456Z`
  fileprivate var asn1: String {
    "\(self)".prefix { $0 != "." }.filter(\.isNumber) + "Z"
  }
}

/// A directory of which only this run knows, in which OpenSSL leaves what it makes.
private struct Workshop {
  let place: URL

  init(in folder: CertificateFolder) throws(CertificateFault) {
    place = URL(filePath: folder.path).appending(path: ".making-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .system("cannot write in \(folder.path): \(error.localizedDescription)")
    }
  }

  func path(_ name: String) -> String { place.appending(path: name).path }

  func write(_ text: String, to name: String) throws(CertificateFault) {
    do { try Data(text.utf8).write(to: place.appending(path: name)) } catch {
      throw .system("cannot write in \(place.path): \(error.localizedDescription)")
    }
  }

  func read(_ name: String) throws(CertificateFault) -> String {
    do { return try String(contentsOf: place.appending(path: name), encoding: .utf8) } catch {
      throw .system("openssl left no \(name)")
    }
  }

  func remove() { try? FileManager.default.removeItem(at: place) }
}
