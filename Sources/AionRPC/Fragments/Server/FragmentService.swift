import AionModel
import AionWire
import Synchronization

/// Answers those who ask a node to execute fragments.
final class FragmentService: RequestHost {
  let cluster: ClusterID
  let running: RunningFragments
  private let node: NodeID
  private let limits: FragmentLimits
  private let catalog: any CatalogView
  private let handler: any FragmentHandler
  private let turnedAway: @Sendable (ConnectionEnd, String) -> Void
  private let counts = Mutex(FragmentServer.Activity())

  init(
    _ setup: FragmentServer.Setup, catalog: any CatalogView, handler: any FragmentHandler
  ) {
    node = setup.node
    cluster = setup.cluster
    limits = setup.fragments
    self.catalog = catalog
    self.handler = handler
    turnedAway = setup.turnedAway
    running = RunningFragments(setup.fragments)
  }

  var introduction: HostIdentity { .node(node) }

  func turnedAway(_ end: ConnectionEnd, from address: String) { turnedAway(end, address) }

  var activity: FragmentServer.Activity {
    var activity = counts.withLock { $0 }
    activity.running = running.count
    activity.planBytes = running.bytes
    return activity
  }

  func serve(
    _ request: Request, for client: ClientIdentity, through items: ItemStream
  ) async -> Response {
    let asked: FragmentRequest
    do throws(WireError) { asked = try FragmentRequest(decoding: request.payload) } catch {
      return .failure(.notUnderstood("\(error)"))
    }
    guard client.role >= limits.neededRole else {
      return .failure(.forbidden(needs: limits.neededRole, has: client.role))
    }
    switch asked {
    case .cancel(let name):
      running.cancel(name)
      return .answer(FragmentAnswer.done(.zero).encoded())
    case .execute(let plan, let options):
      let deadline =
        request.timeout < Request.longestTimeout ? ContinuousClock.now + request.timeout : nil
      let fragment = Fragment(
        plan: plan, options: options, deadline: deadline, caller: client,
        catalog: catalog.snapshot())
      let answer = await execute(fragment, into: FragmentOutput(items))
      return .answer(answer.encoded())
    }
  }
}

// MARK: - Executing

extension FragmentService {
  private func execute(_ fragment: Fragment, into output: FragmentOutput) async -> FragmentAnswer {
    let name = fragment.options.name
    do throws(ClusterError) {
      try running.begin(name, length: fragment.plan.body.count)
    } catch {
      return count(.refused(error))
    }
    // A task of its own, so that it is found by its name.
    let outcome = Mutex<FragmentAnswer>(.refused(.cancelled))
    let work = Task {
      let answer = await self.run(fragment, into: output)
      outcome.withLock { $0 = answer }
    }
    running.attach(work, to: name)
    await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      work.cancel()
    }
    running.end(name)
    return count(outcome.withLock { $0 })
  }

  private func run(_ fragment: Fragment, into output: FragmentOutput) async -> FragmentAnswer {
    var fragment = fragment
    do throws(ClusterError) {
      try await catchUp(with: fragment)
      fragment.catalog = catalog.snapshot()
      try fragment.catalog.check(fragment.plan, fragment.options, on: node)
      if Task.isCancelled { throw .cancelled }
      counts.withLock { $0.begun += 1 }
      try await handler.execute(fragment, into: output)
      return .done(output.length)
    } catch {
      return .refused(Task.isCancelled ? .cancelled : error)
    }
  }

  /// Waits until the node knows what the fragment was planned with.
  private func catchUp(with fragment: Fragment) async throws(ClusterError) {
    let options = fragment.options
    let index = max(options.catalogVersion.index, options.placementEpoch.index)
    guard fragment.catalog.applied < index else { return }
    // What is left of its time after that, another replica can have.
    let left = fragment.deadline.map { ($0 - .now) * 3 / 4 } ?? limits.catchUp
    do throws(ClusterError) {
      try await catalog.waitFor(index, within: min(left, limits.catchUp))
    } catch {
      guard case .unreachable = error else { throw error }
      throw .fragmentOutOfStep(label: fragment.plan.label, lag(of: catalog.snapshot(), options))
    }
  }

  private func lag(
    of known: ClusterSnapshot, _ options: FragmentRuntimeOptions
  ) -> VersionMismatch {
    known.applied < options.catalogVersion.index
      ? .catalogVersion(expected: options.catalogVersion, current: known.catalogVersion)
      : .placementEpoch(expected: options.placementEpoch, current: known.placementEpoch)
  }

  private func count(_ answer: FragmentAnswer) -> FragmentAnswer {
    counts.withLock { counts in
      switch answer {
      case .done: counts.done += 1
      case .refused(.fragmentOutOfStep): counts.outOfStep += 1
      case .refused(.busy): counts.turnedAway += 1
      case .refused(.cancelled): counts.cancelled += 1
      case .refused: counts.failed += 1
      }
    }
    return answer
  }
}
