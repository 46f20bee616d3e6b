import AionModel

/// What is in a file: as programs see it, and as it would be found after a loss of power.
// Only the disk that holds it changes it, and a world is one thread's.
final class FileContents: @unchecked Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var durable: [UInt8] = []
  private(set) var journal = Journal<FileChange>()

  enum FileChange {
    case write(at: Int, [UInt8])
    case truncate(to: Int)
  }

  func perform(_ change: FileChange, at time: Moment) {
    change.apply(to: &bytes)
    journal.note(change, at: time)
  }

  func sync(begun: Moment, done: Moment, present: Moment) {
    settle(by: present)
    journal.noteSync(begun: begun, done: done)
  }

  /// A sync has failed: any of the changes since the last one may never come to the platter.
  func forgetSome(_ chance: inout SplitMix64) { journal.forgetSome(&chance) }

  /// Brings to the platter what syncs that have ended have promised.
  func settle(by now: Moment) {
    for change in journal.takeDurable(by: now) { change.apply(to: &durable) }
  }

  /// A crash: of what was not synced, what `survival` says is left.
  func crash(at now: Moment, _ survival: Survival, _ chance: inout SplitMix64) {
    settle(by: now)
    let unsynced = journal.takeUnsynced(by: now)
    switch survival {
    case .synced: break
    case .everything: for change in unsynced { change.apply(to: &durable) }
    case .prefix:
      let kept = chance.below(unsynced.count + 1)
      for change in unsynced.prefix(kept) { change.apply(to: &durable) }
      if kept < unsynced.count { unsynced[kept].applyInPart(to: &durable, &chance) }
    case .sectors: for change in unsynced { change.applySomeSectors(to: &durable, &chance) }
    }
    bytes = durable
  }

  /// Changes bytes on the platter, behind everybody's back.
  func damage(_ change: (inout [UInt8]) -> Void) {
    change(&durable)
    bytes = durable
  }
}

/// What of the unsynced changes a crash leaves behind.
package enum Survival: String, CaseIterable {
  /// Nothing.
  case synced
  /// Everything, as after a kill of the process.
  case everything
  /// Of every file and directory the first changes; the last of them in part.
  case prefix
  /// Of every change to a file any of its sectors; of every directory the first changes.
  case sectors
}

extension FileContents.FileChange {
  static let sector = 512

  func apply(to bytes: inout [UInt8]) {
    switch self {
    case .write(let offset, let written): bytes.overwrite(at: offset, with: written[...])
    case .truncate(let size): bytes.resize(to: size)
    }
  }

  /// By sectors inside the file and by bytes where it grows.
  fileprivate func applyInPart(to bytes: inout [UInt8], _ chance: inout SplitMix64) {
    guard case .write(let offset, let written) = self else { return }
    var end = offset + chance.below(written.count + 1)
    if end < bytes.count { end = max(offset, end / Self.sector * Self.sector) }
    bytes.overwrite(at: offset, with: written.prefix(end - offset))
  }

  fileprivate func applySomeSectors(to bytes: inout [UInt8], _ chance: inout SplitMix64) {
    guard case .write(let offset, let written) = self else {
      if chance.below(2) == 0 { apply(to: &bytes) }
      return
    }
    var position = offset
    while position < offset + written.count {
      let end = min((position / Self.sector + 1) * Self.sector, offset + written.count)
      if chance.below(2) == 0 {
        bytes.overwrite(at: position, with: written[(position - offset)..<(end - offset)])
      }
      position = end
    }
  }
}

extension [UInt8] {
  /// Writes over what stands at `offset`; a gap before it reads as zeros.
  mutating func overwrite(at offset: Int, with written: ArraySlice<UInt8>) {
    guard !written.isEmpty else { return }
    if count < offset + written.count { resize(to: offset + written.count) }
    replaceSubrange(offset..<(offset + written.count), with: written)
  }

  mutating func resize(to size: Int) {
    if count > size {
      removeLast(count - size)
    } else {
      append(contentsOf: repeatElement(0, count: size - count))
    }
  }
}
