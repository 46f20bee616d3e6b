import Foundation

/// OpenSSL's program, which makes keys and signs; nothing of it is linked.
struct OpenSSL {
  private let program: URL

  /// Looks for it on PATH.
  init() throws(CertificateFault) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = path.split(separator: ":").map {
      URL(filePath: String($0)).appending(path: "openssl")
    }
    let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let found else { throw .noOpenSSL }
    program = found
  }

  /// Runs it to its end, in `folder`.
  ///
  /// - Returns: What it wrote to standard output.
  @discardableResult
  func run(_ arguments: [String], in folder: URL) throws(CertificateFault) -> String {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // Both are less than a pipe holds, so neither side waits for the other.
    let (told, complained) = (Pipe(), Pipe())
    process.standardOutput = told
    process.standardError = complained
    do {
      try process.run()
      let output = try told.fileHandleForReading.readToEnd() ?? Data()
      let complaint = try complained.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        let text = String(decoding: complaint, as: UTF8.self)
        throw CertificateFault.openSSL(
          command: arguments.first ?? "",
          complaint: text.split(separator: "\n").suffix(4).joined(separator: "; "))
      }
      return String(decoding: output, as: UTF8.self)
    } catch let fault as CertificateFault {
      throw fault
    } catch {
      throw .system("\(program.path): \(error)")
    }
  }
}
