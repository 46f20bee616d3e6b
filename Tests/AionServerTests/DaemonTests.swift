import AionModel
import AionServer
import ClusterRig
import Foundation
import Testing

@Suite("What aiond is told, and what it says", .serialized, .timeLimit(.minutes(5)))
struct DaemonTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("aiond-\(UUID().uuidString)").path

  private func run(_ arguments: String...) throws -> Ended {
    try Ended("aiond", ["--data", folder, "--http", ""] + arguments)
  }

  @Test(
    "Without TLS it neither listens nor shows pages beyond loopback",
    arguments: [["--listen", "0.0.0.0:0"], ["--listen", "[::]:0"], ["--http", "0.0.0.0:0"]])
  func beyondLoopback(arguments: [String]) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ended = try Ended(
      "aiond", ["--data", folder, "--listen", "127.0.0.1:0", "--http", ""] + arguments)
    #expect(ended.status == 69)
    #expect(ended.errors.contains("plaintext is to go beyond loopback"), "\(ended.errors)")
  }

  @Test("It says which release it is, what it speaks and what it writes")
  func version() throws {
    let ended = try Ended("aiond", ["--version"])
    #expect(ended.status == 0)
    #expect(ended.output.hasPrefix("aiond \(Release.version), protocol 1, files of version 1"))
  }

  @Test("It does when it is told to in so many words")
  func insecure() async throws {
    let options = ["--listen", "0.0.0.0:0", "--insecure-beyond-loopback"]
    try await ClusterRig.run(founders: 1, options: options) { rig in
      _ = try await rig.leader()
      #expect(try rig.log(of: 1).contains("0.0.0.0"))
    }
  }

  @Test(
    "What cannot be is refused before anything is written, with the name and what is allowed",
    arguments: [
      (["--heartbeat", "soon"], "heartbeat"), (["--listen", "here"], "host:port"),
      (["--initial-cluster", "a"], "name=host:port"),
      (["--initial-cluster", "a=h:1"], "is not in it"),
      (["--initial-cluster", "local=h:1", "--join", "h:1"], "not both"),
      (["--tls-key", "x"], "go together"), (["--name", " "], "name"),
      (["--tokens", "/nowhere"], "cannot read"),
      (["--tls-revoked", "/nowhere"], "goes with tls.certificate"),
      (["--join", "h:1", "--join-token-file", "/nowhere"], "join_token_file: cannot read"),
      (["--config", "/nowhere"], "/nowhere"),
    ])
  func refused(arguments: [String], reason: String) throws {
    let ended = try Ended("aiond", ["--data", folder, "--http", ""] + arguments)
    #expect(ended.status == 78)
    #expect(ended.errors.contains(reason), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test(
    "So is what its environment says of nodes and maintenance",
    arguments: [
      ("AIOND_NODES_MINIMUM_TTL", "1ms", "from 100ms to 1h"),
      ("AIOND_NODES_MAXIMUM_TTL", "500ms", "nodes.minimum_ttl = \"1s\""),
      ("AIOND_MAINTENANCE_INTERVAL", "soon", "AIOND_MAINTENANCE_INTERVAL"),
      ("AIONDB_SHARDING_AUTO_REBALANCE", "perhaps", "true or false"),
    ])
  func refusedInEnvironment(name: String, value: String, reason: String) throws {
    var environment = ProcessInfo.processInfo.environment
    environment[name] = value
    let ended = try Ended(
      "aiond", ["--data", folder, "--http", ""], environment: environment)
    #expect(ended.status == 78)
    #expect(ended.errors.contains(reason), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("--print-config shows every setting and where it comes from; flags go first")
  func printsConfiguration() throws {
    let ended = try Ended(
      "aiond", ["--print-config", "--data", folder, "--heartbeat", "50ms"])
    #expect(ended.status == 0)
    #expect(ended.output.contains("\"heartbeat\": \"50ms\""))
    #expect(ended.output.contains("// flags"))
    #expect(ended.output.contains("\"nodes.minimum_ttl\": \"1s\""))
    #expect(ended.output.contains("\"maintenance.interval\": \"10s\""))
    #expect(ended.output.contains("// default"))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("Nobody takes in a process that joins: it says whom it asked, and ends with 75")
  func notTakenIn() throws {
    var environment = ProcessInfo.processInfo.environment
    environment["AIOND_JOIN_PATIENCE"] = "1s"
    let ended = try Ended(
      "aiond",
      ["--data", folder, "--http", "", "--listen", "127.0.0.1:9", "--join", "127.0.0.1:1"],
      environment: environment)
    #expect(ended.status == 75)
    #expect(ended.errors.contains("127.0.0.1:1"))
  }

  @Test("A directory that is in use is refused with 74")
  func inUse() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      _ = try await rig.leader()
      let ended = try Ended(
        "aiond",
        [
          "--data", rig.folder + "/n1/data", "--name", "n1", "--listen", "127.0.0.1:0", "--http",
          "",
        ])
      #expect(ended.status == 74)
      #expect(ended.errors.contains("in use by process"))
    }
  }

  @Test("tools/cluster carries out a script: a node is killed, comes back, and all are ready")
  func script() throws {
    let ended = try Ended(
      "cluster", ["--nodes", "3", "--heartbeat", "50"],
      input: "wait\nkill 1\nwait\nstatus\nrestart 1\nwait\nstatus\nquit\n")
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("n1    down"))
    #expect(ended.output.split(separator: "\n").suffix(3).allSatisfy { $0.hasSuffix("yes") })
    let failed = try Ended("cluster", ["--nodes", "1"], input: "kill 9\n")
    #expect(failed.status == 1)
    #expect(failed.errors.contains("no node 9"))
  }

  @Test("tools/cluster --hostile parts a node and heals, and has disks and clocks fail")
  func hostileScript() throws {
    let ended = try Ended(
      "cluster", ["--nodes", "3", "--heartbeat", "50", "--hostile"],
      input:
        "wait\ncut 1\nheal\ncut 2 in\nheal\ndisk 3 full\ndisk 3 sound\nclock 2 -60\nwait\nquit\n")
    #expect(ended.status == 0, "\(ended.errors)")
    let failed = try Ended("cluster", ["--nodes", "1"], input: "cut 1\n")
    #expect(failed.status == 1)
    #expect(failed.errors.contains("begun without a network to cut"))
    let unknown = try Ended("cluster", ["--nodes", "1", "--hostile"], input: "disk 1 wet\n")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("sound, full, stalled or failing"))
  }

  @Test("tools/cluster --tls does the same with certificates, and says how aionctl reaches it")
  func secureScript() throws {
    let ended = try Ended(
      "cluster", ["--nodes", "3", "--heartbeat", "50", "--tls"],
      input: "wait\nkill 1\nwait\nrestart 1\nwait\nadd\nwait\nremove 4\nstatus\nconnect\nquit\n")
    #expect(ended.status == 0, "\(ended.errors)")
    let lines = ended.output.split(separator: "\n")
    #expect(lines.count { $0.hasSuffix("yes") } >= 3, "\(ended.output)")
    let line = try #require(lines.last)
    #expect(line.hasPrefix("tools/aionctl status -s 127.0.0.1:"))
    #expect(line.contains("/client-operator.key --authority "))
  }
}
