import NIOCore
import NIOSSL
import Synchronization

/// The connections that a listener has taken and that are still there.
final class Guests: Sendable {
  private struct State {
    var guests: [ObjectIdentifier: Guest] = [:]
    var isClosing = false
  }

  private struct Guest {
    var channel: any Channel
    var seat: Seat
  }

  private let state = Mutex(State())

  /// - Parameter seat: Kept for as long as the channel is there.
  /// - Returns: false once no more are taken.
  func add(_ channel: any Channel, on seat: Seat) -> Bool {
    let isTaken = state.withLock { state in
      if !state.isClosing {
        state.guests[ObjectIdentifier(channel)] = Guest(channel: channel, seat: seat)
      }
      return !state.isClosing
    }
    guard isTaken else { return false }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { _ = $0.guests.removeValue(forKey: ObjectIdentifier(channel)) }
    }
    return true
  }

  /// The seat of a channel; nil when it has ended.
  func seat(of channel: any Channel) -> Seat? {
    state.withLock { $0.guests[ObjectIdentifier(channel)]?.seat }
  }

  /// Closes those who have shown such a certificate.
  func close(whose isMeant: @escaping @Sendable (Certificate) -> Bool) {
    // In any order: each is closed by itself.
    for channel in state.withLock({ $0.guests.values.map(\.channel) }) {
      channel.eventLoop.execute {
        let shown = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()
        guard let shown, isMeant(Certificate(shown)) else { return }
        channel.close(promise: nil)
      }
    }
  }

  /// Closes all, and waits until their conversations have heard of it.
  func close() async {
    let channels = state.withLock { state in
      state.isClosing = true
      return state.guests.values.map(\.channel)
    }
    for channel in channels {
      // What was answered just now is in its outbox after one turn of the event loop, and with the
      // system after two.
      let loop = channel.eventLoop
      loop.execute { loop.execute { channel.close(promise: nil) } }
    }
    for channel in channels { try? await channel.closeFuture.get() }
  }
}
