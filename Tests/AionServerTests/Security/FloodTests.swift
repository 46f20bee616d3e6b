import AionModel
import AionRPC
import AionServer
import ClusterRig
import Foundation
import NIOCore
import Testing

@Suite("Nonsense and floods at a group with certificates", .serialized, .timeLimit(.minutes(5)))
struct FloodTests {
  private static let faults = "aion_transport_faults_total"

  private static let hello = Frame(
    .hello,
    payload: Hello(
      cluster: nil, caller: .client(name: "flood", token: nil), frameLimit: .mebibytes(1)
    ).encoded())

  @Test("Frames that are oversized, endless, torn or out of place are cut off, and counted")
  func nonsense() async throws {
    try await ClusterRig.runSecurely(founders: 3) { rig, certificates in
      let reader = try certificates.client("reader", .reader)
      let nameless = TLSFiles(identity: nil, authority: reader.authority)
      let oversized = Frame(.request, exchange: 1, payload: [UInt8](repeating: 0, count: 17 << 20))
      let ping = Frame(.ping, payload: [1, 2, 3]).bytes
      let cases: [(String, TLSFiles, [UInt8], isEndless: Bool)] = [
        ("noise", nameless, [UInt8](repeating: 0xA5, count: 4_096), false),
        ("endless noise", nameless, [UInt8](repeating: 0, count: 65_536), true),
        ("half a hello", nameless, Array(Self.hello.bytes.dropLast(3)), false),
        ("pings and never a hello", nameless, ping, true),
        (
          "a hello too long", nameless,
          Frame(.hello, payload: [UInt8](repeating: 0, count: 5_000)).bytes, false
        ),
        ("a frame too long", reader, Self.hello.bytes + oversized.bytes.prefix(1_024), false),
        ("a frame too long, without end", reader, Self.hello.bytes + oversized.bytes, true),
        ("an envelope of a client", reader, Self.hello.bytes + Frame(.envelope).bytes, false),
      ]
      for (name, files, bytes, isEndless) in cases {
        let before = try await rig.count(Self.faults)
        let caller = try await RawCaller.call(rig.address(of: 1), over: files)
        if isEndless { await caller.sendEndlessly(bytes) } else { caller.send(bytes) }
        _ = try await caller.untilCut()
        try await rig.until(Self.faults, isAtLeast: before + 1)
        await rig.checkServes(after: name)
      }
    }
  }

  @Test("1,000 idle connections are held off, and cut; the group serves meanwhile and afterwards")
  func idle() async throws {
    FileLimit.raise()
    try await ClusterRig.runSecurely(founders: 3) { rig, _ in
      let leader = try await rig.leader()
      let term = try #require(await rig.status(of: leader)).term
      let before = try await rig.count(Self.faults)
      var callers: [RawCaller] = []
      for _ in 0..<1_000 {
        callers.append(try await RawCaller.call(rig.address(of: leader)))
      }
      await rig.checkServes(after: "so many who say nothing")
      for caller in callers { _ = try await caller.untilCut() }
      try await rig.until(Self.faults, isAtLeast: before + 1_000)
      await rig.checkServes(after: "they were cut off")
      #expect(try #require(await rig.status(of: leader)).term == term, "nobody was deposed")
    }
  }

  @Test("It holds more connections than a login shell gives it files")
  func files() async throws {
    let program = try Self.script(
      "ulimit -Sn 64; exec '\(#require(ProgramPath.find("aiond")))' \"$@\"")
    defer { try? FileManager.default.removeItem(atPath: program) }
    try await ClusterRig.run(founders: 1, program: program) { rig in
      _ = try await rig.leader()
      var clients: [ClientConnection] = []
      for number in 1...200 {
        clients.append(
          try await ClientConnection.open(to: rig.address(of: 1), as: "client \(number)"))
      }
      #expect(clients.allSatisfy { $0.isOpen })
      await rig.checkServes(after: "so many clients")
      for client in clients { client.close() }
    }
  }

  private static func script(_ line: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "aiond-\(UUID()).sh").path
    try Data("#!/bin/sh\n\(line)\n".utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file)
    return file
  }
}
