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
      throw LogFault(error)
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
