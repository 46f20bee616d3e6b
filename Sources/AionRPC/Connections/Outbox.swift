import AionModel
import NIOCore
import Synchronization

/// What waits to be sent over one connection. Any thread may add to it; it holds so much and no
/// more, so a peer that reads slowly costs a bounded piece of memory.
///
/// Frames that are added while the event loop is busy leave together, in one write, unless they are
/// to leave at once.
final class Outbox: Sendable {
  private struct State {
    var waiting = ByteBuffer()
    /// Bytes that the channel has and the kernel has not yet; below the channel's high-water mark
    /// (64 KiB) none are counted.
    var written = 0
    var isFlushScheduled = false
    var isClosed = false
  }

  private let state = Mutex(State())
  private let channel: any Channel
  private let limit: ByteCount

  init(channel: any Channel, limit: ByteCount) {
    self.channel = channel
    self.limit = limit
  }

  /// Adds a frame.
  ///
  /// - Parameter atOnce: Whether it leaves now, with all that waits, when this is the event loop;
  ///   which does something else next that takes long.
  /// - Returns: false when there is no room for it, or the connection has ended.
  func send(_ frame: Frame, atOnce: Bool = false) -> Bool {
    let leavesNow = atOnce && channel.eventLoop.inEventLoop
    let length = FrameHeader.length + frame.payload.count
    let outcome = state.withLock { state -> (isTaken: Bool, mustFlush: Bool) in
      guard !state.isClosed, state.waiting.readableBytes + state.written + length <= limit.bytes
      else { return (false, false) }
      state.waiting.writeFrame(frame)
      if leavesNow { return (true, false) }
      defer { state.isFlushScheduled = true }
      return (true, !state.isFlushScheduled)
    }
    if leavesNow {
      flush()
    } else if outcome.mustFlush {
      channel.eventLoop.execute { self.flush() }
    }
    return outcome.isTaken
  }

  /// Sends what waits, then ends the connection.
  func close() {
    channel.eventLoop.execute {
      self.flush()
      self.channel.close(promise: nil)
    }
  }

  /// Nothing is taken from now on.
  func connectionEnded() {
    state.withLock { state in
      state.isClosed = true
      state.waiting = ByteBuffer()
    }
  }

  private func flush() {
    let waiting = state.withLock { state -> ByteBuffer in
      state.isFlushScheduled = false
      guard !state.isClosed else { return ByteBuffer() }
      state.written += state.waiting.readableBytes
      var taken = ByteBuffer()
      swap(&taken, &state.waiting)
      return taken
    }
    let length = waiting.readableBytes
    guard length > 0 else { return }
    channel.writeAndFlush(waiting, promise: nil)
    // Mostly the kernel has taken it. What it has not is waited for behind it.
    guard !channel.isWritable else { return written(length) }
    channel.writeAndFlush(ByteBuffer()).whenComplete { _ in self.written(length) }
  }

  private func written(_ length: Int) { state.withLock { $0.written -= length } }
}
