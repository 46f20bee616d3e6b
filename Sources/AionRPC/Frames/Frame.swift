public import AionModel

/// What one connection carries at a time: a kind, the exchange it belongs to, and a payload.
public struct Frame: Hashable, Sendable {
  public var kind: FrameKind
  /// Names a request and everything that is said in answer to it; 0 outside of requests. A client
  /// counts up from 1 on each connection.
  public var exchange: ExchangeID
  /// A message of Docs/schema/aion/v1/rpc.proto.
  public var payload: [UInt8]

  public init(_ kind: FrameKind, exchange: ExchangeID = 0, payload: [UInt8] = []) {
    self.kind = kind
    self.exchange = exchange
    self.payload = payload
  }
}

/// What a frame's payload is. The numbers are part of the protocol.
public enum FrameKind: UInt8, Hashable, Sendable, CaseIterable {
  /// The first frame of whoever dials: `Hello`.
  case hello = 1
  /// The first frame of whoever is dialled: `Welcome`, or `HelloRefusal` and then the end.
  case welcome = 2
  case refusal = 3
  /// Is the other side still there; answered by `pong` with the same payload.
  case ping = 4
  case pong = 5

  /// From one replica to another; the node knows what it means.
  case envelope = 16

  case request = 32
  /// The last, and mostly the only answer to a request.
  case response = 33
  /// One of several answers that come before the last.
  case item = 34
  /// Whoever asked does not wait any more; nothing is answered to this.
  case cancel = 35
  /// So many more items may be sent.
  case credit = 36
}
