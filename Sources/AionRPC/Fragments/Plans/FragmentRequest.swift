package import AionModel

/// What is asked of a node that executes fragments (aion.v1.FragmentRequest).
package enum FragmentRequest: Hashable, Sendable {
  /// The time that it has travels with the request around it.
  case execute(FragmentPlan, FragmentRuntimeOptions)
  case cancel(FragmentName)
}

/// The answer (aion.v1.FragmentAnswer), after the pieces of the result.
package enum FragmentAnswer: Hashable, Sendable {
  /// So long was the result.
  case done(ByteCount)
  case refused(ClusterError)
}

extension Request {
  /// What stands for "as long as it takes".
  static let longestTimeout = Duration.milliseconds(Int64(UInt32.max))
}
