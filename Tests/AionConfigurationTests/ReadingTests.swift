import AionConfiguration
import AionModel
import AionPlacement
import Testing

@Suite("Reading settings")
struct ReadingTests {
  private func read(_ values: [String: String]) -> (ServerConfiguration, String) {
    let (configuration, _, refusal) = AionConfigurationTests.read(
      .environment(values, claiming: Settings.prefixes))
    return (configuration, refusal)
  }

  @Test(
    "A wrong value is refused with its name, itself and what is allowed",
    arguments: [
      ("LISTEN", "", "it is empty; allowed: an address such as 127.0.0.1:7400"),
      ("LISTEN", "a\u{7}b", "there is a control character in it; allowed: an address such as"),
      ("CLUSTER_PEERS", "a,b,a", "a stands twice; allowed: up to 3, separated by commas"),
      ("CLUSTER_PEERS", "a,b,c,d", "these are 4; allowed: up to 3"),
      ("CLUSTER_PEERS", "a,,b", "it is empty; allowed: up to 3"),
      ("CLUSTER_PEERS", "0123456789abc", "longer than 12 bytes; allowed: up to 3"),
      ("TIMEOUT", "5", "it has no unit; allowed: a time such as 250ms, 5s, 2m or 1h, "),
      ("TIMEOUT", "5d", "d is no unit; allowed: a time"),
      ("TIMEOUT", "9ms", "allowed: a time such as 250ms, 5s, 2m or 1h, from 10ms to 1h"),
      ("TIMEOUT", "3601s", "allowed: a time"),
      ("TIMEOUT", "9223372036854775807h", "allowed: a time"),
      ("TIMEOUT", "-5s", "allowed: a time"),
      ("CACHE", "4095", "allowed: a size such as 4096, 64KiB, 16MiB or 2GiB, from 4KiB to 8GiB"),
      ("CACHE", "9GiB", "allowed: a size"),
      ("CACHE", "9223372036854775807GiB", "allowed: a size"),
      ("CACHE", "64MB", "MB is no unit; allowed: a size"),
      ("LOG_LEVEL", "LOUD", "allowed: one of quiet, loud"),
      ("THREADS", "0", "allowed: a whole number from 1 to 64"),
      ("VERBOSE", "maybe", "allowed: true or false"),
    ])
  func refusals(key: String, value: String, rest: String) {
    let (_, refusal) = read(["AIOND_\(key)": value])
    #expect(refusal.hasPrefix("AIOND_\(key) = \"\(value)\" (environment): \(rest)"), "\(refusal)")
  }

  @Test("Values at their limits are taken, white space around them aside")
  func limits() {
    let (low, _) = read([
      "AIOND_TIMEOUT": " 10ms ", "AIOND_CACHE": "4096", "AIOND_THREADS": "1",
      "AIOND_CLUSTER_PEERS": "", "AIOND_CLIENT_TOKEN": "",
    ])
    #expect(low.timeout == .milliseconds(10) && low.cache == .kibibytes(4) && low.threads == 1)
    #expect(low.peers.isEmpty && low.token == nil)
    let (high, refusal) = read([
      "AIOND_TIMEOUT": "1h", "AIOND_CACHE": "8 GiB", "AIOND_THREADS": "64",
      "AIOND_CLUSTER_PEERS": "0123456789ab, b ,c", "AIOND_CLIENT_TOKEN": "12345678",
    ])
    #expect(high.timeout == .seconds(3_600) && high.cache == .gibibytes(8) && high.threads == 64)
    #expect(high.peers == ["0123456789ab", "b", "c"] && high.token == "12345678")
    #expect(refusal.isEmpty)
  }

  @Test("Everything that is wrong is told at once, and what was read meanwhile is the default")
  func allAtOnce() {
    let (read, refusal) = read([
      "AIOND_THREADS": "x", "AIOND_CACHE": "y", "AIOND_NONSENSE": "z",
    ])
    #expect(refusal.split(separator: "\n").count == 3)
    #expect(read.threads == 2 && read.cache == .mebibytes(64))
  }

  @Test("A secret is in no rendering and no refusal")
  func secrets() async throws {
    let secret = "hunter2!!"
    let (_, wrong) = read(["AIOND_CLIENT_TOKEN": secret])
    #expect(
      wrong
        == "AIOND_CLIENT_TOKEN = \"<redacted>\" (environment): allowed: at most 8 bytes, or nothing"
    )
    let file = try await fileLayer(#"{"client.token": "hunter2"}"#)
    let (configuration, effective, _) = AionConfigurationTests.read(file)
    #expect(configuration.token == "hunter2")
    #expect(effective.map { "\($0)" }?.contains("hunter2") == false)
    #expect(effective.map { "\($0)" }?.contains("// \"client.token\": \"<redacted>\"") == true)
    var text = ""
    dump(effective, to: &text)
    #expect(!text.contains("hunter2"))
  }

  @Test("What is printed is a file that gives the same values, each with where it came from")
  func printed() async throws {
    let (first, effective, _) = AionConfigurationTests.read(
      .flags(["listen": "quote\" backslash\\ é:1"]),
      .environment(
        ["AIOND_TIMEOUT": "90s", "AIOND_CACHE": "1536KiB", "AIOND_VERBOSE": "yes"],
        claiming: Settings.prefixes))
    let text = try #require(effective.map { "\($0)" })
    #expect(text.hasPrefix("{\n  \"listen\": \"quote\\\" backslash\\\\ é:1\","))
    #expect(text.contains("\"timeout\": \"90s\","))
    #expect(text.contains("// environment, AIOND_TIMEOUT\n"))
    #expect(text.contains("\"cache\": \"1536KiB\","))
    #expect(text.contains("\"log_level\": \"quiet\","))
    let (second, _, refusal) = AionConfigurationTests.read(try await fileLayer(text))
    #expect(second == first, "\(refusal)")
  }

  @Test("Values that do not go together are refused as they were written")
  func together() {
    func refusal(_ values: [String: String]) -> String {
      var reading = ConfigurationReading([.environment(values, claiming: Settings.prefixes)])
      let threads = reading.read(Settings.threads)
      if threads > 1 {
        reading.refuse(Settings.threads, complaint: "there is one core", allowed: "1")
      }
      do throws(ConfigurationRefusal) {
        return "accepted: \(try reading.finish())"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      refusal(["AIOND_THREADS": "8"])
        == "AIOND_THREADS = \"8\" (environment): there is one core; allowed: 1")
    #expect(refusal([:]) == "threads = \"2\" (default): there is one core; allowed: 1")
    #expect(refusal(["AIOND_THREADS": "1"]).hasPrefix("accepted"))
  }
}
