import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("Replicas over loopback", .timeLimit(.minutes(1)))
struct PeerTests {
  @Test("Envelopes arrive in order, on either lane")
  func inOrder() async throws {
    let (left, right) = (TestHost(1), TestHost(2))
    let (from, to) = (try await Endpoint.start(for: left), try await Endpoint.start(for: right))
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    let envelopes = (0..<1_000).map { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    for envelope in envelopes { from.send(envelope, to: 2) }
    let heard = await right.next(1_000)
    #expect(heard.map(\.envelope) == envelopes)
    #expect(heard.allSatisfy { $0.from == 1 })
    #expect(right.peers.map(\.replica) == [1])
    #expect(from.meters.sentEnvelopeBytes.value == 2_000)
    #expect(to.meters.receivedEnvelopeBytes.value == 2_000)
    #expect(to.meters.openConnections > 0)
    await from.close()
    await to.close()
    #expect(to.meters.openConnections == 0)
  }

  @Test("What becomes of its connections to others is counted")
  func sessions() async throws {
    let from = try await Endpoint.start(for: TestHost(1))
    let first = try await Endpoint.start(for: TestHost(2))
    let address = first.address
    from.connect(to: 2, at: address)
    await from.untilConnected(to: 2)
    #expect(from.meters.failedSessions.value == 0 && from.meters.reconnects.value == 0)
    await first.close()
    while from.meters.failedSessions.value == 0 { await Task.yield() }
    let second = try await Endpoint.start(for: TestHost(2)) { $0.address = address }
    while from.meters.reconnects.value == 0 { await Task.yield() }
    await from.close()
    await second.close()
    let (begun, made) = (from.meters.startedSessions.value, from.meters.succeededSessions.value)
    #expect(made >= 2 && begun >= made + from.meters.failedSessions.value)
  }

  @Test("A replica of another cluster is refused with both clusters' ids")
  func otherCluster() async throws {
    let from = try await Endpoint.start(for: TestHost(1, cluster: 7))
    let to = try await Endpoint.start(for: TestHost(2, cluster: 8))
    from.connect(to: 2, at: to.address)
    #expect(await from.untilRefused(by: 2) == .refused(.cluster(asked: 7, found: 8)))
    #expect(to.meters.refusedHellos.value >= 1)
    await from.close()
    await to.close()
  }

  @Test("Another replica than the one that was called is not taken for it")
  func otherAddressee() async throws {
    let from = try await Endpoint.start(for: TestHost(1))
    let to = try await Endpoint.start(for: TestHost(2))
    from.connect(to: 3, at: to.address)
    #expect(
      await from.untilRefused(by: 3) == .refused(.addressee(asked: .replica(3), found: .replica(2)))
    )
    await from.close()
    await to.close()
  }

  @Test("What is sent to nobody is dropped, counted and told")
  func dropped() async throws {
    let dropped = Mutex<[ReplicaID]>([])
    let from = try await Endpoint.start(for: TestHost(1)) {
      $0.dropped = { peer in dropped.withLock { $0.append(peer) } }
    }
    from.send([1], to: 9)
    #expect(dropped.withLock { $0 } == [9])
    #expect(from.meters.droppedEnvelopes.value == 1)
    await from.close()
  }

  @Test("A full outbox drops, and keeps no more than its limit")
  func fullOutbox() async throws {
    let from = try await Endpoint.start(for: TestHost(1)) { $0.limits.peerOutbox = 1_000 }
    let to = try await Endpoint.start(for: TestHost(2))
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    from.send(Array(repeating: 0, count: 2_000), to: 2)
    #expect(from.meters.droppedEnvelopes.value == 1)
    #expect(from.meters.sentEnvelopes.value == 0)
    await from.close()
    await to.close()
  }

  @Test("Who is heard of by itself is connected to at once, however long the pause")
  func connectsNow() async throws {
    let from = try await Endpoint.start(for: TestHost(1)) {
      $0.limits.redialPauses = .seconds(3_600)...(.seconds(3_600))
    }
    let first = try await Endpoint.start(for: TestHost(2))
    let address = first.address
    await first.close()
    from.connect(to: 2, at: address)
    _ = await from.untilRefused(by: 2)
    let second = try await Endpoint.start(for: TestHost(2)) { $0.address = address }
    from.connectNow(to: 2)
    await from.untilConnected(to: 2)
    await from.close()
    await second.close()
  }

  @Test("Whose connection ends is lost, and not because of one from before its newest")
  func lost() async throws {
    let host = TestHost(2)
    let to = try await Endpoint.start(for: host) { $0.threads = 1 }
    let (old, new) = (
      try await Endpoint.start(for: TestHost(1)), try await Endpoint.start(for: TestHost(1))
    )
    old.connect(to: 2, at: to.address)
    await old.untilConnected(to: 2)
    new.connect(to: 2, at: to.address)
    await new.untilConnected(to: 2)
    await old.close()
    for number in 0..<100 as Range<UInt8> {
      new.send([number], to: 2)
      #expect(await host.next(1).map(\.envelope) == [[number]])
    }
    #expect(host.losses.isEmpty, "it is there")
    await new.close()
    // Ends what is left, and has heard of every end by then.
    await to.close()
    #expect(host.losses == [1])
  }

  @Test("A peer that went away is found again at the same address")
  func reconnects() async throws {
    let from = try await Endpoint.start(for: TestHost(1))
    let first = try await Endpoint.start(for: TestHost(2))
    let address = first.address
    from.connect(to: 2, at: address)
    await from.untilConnected(to: 2)
    await first.close()
    _ = await from.untilRefused(by: 2)
    let again = TestHost(2)
    let second = try await Endpoint.start(for: again) { $0.address = address }
    await from.untilConnected(to: 2)
    from.send([42], to: 2)
    #expect(await again.next(1).map(\.envelope) == [[42]])
    await from.close()
    await second.close()
  }

  @Test("Without TLS only loopback is listened on, unless told otherwise")
  func beyondLoopback() async throws {
    let everywhere = Address(host: "0.0.0.0", port: 0)
    await #expect(throws: ListenFault.plaintextBeyondLoopback(everywhere)) {
      try await Endpoint.start(for: TestHost(1)) { $0.address = everywhere }
    }
    let endpoint = try await Endpoint.start(for: TestHost(1)) {
      $0.address = everywhere
      $0.security = .plaintext(beyondLoopback: true)
    }
    await endpoint.close()
  }
}
