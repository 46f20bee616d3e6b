import AionRPC
import ArgumentParser

extension Certificates {
  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a certificate to revoked.txt: those that are believed no more.",
      discussion: """
        Give the file to every aiond (--tls-revoked), and send each SIGHUP: connections of whoever \
        shows the certificate are ended, and new ones refused. Clients take it too (--revoked; in \
        a program TLSFiles.revoked). It does not go by itself.
        """)

    @Argument(help: "The certificate's file without .pem, such as client-anna.") var name: String?

    @Option(help: "Its serial number in hexadecimal instead, when the file is gone.")
    var serial: String?

    @Option(name: .shortAndLong, help: "Where the files are.", completion: .directory)
    var directory = "certs"
    @OptionGroup var printing: Printing

    func validate() throws {
      guard (name == nil) != (serial == nil) else {
        throw ValidationError("give the certificate's name, or --serial")
      }
      if let serial, CertificateSerial(serial) == nil {
        throw ValidationError("--serial: hexadecimal digits, as openssl x509 -serial prints them")
      }
    }

    func run() async throws {
      let folder = CertificateFolder(path: directory)
      let revoked = try Certificates.explained { () throws(CertificateFault) in
        try revoke(in: folder)
      }
      var sheet = Sheet("serial", "holder", "list")
      sheet.add(
        .text(revoked.serial.description), .text(revoked.holder), .text(folder.revocationFile))
      printing.print(sheet)
    }

    private func revoke(
      in folder: CertificateFolder
    ) throws(CertificateFault) -> (serial: CertificateSerial, holder: String) {
      if let serial = serial.flatMap({ CertificateSerial($0) }) {
        try folder.revoke(serial, "")
        return (serial, "")
      }
      let name = name ?? ""
      guard name != CertificateFolder.authorityName else { throw .authorityRevoked }
      let certificate: Certificate
      do throws(TLSFault) { certificate = try Certificate(file: folder.certificate(name)) } catch {
        throw .unreadable(error)
      }
      let holder = "\(certificate.claims)"
      try folder.revoke(certificate.serial, "\(name), \(holder)")
      return (certificate.serial, holder)
    }
  }
}
