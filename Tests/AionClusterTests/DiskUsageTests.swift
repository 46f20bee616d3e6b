import AionCluster
import AionModel
import Foundation
import Testing

@Suite("What a data directory takes of its disk")
struct DiskUsageTests {
  @Test("It is known when a plane is open, grows with what is written, and is that of the files")
  func growth() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let begun = try #require(plane.status().disk)
    #expect(begun.free > .zero)
    #expect(try folder.allocatedBytes() == begun.used.bytes)
    // A snapshot is a file more.
    try await plane.upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1"))
    try await plane.compact()
    await plane.close()
    let grown = try #require(plane.status().disk)
    #expect(grown.used > begun.used)
    #expect(try folder.allocatedBytes() == grown.used.bytes)
  }
}

extension DataFolder {
  /// What `du` would say.
  fileprivate func allocatedBytes() throws -> Int {
    let names = try #require(FileManager.default.enumerator(atPath: path)).compactMap {
      $0 as? String
    }
    return names.reduce(0) { sum, name in
      var status = stat()
      guard lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
        return sum
      }
      return sum + Int(status.st_blocks) * 512
    }
  }
}
