import NIOCore
import NIOSSL
import Synchronization

/// The connections that a listener has taken and that are still there.
final class Guests: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isClosing = false
  }

  private let state = Mutex(State())

  /// - Returns: false once no more are taken.
  func add(_ channel: any Channel) -> Bool {
    let isTaken = state.withLock { state in
      if !state.isClosing { state.channels[ObjectIdentifier(channel)] = channel }
      return !state.isClosing
    }
    guard isTaken else { return false }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }
    return true
  }

  /// Closes those who have shown such a certificate.
  func close(whose isMeant: @escaping @Sendable (Certificate) -> Bool) {
    // In any order: each is closed by itself.
    for channel in state.withLock({ Array($0.channels.values) }) {
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
      return Array(state.channels.values)
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
