import ClusterRig
import Foundation
import Testing

@Suite("Completion of aionctl's command line", .timeLimit(.minutes(2)))
struct CompletionTests {
  private static let commands = [
    "status", "members", "databases", "roles", "nodes", "shards", "resolve", "changes",
    "maintenance", "snapshot", "compact", "certs",
  ]

  @Test(
    "There is a script for each shell, and it knows every command",
    arguments: ["bash", "zsh", "fish"])
  func scripts(shell: String) async throws {
    let script = try await Program.aionctl(["--generate-completion-script", shell])
    #expect(script.exitCode == 0)
    for command in Self.commands { #expect(script.output.contains(command), "\(command)") }
  }

  @Test(
    "bash completes commands, options and values",
    arguments: [
      (["mem"], ["members"]), (["members", "tr"], ["transfer"]), (["certs", "cl"], ["client"]),
      (["databases", "list", "--outp"], ["--output"]),
      (["databases", "list", "--output", ""], ["table", "json"]),
      (["certs", "client", "anna", "--role", "w"], ["writer"]),
      (["certs", "ca", "--key-type", ""], ["p256", "p384"]),
    ])
  func bash(typed: [String], offered: [String]) async throws {
    let aionctl = try #require(ProgramPath.find("aionctl"))
    let folder = URL(filePath: aionctl).deletingLastPathComponent().path
    // What bash itself does when Tab is pressed.
    let session = """
      set -u
      source <(aionctl --generate-completion-script bash)
      function=$(complete -p aionctl | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      COMP_WORDS=(aionctl "$@")
      COMP_CWORD=$#
      COMP_LINE="aionctl $*"
      COMP_POINT=${#COMP_LINE}
      "$function" aionctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
    let ended = try await Program.run(
      URL(filePath: "/usr/bin/env"), ["bash", "-c", session, "bash"] + typed, environment)
    let words = ended.output.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    #expect(words == offered, "\(ended.errors)")
  }
}
