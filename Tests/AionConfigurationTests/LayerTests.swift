import AionConfiguration
import AionModel
import AionPlacement
import Testing

@Suite("Where values come from")
struct LayerTests {
  @Test("A flag wins over the environment, that over a file, and that over the default")
  func precedence() async throws {
    let file = try await fileLayer(
      #"{"listen": "f:1", "threads": 9, "timeout": "1m", "cluster": {"peers": ["f:2"]}}"#)
    let environment = ConfigurationLayer.environment(
      ["AIOND_LISTEN": "e:1", "AIOND_THREADS": "7"], claiming: Settings.prefixes)
    let (read, effective, refusal) = read(.flags(["listen": "c:1"]), environment, file)
    #expect(refusal.isEmpty)
    #expect(read.listen == "c:1" && read.threads == 7 && read.timeout == .seconds(60))
    #expect(read.peers == ["f:2"] && read.cache == .mebibytes(64))
    let origins = effective?.settings.map { "\($0.key): \($0.origin)" } ?? []
    #expect(
      origins.prefix(2) == [
        "listen: flags, --listen", "cluster.peers: \(file.name), cluster.peers",
      ])
    #expect(origins.contains("threads: environment, AIOND_THREADS"))
    #expect(origins.contains("cache: default"))
  }

  @Test("A file has flags, numbers and texts, lists of them, objects, comments and names with dots")
  func file() async throws {
    let file = try await fileLayer(
      """
      // what this server does
      {
        "cluster.peers": ["a:1", "b:2"],  // two others
        "verbose": true, "threads": 4, "cache": "1GiB",
        /* nobody has set this yet */
        "client": {"token": null},
        log_level: 'loud',
      }
      """)
    let (read, _, refusal) = read(file)
    #expect(refusal.isEmpty)
    #expect(read.peers == ["a:1", "b:2"] && read.isVerbose && read.threads == 4)
    #expect(read.cache == .gibibytes(1) && read.token == nil && read.level == .loud)
  }

  @Test("A flag is not a number in a file, nor a number a flag")
  func types() async throws {
    let (_, _, refusal) = read(try await fileLayer(#"{"threads": true, "verbose": 3}"#))
    let lines = refusal.split(separator: "\n")
    #expect(lines.first?.hasPrefix("threads = \"true\" (file ") == true)
    #expect(lines.first?.hasSuffix("allowed: a whole number from 1 to 64") == true)
    #expect(lines.last?.hasPrefix("verbose = \"3\"") == true)
    let (_, _, half) = read(try await fileLayer(#"{"threads": 2.5}"#))
    #expect(half.hasPrefix("threads = \"2.5\""))
  }

  @Test("A file that cannot be read says which and why")
  func faults() async throws {
    #expect(
      try await fault("{\"listen\": ").hasPrefix("the configuration in FILE cannot be read: "))
    #expect(try await fault("").hasPrefix("the configuration in FILE cannot be read: "))
    #expect(try await fault("[1]").hasSuffix("it is not one object in braces"))
    #expect(try await fault(#"{"a": [1, [2]]}"#).contains("the list a has something other than"))
    #expect(try await fault(#"{"a": {"b": 1}, "a.b": 2}"#).hasSuffix("a.b stands twice"))
    let large = "{\"a\": \"\(String(repeating: "x", count: 1 << 20))\"}"
    #expect(try await fault(large).hasSuffix("at most 1048576 are read"))
    let deep =
      String(repeating: "{\"a\":", count: 2_000) + "1" + String(repeating: "}", count: 2_000)
    #expect(try await fault(deep).hasPrefix("the configuration in FILE cannot be read: "))
    await #expect(throws: ConfigurationFileFault.self) {
      try await ConfigurationLayer.file("/nowhere/aiond.json")
    }
  }

  @Test("A name that no setting has is refused, with those that it may stand for")
  func misspelled() async throws {
    let (_, _, refusal) = read(
      .flags(["lisen": "x"]),
      .environment(
        ["AIOND_CLINT_TOKEN": "hunter2", "PATH": "/bin", "AIONDB_SHARDING_ENABLD": "1"],
        claiming: ["AIOND_"]),
      try await fileLayer(#"{"cluster": {"peer": "x", "quorum": {"size": 3}}}"#))
    let lines = refusal.split(separator: "\n")
    #expect(lines.count == 4, "\(refusal)")
    #expect(
      lines[0].hasPrefix("lisen = \"…\" (flags): there is no such setting; allowed: listen, "))
    #expect(lines[1].hasPrefix("AIOND_CLINT_TOKEN = \"…\" (environment): there is no such setting"))
    #expect(lines[1].contains("allowed: AIOND_CLIENT_TOKEN, "))
    #expect(lines[2].contains("cluster.peer = ") && lines[3].contains("cluster.quorum.size = "))
    #expect(!refusal.contains("hunter2"))
  }

  @Test("A setting may have a flag of its own name")
  func ownFlag() {
    let (read, effective, refusal) = read(.flags(["cluster.peers": "a:1,b:2"]))
    #expect(refusal.isEmpty && read.peers == ["a:1", "b:2"])
    #expect(effective?.settings.map { "\($0.origin)" }.contains("flags, --peer") == true)
  }
}
