/// What is still to happen, in the order of its time; of the same moment, in the order in which it
/// was put in.
package struct EventQueue<Event> {
  private struct Waiting {
    let time: Moment
    let number: Int
    /// Where the event is: what moves in the heap stays small.
    let place: Int

    func precedes(_ other: Waiting) -> Bool {
      time != other.time ? time < other.time : number < other.number
    }
  }

  /// A binary heap: each is before the two at twice its place.
  private var heap: [Waiting] = []
  private var added = 0
  private var events: [Event?] = []
  private var free: [Int] = []

  package init() {}

  package var count: Int { heap.count }

  package mutating func add(_ event: Event, at time: Moment) {
    heap.append(Waiting(time: time, number: added, place: keep(event)))
    added += 1
    var place = heap.count - 1
    while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  package mutating func next() -> (time: Moment, event: Event)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    guard let event = events[first.place].take() else { return nil }
    free.append(first.place)
    return (first.time, event)
  }

  private mutating func keep(_ event: Event) -> Int {
    guard let place = free.popLast() else {
      events.append(event)
      return events.count - 1
    }
    events[place] = event
    return place
  }

  private mutating func sink() {
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
