import AionModel
import AionSimulation
import Testing

@Suite("The simulated network")
struct SimulatedNetworkTests {
  private let route = Route(1, 2)

  private func arrivals(_ network: inout SimulatedNetwork, _ count: Int) -> [[Moment]] {
    (0..<count).map { network.arrivals(of: route, sentAt: Moment(microseconds: $0 * 100)) }
  }

  @Test("Without faults everything arrives once, later than it was sent and in order")
  func calm() {
    var network = SimulatedNetwork(NetworkOdds(), seed: 1)
    let arrivals = arrivals(&network, 200)
    #expect(arrivals.allSatisfy { $0.count == 1 })
    let moments = arrivals.compactMap(\.first)
    #expect(moments == moments.sorted())
    #expect(moments.enumerated().allSatisfy { $1 > Moment(microseconds: $0 * 100) })
  }

  @Test("A cut path lets nothing through, in its own direction only, until it is mended")
  func cut() {
    var network = SimulatedNetwork(NetworkOdds(), seed: 1)
    network.cut([route], by: .partition)
    #expect(network.arrivals(of: route, sentAt: .start).isEmpty)
    #expect(network.arrivals(of: Route(2, 1), sentAt: .start).count == 1)
    network.mend(.partition)
    #expect(network.arrivals(of: route, sentAt: .start).count == 1)
  }

  @Test("What goes over a clogged path arrives when it is free again")
  func clog() {
    var network = SimulatedNetwork(NetworkOdds(), seed: 1)
    let free = Moment(microseconds: 5_000_000)
    network.clog(route, until: free)
    #expect(arrivals(&network, 50).allSatisfy { $0.allSatisfy { $0 >= free } })
  }

  @Test("Loss, duplication and reordering come about as often as they are asked for")
  func odds() {
    var odds = NetworkOdds()
    odds.loss = .percent(20)
    odds.duplication = .percent(10)
    odds.reordering = .percent(30)
    var network = SimulatedNetwork(odds, seed: 1)
    let arrivals = arrivals(&network, 2_000)
    #expect((300...500).contains(arrivals.count(where: \.isEmpty)))
    #expect((100...220).contains(arrivals.count { $0.count == 2 }))
    let firsts = arrivals.compactMap(\.first)
    #expect(zip(firsts, firsts.dropFirst()).contains { $0 > $1 })
  }

  @Test("One fault more does not change what the others do")
  func streams() {
    var odds = NetworkOdds()
    odds.loss = .percent(20)
    var one = SimulatedNetwork(odds, seed: 9)
    odds.duplication = .percent(50)
    var other = SimulatedNetwork(odds, seed: 9)
    let lost = arrivals(&one, 500).map(\.isEmpty)
    #expect(arrivals(&other, 500).map(\.isEmpty) == lost)
  }
}
