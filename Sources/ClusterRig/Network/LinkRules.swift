/// Who is at an end of a link.
public enum LinkEnd: Hashable, Sendable, CustomStringConvertible {
  case node(Int)
  /// Everyone who is not one of the rig's processes.
  case clients

  public var description: String {
    switch self {
    case .node(let number): "n\(number)"
    case .clients: "clients"
    }
  }
}

/// What becomes of bytes that go from one end to another.
public enum LinkRule: Hashable, Sendable {
  case pass
  /// As on a network that loses everything: nothing arrives, neither bytes nor the end of a
  /// connection nor the beginning of a new one, and nobody is told. What waits arrives once the
  /// link passes again, as what is sent again and again does.
  case hold
  /// As behind a firewall that answers: connections end at once, and so do new ones.
  case reset
}

/// What becomes of bytes on each directed link; they pass where nothing else is said.
struct LinkRules: Equatable, Sendable {
  private struct Link: Hashable {
    var from: LinkEnd
    var to: LinkEnd
  }

  private var rules: [Link: LinkRule] = [:]

  subscript(from: LinkEnd, to: LinkEnd) -> LinkRule {
    get { rules[Link(from: from, to: to)] ?? .pass }
    set { rules[Link(from: from, to: to)] = newValue == .pass ? nil : newValue }
  }
}
