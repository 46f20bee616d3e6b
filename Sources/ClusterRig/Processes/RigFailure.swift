/// Why a group of processes cannot be run, or does not do what it should.
public enum RigFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case noPort
  case noSuchNode(Int)
  /// A process ended that should run; the end of its log says why.
  case ended(node: Int, status: Int32, log: String)
  /// Something did not happen in time; with what was seen last.
  case impatient(String, seen: String)
  case refused(String)
  /// The group did something else than it should.
  case unexpected(String)
  case system(String)

  public var description: String {
    switch self {
    case .noPort: "the system gives no free port on loopback"
    case .noSuchNode(let number): "there is no node \(number)"
    case .ended(let node, let status, let log): "node \(node) ended with \(status):\n\(log)"
    case .impatient(let what, let seen): "\(what) did not happen in time; seen last: \(seen)"
    case .refused(let reason): "refused: \(reason)"
    case .unexpected(let what): what
    case .system(let reason): reason
    }
  }
}
