import AionRPC
import Foundation
import Synchronization

/// What this engine's fragments do; as JSON it is the body of a plan.
enum OrderPlan: Codable, Sendable {
  /// Keep these orders, in cents, in the fragment's shard.
  case insert([Int])
  /// Sum up the fragment's shard.
  case total
  /// Wait until cancelled.
  case wait
  /// Tell what has waited.
  case waits
}

/// What `total` finds.
struct OrderTotal: Codable, Equatable, Sendable {
  var orders = 0
  var cents = 0

  /// Both together: how a coordinator merges what nodes answer.
  static func + (left: OrderTotal, right: OrderTotal) -> OrderTotal {
    OrderTotal(orders: left.orders + right.orders, cents: left.cents + right.cents)
  }
}

/// What `waits` tells: how many fragments wait, and how many were cancelled.
struct OrderWaits: Codable, Equatable, Sendable {
  var waiting = 0
  var cancelled = 0
}

/// The storage engine of a node: orders in memory, shard by shard.
final class OrderEngine: FragmentHandler {
  private struct State {
    var orders: [ShardKey: [Int]] = [:]
    var waits = OrderWaits()
  }

  private let state = Mutex(State())

  func execute(_ fragment: Fragment, into result: FragmentOutput) async throws(ClusterError) {
    switch try OrderPlan(body: fragment.plan.body) {
    case .insert(let cents):
      let shard = try fragment.shard
      state.withLock { $0.orders[shard, default: []] += cents }
    case .total:
      let shard = try fragment.shard
      let orders = state.withLock { $0.orders[shard] ?? [] }
      let total = OrderTotal(orders: orders.count, cents: orders.reduce(0, +))
      try await result.send(total.bytes)
    case .wait:
      state.withLock { $0.waits.waiting += 1 }
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
      state.withLock { state in
        state.waits.waiting -= 1
        state.waits.cancelled += 1
      }
      throw .cancelled
    case .waits: try await result.send(state.withLock { $0.waits }.bytes)
    }
  }
}

extension Fragment {
  fileprivate var shard: ShardKey {
    get throws(ClusterError) {
      guard let shard = plan.shard else {
        throw .other(sqlState: "22023", message: "\(plan.label) names no shard; name one")
      }
      return shard
    }
  }
}

// MARK: - As bytes

extension OrderPlan {
  fileprivate init(body: [UInt8]) throws(ClusterError) {
    do { self = try JSONDecoder().decode(OrderPlan.self, from: Data(body)) } catch {
      throw .other(sqlState: "22P02", message: "the plan cannot be read: \(error)")
    }
  }
}

extension Encodable {
  /// JSON.
  var bytes: [UInt8] {
    do { return [UInt8](try JSONEncoder().encode(self)) } catch {
      preconditionFailure("\(self): \(error)")
    }
  }
}

extension Decodable {
  /// What a node answered.
  init(answer bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(bytes))
  }
}
