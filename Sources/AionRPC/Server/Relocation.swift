import AionModel
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lets a connection that was taken on one event loop go on on another one: which of them is right
/// for it shows only once its caller has said who it is.
struct Relocation: Sendable {
  let loop: any EventLoop
  let guests: Guests

  /// Moves a connection whose caller has just been let in; its conversation hears no more of it.
  /// What the caller sends meanwhile waits in the socket.
  ///
  /// - Parameter next: The conversation there.
  /// - Returns: false when it stays: it is there already, or has ended; TLS cannot be moved, nor
  ///   what has come and was not heard.
  func move(
    _ connection: Connection, _ next: @escaping @Sendable () -> any Conversation
  ) -> Bool {
    guard connection.channel.eventLoop !== loop, let seat = guests.seat(of: connection.channel),
      let socket = connection.copiedSocket()
    else { return false }
    let limits = connection.limits
    ClientBootstrap(group: loop)
      .channelInitializer { [guests] channel in
        channel.eventLoop.makeCompletedFuture {
          guard guests.add(channel, on: seat) else { throw ChannelError.ioOnClosedChannel }
          try Connection.install(
            on: channel, limits: limits, outbox: limits.clientOutbox, conversation: next())
        }
      }
      // The channel has the socket from here on, whatever becomes of it.
      .withConnectedSocket(socket)
      .whenFailure { _ in }
    connection.leave()
    return true
  }
}

extension Connection {
  /// Another name for the socket, which keeps it open when the channel is closed.
  fileprivate func copiedSocket() -> Int32? {
    guard isBetweenFrames else { return nil }
    let operations = channel.pipeline.syncOperations
    if (try? operations.handler(type: NIOSSLServerHandler.self)) != nil { return nil }
    let copy = try? operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
      fcntl($0, F_DUPFD_CLOEXEC, 0)
    }
    return copy.flatMap { $0 >= 0 ? $0 : nil }
  }
}

/// A connection that has just been moved: its caller has been let in.
final class RelocatedConversation: Conversation {
  private let next: () -> any Conversation

  init(_ next: @escaping () -> any Conversation) { self.next = next }

  func began(on connection: Connection) { connection.converse(next()) }

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    throw .unexpected(frame.kind)
  }

  func ended(_ end: ConnectionEnd) {}
}
