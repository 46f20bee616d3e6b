import AionModel
import Synchronization

/// Collects the pieces of a result, up to a limit.
final class ResultBuffer: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isTooLong = false
  }

  let limit: ByteCount
  private let state = Mutex(State())

  init(limit: ByteCount) { self.limit = limit }

  /// - Returns: false when there is no room for it.
  func take(_ piece: [UInt8]) -> Bool {
    state.withLock { state in
      guard state.bytes.count + piece.count <= limit.bytes else {
        state.isTooLong = true
        return false
      }
      state.bytes += piece
      return true
    }
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var isTooLong: Bool { state.withLock { $0.isTooLong } }
}

extension ClusterError {
  static func resultTooLong(of plan: FragmentPlan, _ limit: ByteCount) -> ClusterError {
    .other(
      sqlState: "54000",
      message: "the result of \(plan.label) is longer than \(limit); take it in pieces, or raise "
        + "the limit")
  }

  static func planTooLong(_ plan: FragmentPlan, _ limit: Int, _ node: NodeID) -> ClusterError {
    .other(
      sqlState: "54000",
      message: "the plan of \(plan.label) has \(ByteCount(plan.body.count)), node \(node) takes "
        + "\(ByteCount(limit)) with all that goes along; split it")
  }

  /// What there is to say of a request that was not answered, for whatever reason is none of a
  /// fragment's own.
  init(_ failure: RequestFailure) {
    self =
      switch failure {
      case .forbidden, .foreignNode: .other(sqlState: "42501", message: failure.description)
      case .notUnderstood: .other(sqlState: "0A000", message: failure.description)
      case .tooManyRequests(let limit): .busy(.queueFull(limit: limit))
      case .answerTooLong: .answerTooLong
      case .cancelled: .cancelled
      case .timedOut, .disconnected: .outcomeUnknown
      }
  }
}
