public import AionModel
import Synchronization

/// Takes the result of a fragment, piece by piece. A caller that reads slowly holds up whoever
/// sends, and costs no memory.
public final class FragmentOutput: Sendable {
  private static let pieceLength = 256 << 10

  private let items: ItemStream
  private let sent = Mutex(0)

  init(_ items: ItemStream) { self.items = items }

  /// How much was sent.
  var length: ByteCount { ByteCount(sent.withLock { $0 }) }

  /// Sends what comes next of the result, as soon as the caller takes it. Called by one task at a
  /// time.
  ///
  /// - Throws: `cancelled` when nobody waits for it any more.
  public func send(_ bytes: [UInt8]) async throws(ClusterError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Self.pieceLength))
      guard !Task.isCancelled, await items.send(piece) else { throw .cancelled }
      sent.withLock { $0 += piece.count }
      rest = rest.dropFirst(piece.count)
    }
  }
}
