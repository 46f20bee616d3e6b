/// The operations on one object, in the form in which they are put in order.
///
/// What has returned must take its turn between its invocation and its return; what has not may
/// take it at any time after its invocation, or never. What has failed is left out, and so is what
/// has not returned and changes nothing.
struct Obligations<Effect: Hashable> {
  struct Duty {
    var effect: Effect
    /// Which operation of the history it is.
    var operation: Int
    var invoked: Int
    var returned: Int
    var isRead: Bool
    /// Its bit in a configuration, its own from its invocation to its return.
    var slot: Int
  }

  struct Chance {
    var effect: Effect
    var operation: Int
    var invoked: Int
    /// An earlier one of the same effect, which is taken before it.
    var twin: Int?
  }

  /// In the order of their returns.
  private(set) var duties: [Duty] = []
  /// In the order of their invocations.
  private(set) var chances: [Chance] = []
  /// For each duty: those that were invoked before it returned, and return later.
  private(set) var concurrent: [[Int32]] = []
  /// For each duty: how many chances there are by the time it returns.
  private(set) var chancesBefore: [Int] = []

  static var slots: Int { 128 }

  /// Nil when more operations are in flight at a time than there are slots.
  init?(duties: [Duty], chances: [Chance]) {
    self.duties = duties.sorted { $0.returned < $1.returned }
    self.chances = chances.sorted { $0.invoked < $1.invoked }
    linkTwins()
    guard assignSlots() else { return nil }
    var known = 0
    for duty in self.duties {
      while known < chances.count, self.chances[known].invoked < duty.returned { known += 1 }
      chancesBefore.append(known)
    }
  }

  private mutating func linkTwins() {
    var newest: [Effect: Int] = [:]
    for place in chances.indices {
      chances[place].twin = newest[chances[place].effect]
      newest[chances[place].effect] = place
    }
  }

  private mutating func assignSlots() -> Bool {
    let invocations = duties.indices.sorted { duties[$0].invoked < duties[$1].invoked }
    var next = 0
    var free = Array((0..<Self.slots).reversed())
    var inFlight: [Int32] = []
    for place in duties.indices {
      while next < invocations.count, duties[invocations[next]].invoked < duties[place].returned {
        guard let slot = free.popLast() else { return false }
        duties[invocations[next]].slot = slot
        inFlight.append(Int32(invocations[next]))
        next += 1
      }
      inFlight.removeAll { $0 == place }
      free.append(duties[place].slot)
      concurrent.append(inFlight.sorted())
    }
    return true
  }
}
