import Foundation

extension ClusterRig {
  /// SIGHUP: it reads its certificates and tokens again.
  public func hangUp(_ number: Int) throws(RigFailure) { try node(number).send(SIGHUP) }
}
