/// The lines in which two texts differ, in the form of `diff -u`.
public struct UnifiedDiff: Sendable {
  fileprivate enum Line {
    case same(String)
    case removed(String)
    case added(String)
  }

  private let lines: [Line]

  public init(from old: [String], to new: [String]) {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        lines.append(.removed(old[left]))
        left += 1
      } else if right < new.count, added.contains(right) {
        lines.append(.added(new[right]))
        right += 1
      } else {
        lines.append(.same(old[left]))
        (left, right) = (left + 1, right + 1)
      }
    }
    self.lines = lines
  }

  /// The differing lines with three lines around them; `firstLine` is where the old text begins.
  public func text(firstLine: Int, context: Int = 3) -> String {
    var text = ""
    var (left, right) = (firstLine, firstLine)
    var end = 0
    for (place, line) in lines.enumerated() {
      if place >= end, hasChange(from: place, within: context) {
        end = hunkEnd(from: place, context: context)
        text += header(place..<end, left, right)
      }
      if place < end { text += rendered(line) }
      if case .added = line {} else { left += 1 }
      if case .removed = line {} else { right += 1 }
    }
    return text
  }

  private func hasChange(from place: Int, within context: Int) -> Bool {
    lines[place..<min(place + context + 1, lines.count)].contains { $0.isChange }
  }

  private func hunkEnd(from place: Int, context: Int) -> Int {
    var end = place
    var quiet = 0
    var seen = false
    while end < lines.count, !seen || quiet < 2 * context {
      if lines[end].isChange {
        quiet = 0
        seen = true
      } else {
        quiet += 1
      }
      end += 1
    }
    return seen ? end - max(0, quiet - context) : end
  }

  private func header(_ hunk: Range<Int>, _ left: Int, _ right: Int) -> String {
    let old = lines[hunk].count { if case .added = $0 { false } else { true } }
    let new = lines[hunk].count { if case .removed = $0 { false } else { true } }
    return "@@ -\(left),\(old) +\(right),\(new) @@\n"
  }

  private func rendered(_ line: Line) -> String {
    switch line {
    case .same(let text): " \(text)\n"
    case .removed(let text): "-\(text)\n"
    case .added(let text): "+\(text)\n"
    }
  }
}

extension UnifiedDiff.Line {
  fileprivate var isChange: Bool {
    if case .same = self { return false }
    return true
  }
}
