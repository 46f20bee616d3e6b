import AionModel
import AionRPC
import ArgumentParser
import Foundation

extension Certificates {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the certificates of a directory, and what is wrong with them.")

    @Option(name: .shortAndLong, help: "Where the files are.", completion: .directory)
    var directory = "certs"
    @OptionGroup var printing: Printing

    func run() async throws {
      let folder = CertificateFolder(path: directory)
      let (names, revoked) = try explained { () throws(CertificateFault) in
        (try folder.certificates(), try folder.revoked())
      }
      var sheet = Sheet("name", "holder", "hosts", "from", "until", "days", "serial", "problem")
      for name in names {
        let certificate: Certificate
        do throws(TLSFault) { certificate = try Certificate(file: folder.certificate(name)) } catch
        {
          sheet.add(.text(name), .none, .none, .none, .none, .none, .none, .text("\(error)"))
          continue
        }
        sheet.add(
          .text(name),
          .text(name == CertificateFolder.authorityName ? "authority" : "\(certificate.claims)"),
          .list(certificate.hosts), .text(certificate.notBefore.day),
          .text(certificate.notAfter.day), .number(certificate.notAfter.daysLeft),
          .text(certificate.serial.description),
          Sheet.Cell(
            revoked.contains(certificate.serial)
              ? "it is revoked" : problem(of: certificate, key: folder.key(name))))
      }
      printing.print(sheet)
    }

    private func problem(of certificate: Certificate, key: String) -> String? {
      let now = WallTime.now
      if now > certificate.notAfter { return "it has expired" }
      if now < certificate.notBefore { return "it is not valid yet" }
      // A key that is kept elsewhere is nobody's business.
      let attributes = try? FileManager.default.attributesOfItem(atPath: key)
      guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 != 0 else { return nil }
      return "others can read its key: chmod 600 \(key)"
    }
  }
}
