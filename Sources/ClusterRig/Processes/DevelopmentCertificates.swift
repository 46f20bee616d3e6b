public import AionRPC
import Foundation

/// An authority in a folder, and what it certifies, all made by `aionctl certs`.
public struct DevelopmentCertificates: Sendable {
  public let folder: String
  private let program: String

  /// Makes the authority.
  ///
  /// - Parameter program: The path of `aionctl`.
  public init(by program: String, in folder: String) throws(RigFailure) {
    self.program = program
    self.folder = folder
    do throws(RigFailure) { _ = try make(["ca"]) } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
  }

  /// Makes the authority by the program that was built beside the running one.
  public init(in folder: String) throws(RigFailure) {
    guard let program = ProgramPath.find("aionctl") else {
      throw .system("aionctl is not built beside this program")
    }
    try self.init(by: program, in: folder)
  }

  /// A certificate for the replica of this name, at loopback.
  ///
  /// - Parameter options: Further ones of the command.
  public func replica(_ name: String, _ options: String...) throws(RigFailure) -> TLSFiles {
    try make(["replica", name] + options)
  }

  /// A certificate for the node of this name, at loopback.
  public func node(_ name: String, _ options: String...) throws(RigFailure) -> TLSFiles {
    try make(["node", name] + options)
  }

  /// Adds a certificate to those that are believed no more.
  ///
  /// - Parameter file: Its name in the folder, without `.pem`.
  public func revoke(_ file: String) throws(RigFailure) {
    _ = try run(["certs", "revoke", file, "--directory", folder])
  }

  /// A certificate for a client.
  public func client(
    _ name: String, _ role: ClientRole, _ options: String...
  ) throws(RigFailure) -> TLSFiles {
    try make(["client", name, "--role", "\(role)"] + options)
  }

  private struct Made: Decodable {
    var certificate: String
    var key: String
    var authority: String
  }

  private func make(_ arguments: [String]) throws(RigFailure) -> TLSFiles {
    let output = try run(["certs"] + arguments + ["--directory", folder, "--json"])
    guard let made = try? JSONDecoder().decode([Made].self, from: output).first else {
      throw .system("\(program) certs said \(String(decoding: output, as: UTF8.self))")
    }
    return TLSFiles(certificate: made.certificate, key: made.key, authority: made.authority)
  }

  private func run(_ arguments: [String]) throws(RigFailure) -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (told, complained) = (Pipe(), Pipe())
    process.standardOutput = told
    process.standardError = complained
    do {
      try process.run()
      // Neither is longer than a pipe holds.
      let output = try told.fileHandleForReading.readToEnd() ?? Data()
      let complaint = try complained.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw RigFailure.refused(String(decoding: complaint, as: UTF8.self))
      }
      return output
    } catch let failure as RigFailure {
      throw failure
    } catch {
      throw .system("cannot run \(program): \(error)")
    }
  }
}
