import AionModel
import AionRaft

/// One step of a world, in 32 bits: what, at which crash point, with which operand.
struct Action: Hashable, Sendable {
  let packed: UInt32

  enum Kind: UInt32 {
    case deliver
    case duplicate
    case drop
    case tick
    case timeout
    case propose
    case change
    case transfer
    case read
    case compact
    case crash
    case restart
  }

  /// Of a message, its number; of another step, the node's place and a parameter.
  init(_ kind: Kind, _ operand: UInt32, crash: UInt32 = 0) {
    packed = kind.rawValue << 28 | crash << 24 | operand
  }

  init(_ kind: Kind, node: Int, parameter: Int = 0, crash: UInt32 = 0) {
    self.init(kind, UInt32(node) << 16 | UInt32(parameter), crash: crash)
  }

  init(packed: UInt32) { self.packed = packed }

  var kind: Kind { Kind(rawValue: packed >> 28) ?? .restart }
  var message: UInt32 { packed & 0xFF_FFFF }
  var node: Int { Int(packed >> 16 & 0xFF) }
  var parameter: Int { Int(packed & 0xFFFF) }
  var isAboutMessage: Bool { kind.rawValue <= Kind.drop.rawValue }

  static let mostMessages = 1 << 24
  static let mostCrashPoints: UInt32 = 14

  var crashCode: UInt32 { packed >> 24 & 0xF }

  var crash: CrashPoint? { CrashPoint(code: crashCode) }

  func crashing(_ code: UInt32) -> Action {
    Action(packed: packed & ~(0xF << 24) | code << 24)
  }
}

extension CrashPoint {
  /// 0 is none; then before and after each sync in turn.
  init?(code: UInt32) {
    guard code > 0 else { return nil }
    let sync = Int(code - 1) / 2
    self = code % 2 == 1 ? .beforeSync(sync) : .afterSync(sync)
  }

  var sync: Int {
    switch self {
    case .beforeSync(let sync), .afterSync(let sync): sync
    }
  }
}
