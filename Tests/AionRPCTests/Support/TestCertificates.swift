import AionRPC
import ClusterRig
import Foundation

/// An authority for one test, in a folder that goes with it.
final class TestCertificates: Sendable {
  let certificates: DevelopmentCertificates

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID())")
    certificates = try DevelopmentCertificates(in: folder.path)
  }

  deinit { try? FileManager.default.removeItem(atPath: certificates.folder) }

  func replica(_ name: String) throws -> TransportSecurity {
    .tls(try certificates.replica(name))
  }

  func node(_ name: String) throws -> TransportSecurity { .tls(try certificates.node(name)) }

  func client(_ name: String, _ role: ClientRole) throws -> TransportSecurity {
    .tls(try certificates.client(name, role))
  }
}
