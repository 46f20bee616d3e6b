package import AionModel

extension SimulatedDisk {
  /// A place in a file that was synced.
  package struct Place {
    package var path: String
    package var offset: Int
  }

  /// The files that a damage can hit: synced, and not empty.
  private var targets: [(path: String, contents: FileContents)] {
    directories.keys.sorted().flatMap { directory in
      (directories[directory]?.durable ?? [:]).sorted { $0.key < $1.key }
        .filter { !$0.value.durable.isEmpty && $0.value.journal.isEmpty }
        .map { (directory == "/" ? "/" + $0.key : directory + "/" + $0.key, $0.value) }
    }
  }

  /// A bit flips.
  package func rot(_ chance: inout SplitMix64, at now: Moment) -> Place? {
    settle(by: now)
    let targets = targets
    guard !targets.isEmpty else { return nil }
    let target = chance.one(of: targets)
    let offset = chance.below(target.contents.durable.count)
    let bit = UInt8(1) << UInt8(chance.below(8))
    target.contents.damage { $0[offset] ^= bit }
    return Place(path: target.path, offset: offset)
  }

  /// Some sectors of one place come to lie in another.
  ///
  /// The write that went astray is an old one: its own place has been written since, as if it had
  /// been noticed and mended, so that what is lost is what the astray bytes have overwritten.
  func misdirect(_ chance: inout SplitMix64, at now: Moment) -> Place? {
    settle(by: now)
    let sector = FileContents.FileChange.sector
    let sources = targets.filter { $0.contents.durable.count >= sector }
    guard !sources.isEmpty else { return nil }
    let source = chance.one(of: sources).contents
    let target = chance.one(of: sources)
    let from = chance.below(source.durable.count / sector) * sector
    let to = chance.below(target.contents.durable.count / sector) * sector
    var bytes = Array(source.durable[from..<(from + sector)])
    // Zeros over the newest batch could not be told from one that was never written; what lies
    // there then is another program's.
    for place in bytes.indices where bytes[place] == 0 {
      bytes[place] = UInt8(1 + chance.below(255))
    }
    target.contents.damage { $0.overwrite(at: to, with: bytes[...]) }
    return Place(path: target.path, offset: to)
  }

  private func settle(by now: Moment) {
    for path in directories.keys.sorted() {
      directories[path]?.settle(by: now)
      for contents in (directories[path]?.names ?? [:]).values { contents.settle(by: now) }
    }
  }
}
