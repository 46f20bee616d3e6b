import NIOCore

/// Where the answer to one request goes. The client may have stopped waiting: then it goes nowhere.
public struct PendingAnswer: Sendable {
  private let executor: LoopExecutor
  private let send: @Sendable (Response) -> Void

  init(on executor: LoopExecutor, _ send: @escaping @Sendable (Response) -> Void) {
    self.executor = executor
    self.send = send
  }

  /// Answers; called once, by any thread.
  ///
  /// - Parameter response: What the answer is, worked out on the event loop of the connection, so
  ///   that whoever answers many does little for each.
  public func callAsFunction(_ response: @escaping @Sendable () -> Response) {
    executor.run { [send] in send(response()) }
  }
}
