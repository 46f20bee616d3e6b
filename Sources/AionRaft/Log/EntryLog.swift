package import AionModel

/// The entries after a base position, without gaps, in chunks.
///
/// Appending is O(1), removing a prefix drops whole chunks, and a copy of the value shares all of
/// them: changing the copy copies one chunk. Which chunk an entry is in follows from its index
/// alone, so equal logs have equal representations.
package struct EntryLog: Hashable, Sendable {
  /// The position before the first entry: what a snapshot has replaced.
  package private(set) var base: LogPosition
  package private(set) var last: LogPosition
  private var chunks: [[Entry]] = []

  private static let chunkBits = 8

  package init(after base: LogPosition) {
    self.base = base
    self.last = base
  }

  package var first: LogIndex { base.index.next }
  package var isEmpty: Bool { chunks.isEmpty }

  /// The term at an index, the base included; `nil` where it is compacted or not yet written.
  package func term(at index: LogIndex) -> Term? {
    if index == last.index { return last.term }
    if index == base.index { return base.term }
    guard index > base.index, index < last.index else { return nil }
    return self[index].term
  }

  package func matches(_ position: LogPosition) -> Bool {
    term(at: position.index) == position.term
  }

  /// An entry that is in the log.
  package subscript(index: LogIndex) -> Entry {
    let place = locate(index)
    return chunks[place.chunk][place.offset]
  }

  package mutating func append(_ entry: Entry) {
    let chunk = locate(entry.index).chunk
    if chunk == chunks.count {
      chunks.append([entry])
    } else {
      chunks[chunk].append(entry)
    }
    last = entry.position
  }

  /// Forgets every entry after an index, which is in the log or is its base.
  package mutating func truncate(after index: LogIndex) {
    guard index < last.index else { return }
    guard index > base.index else {
      chunks.removeAll()
      last = base
      return
    }
    let place = locate(index)
    chunks.removeSubrange((place.chunk + 1)...)
    chunks[place.chunk].removeSubrange((place.offset + 1)...)
    last = chunks[place.chunk][place.offset].position
  }

  /// Forgets every entry up to an index, which is in the log, and makes it the base.
  package mutating func compact(through index: LogIndex) {
    guard index > base.index, let term = term(at: index) else { return }
    let newBase = LogPosition(term: term, index: index)
    guard index < last.index else {
      self = EntryLog(after: newBase)
      return
    }
    let place = locate(index.next)
    chunks.removeSubrange(..<place.chunk)
    chunks[0].removeSubrange(..<place.offset)
    base = newBase
  }

  /// Appends the entries of a range to an array.
  package func copy(_ range: Range<LogIndex>, into entries: inout [Entry]) {
    guard !range.isEmpty else { return }
    entries.reserveCapacity(entries.count + range.count)
    var place = locate(range.lowerBound)
    var missing = range.count
    while missing > 0 {
      let taken = min(missing, chunks[place.chunk].count - place.offset)
      entries.append(contentsOf: chunks[place.chunk][place.offset..<place.offset + taken])
      missing -= taken
      place = (place.chunk + 1, 0)
    }
  }

  package func entries(_ range: Range<LogIndex>) -> [Entry] {
    var entries: [Entry] = []
    copy(range, into: &entries)
    return entries
  }

  /// The longest prefix of a range whose sizes sum up to a limit, and at least one entry.
  package func page(_ range: Range<LogIndex>, limit: ByteCount) -> Range<LogIndex> {
    guard limit.bytes < Int.max, !range.isEmpty else { return range }
    var size = self[range.lowerBound].countedSize
    var end = range.lowerBound.next
    while end < range.upperBound {
      size += self[end].countedSize
      if size > limit { break }
      end = end.next
    }
    return range.lowerBound..<end
  }

  package func countedSize(_ range: Range<LogIndex>) -> ByteCount {
    var size = ByteCount.zero
    for index in range { size += self[index].countedSize }
    return size
  }

  private func locate(_ index: LogIndex) -> (chunk: Int, offset: Int) {
    let origin = Int(first.rawValue)
    let wanted = Int(index.rawValue)
    let chunk = (wanted >> Self.chunkBits) - (origin >> Self.chunkBits)
    let mask = (1 << Self.chunkBits) - 1
    return (chunk, (wanted & mask) - (chunk == 0 ? origin & mask : 0))
  }
}
