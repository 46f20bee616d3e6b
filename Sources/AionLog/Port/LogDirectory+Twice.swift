import AionModel

/// A small record that is kept in two files, so that one rotten file does not lose it.
struct KeptTwice<Record> {
  var record: Record?
  /// The copies that did not hold.
  var damage: [LogDamage] = []
  /// Whether the two are not the same, so that they have to be written anew.
  var isUneven = false
}

extension LogDirectory {
  static var copyExtension: String { ".copy" }

  /// Writes both copies, each in one step. A crash in between leaves one as it was: what was to be
  /// written may then be there or not, and nobody was told that it is.
  func writeTwice(_ bytes: [UInt8], as name: String) throws(LogFault) {
    try writeAtomically(bytes, as: name + Self.copyExtension)
    try writeAtomically(bytes, as: name)
  }

  /// Reads a record from whichever copy holds; of two that hold and differ from the second written,
  /// which is what the last write that came to its end has left.
  ///
  /// - Throws: `damaged` when neither holds, or when one is for another program.
  func readTwice<Record>(
    _ name: String, limit: Int = HeaderFrame.maximumVersionedLength,
    decode: (UnsafeRawBufferPointer) throws(LogDamage.Finding) -> Record
  ) throws(LogFault) -> KeptTwice<Record> {
    let first = try copy(name, limit, decode)
    let second = try copy(name + Self.copyExtension, limit, decode)
    switch (first, second) {
    case (.missing, .missing): return KeptTwice()
    case (.damaged(let damage), _) where damage.finding.isForeign: throw .damaged(damage)
    case (_, .damaged(let damage)) where damage.finding.isForeign: throw .damaged(damage)
    case (.whole(let record, let bytes), .whole(_, let other)):
      return KeptTwice(record: record, isUneven: bytes != other)
    case (.whole(let record, _), .missing), (.missing, .whole(let record, _)):
      return KeptTwice(record: record, isUneven: true)
    case (.whole(let record, _), .damaged(let damage)),
      (.damaged(let damage), .whole(let record, _)):
      return KeptTwice(record: record, damage: [damage], isUneven: true)
    case (.damaged(let damage), _), (.missing, .damaged(let damage)): throw .damaged(damage)
    }
  }

  private func copy<Record>(
    _ name: String, _ limit: Int,
    _ decode: (UnsafeRawBufferPointer) throws(LogDamage.Finding) -> Record
  ) throws(LogFault) -> Copy<Record> {
    func damage(_ finding: LogDamage.Finding) -> LogDamage {
      LogDamage(file: name, offset: .zero, after: .zero, finding: finding)
    }
    let bytes: [UInt8]
    do throws(LogFault) {
      guard let found = try smallFile(name, limit: limit) else { return .missing }
      bytes = found
    } catch {
      guard case .file(let cause) = error, cause.isUnreadable else { throw error }
      return .damaged(damage(.unreadable(cause)))
    }
    do throws(LogDamage.Finding) {
      return .whole(try bytes.withBytes(decode), bytes)
    } catch {
      return .damaged(damage(error))
    }
  }
}

private enum Copy<Record> {
  case missing
  case whole(Record, [UInt8])
  case damaged(LogDamage)
}
