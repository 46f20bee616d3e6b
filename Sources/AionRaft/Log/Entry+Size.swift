package import AionModel

extension Entry {
  /// The bytes of the payload alone: what counts against the limit on uncommitted proposals. An
  /// empty entry counts nothing, so that a new leader's first entry is never refused.
  var payloadSize: ByteCount { payload.size }

  /// The bytes of the entry with its frame: what counts against the size of a message or an output.
  package var countedSize: ByteCount {
    let frame = 4 + Entry.varintLength(term.rawValue) + Entry.varintLength(index.rawValue)
    let payload = payloadSize.bytes
    let body = payload == 0 ? 0 : 1 + payload + Entry.varintLength(UInt64(payload))
    return ByteCount(frame + body)
  }

  private static func varintLength(_ value: UInt64) -> Int {
    (70 - (value | 1).leadingZeroBitCount) / 7
  }
}

extension Entry.Payload {
  var size: ByteCount {
    switch self {
    case .empty: .zero
    case .command(let bytes): ByteCount(bytes.count)
    case .configuration(let change): change.countedSize
    }
  }
}

extension ConfigurationChange {
  /// The change that leaves a joint configuration counts nothing: it is never refused for its size.
  package var countedSize: ByteCount {
    steps.isEmpty && context.isEmpty ? .zero : ByteCount(6 * steps.count + context.count + 2)
  }

  /// Whether this asks to leave the joint configuration.
  var leavesJoint: Bool { steps.isEmpty }
}
