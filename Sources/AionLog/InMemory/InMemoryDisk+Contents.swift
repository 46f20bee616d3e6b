import Synchronization

/// The disk as somebody with a screwdriver sees it; changes made here are durable at once.
extension InMemoryDisk {
  /// The paths of all files, sorted.
  public var paths: [String] {
    state.withLock { state in
      state.directories.flatMap { path, node in
        node.names.keys.map { path == "/" ? "/" + $0 : path + "/" + $0 }
      }.sorted()
    }
  }

  /// What programs read in the file at `path`; nil when there is none.
  public func contents(of path: String) -> [UInt8]? {
    state.withLock { state in
      let (directory, name) = Self.split(path)
      return state.directories[directory]?.names[name].flatMap { state.files[$0]?.bytes }
    }
  }

  /// Replaces what is in a file, or makes it, the folder above it being there.
  public func setContents(of path: String, to bytes: [UInt8]) {
    state.withLock { state in
      let (directory, name) = Self.split(path)
      let number = state.directories[directory]?.names[name] ?? state.nextFile
      state.nextFile = max(state.nextFile, number + 1)
      state.directories[directory]?.names[name] = number
      state.directories[directory]?.durable[name] = number
      state.files[number] = FileNode(bytes: bytes, durable: bytes)
    }
  }

  /// Removes a file.
  public func removeFile(at path: String) {
    state.withLock { state in
      let (directory, name) = Self.split(path)
      state.directories[directory]?.names[name] = nil
      state.directories[directory]?.durable[name] = nil
    }
  }

  /// Another disk with the same content, on which nothing is pending, open, locked or faulty.
  public func copy() -> InMemoryDisk {
    let copied = InMemoryDisk()
    var content = state.withLock { $0 }
    content.crash(.everything)
    copied.state.withLock { [content] in $0 = content }
    return copied
  }

  private static func split(_ path: String) -> (directory: String, name: String) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let directory = String(path[..<slash])
    return (directory.isEmpty ? "/" : directory, String(path[path.index(after: slash)...]))
  }
}
