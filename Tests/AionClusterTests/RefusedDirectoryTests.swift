import AionCluster
import Foundation
import Testing

@Suite("Directories that are refused")
struct RefusedDirectoryTests {
  private func refusal(
    _ path: String, _ configuration: DurableConfiguration = DurableConfiguration()
  ) async -> NodeFault? {
    do throws(NodeFault) {
      await (try DurableControlPlane.open(at: path, configuration: configuration)).close()
      return nil
    } catch {
      return error
    }
  }

  @Test("Checklist 71: in use by another plane: the second is told by whom, the first goes on")
  func inUse() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let fault = try #require(await refusal(folder.path))
    guard case .log(.file(let error)) = fault, case .locked = error.kind else {
      Issue.record("expected a lock, got \(fault)")
      return
    }
    #expect("\(fault)".contains("\(ProcessInfo.processInfo.processIdentifier)"))
    try await plane.upsertRole(ClusterRoleDescriptor(name: "ada"))
    await plane.close()
    #expect(await refusal(folder.path) == nil)
  }

  @Test("A path that is a file, or whose parent is missing, is refused with the path")
  func notADirectory() async throws {
    let folder = try DataFolder()
    let file = folder.folder + "/file"
    try Data("hello".utf8).write(to: URL(fileURLWithPath: file))
    let fault = try #require(await refusal(file))
    guard case .log(.file(let error)) = fault else {
      Issue.record("unexpected \(fault)")
      return
    }
    #expect(error.kind == .notADirectory)
    #expect("\(fault)".contains(file))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "hello")
    let missing = try #require(await refusal(folder.folder + "/missing/data"))
    #expect("\(missing)".contains("missing/data"))
  }

  @Test("The directory of a node with another name is refused with both names")
  func otherNode() async throws {
    let folder = try DataFolder()
    await (try await folder.open(DurableConfiguration(nodeID: "node-a"))).close()
    let fault = await refusal(folder.path, DurableConfiguration(nodeID: "node-b"))
    #expect(fault == .otherNode(found: "node-a", expected: "node-b"))
  }

  @Test("Checklist 70: files of another cluster are refused, and left as they are")
  func foreignFiles() async throws {
    let one = try DataFolder()
    let other = try DataFolder()
    for folder in [one, other] {
      let plane = try await folder.open()
      try await plane.upsertRole(ClusterRoleDescriptor(name: "ada"))
      await plane.close()
    }
    let name = "log/00000000000000000001.log"
    let foreign = try Data(contentsOf: URL(fileURLWithPath: other.path + "/" + name))
    try foreign.write(to: URL(fileURLWithPath: one.path + "/" + name))
    let fault = try #require(await refusal(one.path))
    guard case .log(.damaged(let damage)) = fault, case .foreignCluster = damage.finding else {
      Issue.record("unexpected \(fault)")
      return
    }
    #expect(damage.file == name)
    #expect(try Data(contentsOf: URL(fileURLWithPath: one.path + "/" + name)) == foreign)
  }

  @Test("A bit that flipped in the middle of the log is told with segment, offset and index")
  func bitRot() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    for number in 0..<20 {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
    }
    await plane.close()
    let url = URL(fileURLWithPath: folder.path + "/log/00000000000000000001.log")
    var bytes = try Data(contentsOf: url)
    bytes[900] ^= 0x10
    try bytes.write(to: url)
    let fault = try #require(await refusal(folder.path))
    guard case .log(.damaged(let damage)) = fault else {
      Issue.record("unexpected \(fault)")
      return
    }
    #expect(damage.file == "log/00000000000000000001.log")
    #expect(damage.offset.bytes <= 900)
    #expect("\(fault)".contains("aionlog verify"))
  }
}
