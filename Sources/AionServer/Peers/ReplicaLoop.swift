import AionCluster
import NIOCore
import NIOPosix

/// The event loop of a replica: it takes its turns there, between what other replicas send to it
/// and what it sends to them.
final class ReplicaLoop: ReplicaThread {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let loop: any EventLoop

  init() { loop = group.any() }

  func run(_ body: @escaping @Sendable () -> Void) { loop.execute(body) }

  func run(after pause: Duration, _ body: @escaping @Sendable () -> Void) {
    loop.scheduleTask(in: TimeAmount(pause), body)
  }

  /// Ends the thread; nothing is on it any more.
  func close() async { try? await group.shutdownGracefully() }
}
