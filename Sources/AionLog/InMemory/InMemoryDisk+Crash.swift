import AionModel
import Synchronization

extension InMemoryDisk {
  /// What of the unsynced changes a loss of power leaves behind.
  public enum Survival: Hashable, Sendable {
    /// Nothing.
    case synced
    /// Everything, as after a kill of the process.
    case everything
    /// Of every file and directory the first changes, their number drawn from the seed; the last
    /// one of a file in part, by sectors inside the file and by bytes where it grew.
    case prefix(seed: UInt64)
    /// Of every change to a file any of its sectors, drawn from the seed; of every directory the
    /// first changes.
    case sectors(seed: UInt64)
  }

  /// Loses power and comes back: locks are gone, faults too, open files go on naming the old bytes.
  public func crash(_ survival: Survival = .synced) {
    state.withLock { $0.crash(survival) }
  }

  static let sector = 512
}

extension InMemoryDisk.State {
  mutating func crash(_ survival: InMemoryDisk.Survival) {
    var chance = SplitMix64(seed: survival.seed)
    for path in directories.keys.sorted() {
      directories[path]?.settle(survival, &chance)
    }
    for number in files.keys.sorted() {
      files[number]?.settle(survival, &chance)
    }
    let named = Set(directories.values.flatMap { $0.names.values })
    files = files.filter { named.contains($0.key) }
    faults = InMemoryDisk.Faults()
    isDead = false
    locks = [:]
  }
}

extension InMemoryDisk.Survival {
  fileprivate var seed: UInt64 {
    switch self {
    case .synced, .everything: 0
    case .prefix(let seed), .sectors(let seed): seed
    }
  }
}

extension InMemoryDisk.DirectoryNode {
  fileprivate mutating func settle(
    _ survival: InMemoryDisk.Survival, _ chance: inout SplitMix64
  ) {
    let kept: Int =
      switch survival {
      case .synced: 0
      case .everything: pending.count
      case .prefix, .sectors: chance.draw(through: pending.count)
      }
    for change in pending.prefix(kept) { change.apply(to: &durable) }
    pending = []
    names = durable
  }
}

extension InMemoryDisk.NameChange {
  func apply(to names: inout [String: Int]) {
    switch self {
    case .add(let name, let file): names[name] = file
    case .rename(let name, let newName): names[newName] = names.removeValue(forKey: name)
    case .remove(let name): names[name] = nil
    }
  }
}

extension InMemoryDisk.FileNode {
  fileprivate mutating func settle(
    _ survival: InMemoryDisk.Survival, _ chance: inout SplitMix64
  ) {
    switch survival {
    case .synced: break
    case .everything: durable = bytes
    case .prefix:
      let kept = chance.draw(through: pending.count)
      for change in pending.prefix(kept) { change.apply(to: &durable) }
      if kept < pending.count { pending[kept].applyInPart(to: &durable, &chance) }
    case .sectors:
      for change in pending { change.applySomeSectors(to: &durable, &chance) }
    }
    pending = []
    bytes = durable
  }
}

extension InMemoryDisk.FileChange {
  func apply(to bytes: inout [UInt8]) {
    switch self {
    case .write(let offset, let written): bytes.overwrite(at: offset, with: written[...])
    case .truncate(let size): bytes.resize(to: size)
    }
  }

  fileprivate func applyInPart(to bytes: inout [UInt8], _ chance: inout SplitMix64) {
    guard case .write(let offset, let written) = self else { return }
    var end = offset + chance.draw(through: written.count)
    if end < bytes.count { end = max(offset, end / InMemoryDisk.sector * InMemoryDisk.sector) }
    bytes.overwrite(at: offset, with: written.prefix(end - offset))
  }

  fileprivate func applySomeSectors(to bytes: inout [UInt8], _ chance: inout SplitMix64) {
    guard case .write(let offset, let written) = self else {
      if chance.draw(through: 1) == 1 { apply(to: &bytes) }
      return
    }
    var position = offset
    while position < offset + written.count {
      let boundary = (position / InMemoryDisk.sector + 1) * InMemoryDisk.sector
      let end = min(boundary, offset + written.count)
      if chance.draw(through: 1) == 1 {
        bytes.overwrite(at: position, with: written[(position - offset)..<(end - offset)])
      }
      position = end
    }
  }
}

extension SplitMix64 {
  /// A number from 0 to `bound`; their unevenness is below 2^-40 for the counts of a test.
  fileprivate mutating func draw(through bound: Int) -> Int { Int(next() % UInt64(bound + 1)) }
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
