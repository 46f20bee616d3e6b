import AionRPC
import Foundation

/// A directory with an authority and what it has certified.
struct CertificateFolder {
  static let authorityName = "ca"

  let path: String

  func certificate(_ name: String) -> String { "\(path)/\(name).pem" }
  func key(_ name: String) -> String { "\(path)/\(name).key" }

  var authority: TLSFiles.Identity {
    TLSFiles.Identity(
      certificate: certificate(Self.authorityName), key: key(Self.authorityName))
  }

  var hasAuthority: Bool {
    [authority.certificate, authority.key].allSatisfy(FileManager.default.isReadableFile)
  }

  /// The names of the certificates in it, sorted.
  func certificates() throws(CertificateFault) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(".pem") }.map { String($0.dropLast(4)) }.sorted()
    } catch {
      throw .system("\(path) cannot be read; is there such a directory?")
    }
  }

  /// Makes the directory, for its owner alone, when it is not there.
  func make() throws(CertificateFault) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .system("cannot make the directory \(path): \(error.localizedDescription)")
    }
  }

  /// - Throws: `exists`, when there is a certificate or a key of that name.
  func checkFree(_ name: String) throws(CertificateFault) {
    for file in [certificate(name), key(name)] where FileManager.default.fileExists(atPath: file) {
      throw .exists(file: file)
    }
  }

  /// Writes a key, for its owner alone, and its certificate; both or neither.
  func add(_ name: String, certificate: String, key: String) throws(CertificateFault) {
    let keyFile = self.key(name)
    try Self.create(keyFile, holding: key, mode: 0o600)
    do throws(CertificateFault) {
      try Self.create(self.certificate(name), holding: certificate, mode: 0o644)
    } catch {
      unlink(keyFile)
      throw error
    }
  }

  /// Serial numbers that are believed no more, one to a line.
  var revocationFile: String { "\(path)/revoked.txt" }

  /// - Throws: `notAList`. No file is an empty list.
  func revoked() throws(CertificateFault) -> RevocationList {
    let text = try revocationText()
    do throws(RevocationFault) { return try RevocationList(text: text) } catch {
      throw .notAList(file: revocationFile, error)
    }
  }

  private func revocationText() throws(CertificateFault) -> String {
    guard FileManager.default.fileExists(atPath: revocationFile) else { return "" }
    do { return try String(contentsOfFile: revocationFile, encoding: .utf8) } catch {
      throw .system("cannot read \(revocationFile): \(error.localizedDescription)")
    }
  }

  /// Adds to the list, unless it is there already; the file is replaced as a whole.
  func revoke(_ serial: CertificateSerial, _ remark: String) throws(CertificateFault) {
    guard try !revoked().contains(serial) else { return }
    var text = try revocationText()
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    text += remark.isEmpty ? "\(serial)\n" : "\(serial) \(remark)\n"
    do { try Data(text.utf8).write(to: URL(filePath: revocationFile), options: .atomic) } catch {
      throw .system("cannot write \(revocationFile): \(error.localizedDescription)")
    }
  }

  /// Fails when the file is there, also when it comes to be in this very moment.
  private static func create(
    _ file: String, holding text: String, mode: mode_t
  ) throws(CertificateFault) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw .exists(file: file) }
      throw .system("\(file): \(String(cString: strerror(errno)))")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(text.utf8))
      try handle.synchronize()
    } catch {
      unlink(file)
      throw .system("\(file): \(error.localizedDescription)")
    }
  }
}
