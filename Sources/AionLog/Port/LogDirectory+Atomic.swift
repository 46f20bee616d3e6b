import AionModel

extension LogDirectory {
  static var temporaryExtension: String { ".tmp" }

  /// A small file that is there whole and durable, or not at all.
  func writeAtomically(_ bytes: [UInt8], as name: String) throws(LogFault) {
    let temporary = name + Self.temporaryExtension
    do throws(FileError) {
      let file = try create(temporary)
      do throws(IncompleteWrite) {
        try bytes.withBytes { (raw) throws(IncompleteWrite) in
          try file.writeAll(raw, at: .zero)
        }
      } catch {
        throw error.cause
      }
      try file.sync()
      try rename(temporary, to: name)
      try sync()
    } catch {
      // What cannot be removed now is removed at the next opening.
      try? remove(temporary)
      throw LogFault(error)
    }
  }

  static var namesProbe: String { "names" }

  /// Has the directory written once more, and synced: a process before this one may have failed to
  /// sync the names that are read here, and a sync without a change would be about nothing.
  func renewNames() throws(FileError) {
    let probe = Self.namesProbe + Self.temporaryExtension
    _ = try create(probe)
    do throws(FileError) { try sync() } catch {
      try? remove(probe)
      throw error
    }
    try remove(probe)
    try sync()
  }

  /// Copies the beginning of a file into a new one, in constant memory, and syncs it.
  func copy(_ source: File, upTo end: ByteCount, as name: String) throws(FileError) {
    let target = try create(name)
    let window = FileWindow(source)
    var position = ByteCount.zero
    while position < end {
      let portion = try window.bytes(at: position, count: min(1 << 20, (end - position).bytes))
      guard !portion.isEmpty else { break }
      do throws(IncompleteWrite) { try target.writeAll(portion, at: position) } catch {
        throw error.cause
      }
      position += ByteCount(portion.count)
    }
    try target.sync()
  }

  /// The bytes of a file that is one header, or nil when there is no such file.
  func smallFile(
    _ name: String, limit: Int = HeaderFrame.maximumVersionedLength
  ) throws(LogFault) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: limit)
    do throws(FileError) {
      let file = try open(name, for: .reading)
      let count = try bytes.withMutableBytes { (buffer) throws(FileError) in
        try file.readFully(into: buffer, at: .zero)
      }
      bytes.removeLast(bytes.count - count.bytes)
      return bytes
    } catch {
      if error.kind == .notFound { return nil }
      throw .file(error)
    }
  }

  /// Removes what an interrupted creation left behind, and tells its names.
  ///
  /// - Parameter isOurs: whether a file of that name is one that we make; others stay.
  func removeLeftovers(where isOurs: (_ name: String) -> Bool) throws(FileError) -> [String] {
    let leftovers = try names().filter { name in
      name.hasSuffix(Self.temporaryExtension)
        && isOurs(String(name.dropLast(Self.temporaryExtension.count)))
    }
    for name in leftovers { try remove(name) }
    return leftovers
  }
}

extension LogFault {
  init(_ error: FileError) {
    self = error.kind == .noSpace ? .diskFull(path: error.path) : .file(error)
  }
}
