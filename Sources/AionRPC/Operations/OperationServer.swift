import AionCatalog
import AionModel
import AionWire

/// Answers requests of clients: reads what is asked, sees whether the client may, has the service
/// do it, and writes down what came of it.
///
///     func serve(_ request: Request, …) async -> Response {
///       await OperationServer(service).serve(request, for: client, through: items)
///     }
public struct OperationServer<Service: ControlPlaneService>: Sendable {
  private let service: Service
  private let heartbeat: Duration

  /// - Parameter heartbeat: How often a client that follows changes hears how far the replica has
  ///   come, when nothing happens.
  public init(_ service: Service, heartbeat: Duration = .seconds(1)) {
    self.service = service
    self.heartbeat = heartbeat
  }

  /// Works on one request; runs in the request's own task, which may be on an event loop: what
  /// takes long is done elsewhere.
  public func serve(
    _ request: Request, for client: ClientIdentity, through items: ItemStream
  ) async -> Response {
    let operation: Operation
    do throws(RequestFailure) { operation = try read(request, of: client) } catch {
      return .failure(error)
    }
    do throws(ClusterError) {
      guard !operation.isBrief else {
        return .answer(try await answer(to: operation, through: items).encoded())
      }
      return try await withTaskExecutorPreference(globalConcurrentExecutor) {
        () throws(ClusterError) in
        .answer(try await answer(to: operation, through: items).encoded())
      }
    } catch {
      return .answer(OperationAnswer.refused(error).encoded())
    }
  }

  /// Begins on a request that needs no task: a write, a read of little.
  ///
  /// - Returns: false when it is one for `serve`.
  public func begin(
    _ request: Request, for client: ClientIdentity, answer: PendingAnswer
  ) -> Bool {
    let operation: Operation
    do throws(RequestFailure) { operation = try read(request, of: client) } catch {
      answer { .failure(error) }
      return true
    }
    guard operation.isBrief else { return false }
    switch operation {
    case .propose(let batch):
      return service.propose(batch) { applied in
        answer { Self.response(applied.map(OperationAnswer.applied)) }
      }
    case .read(let query, let freshness):
      return service.snapshot(for: query, freshness) { state in
        answer { Self.response(state.flatMap { $0.read(query) }) }
      }
    case .snapshot, .changes, .status, .manage, .heartbeat: return false
    }
  }

  private static func response(_ outcome: Result<OperationAnswer, ClusterError>) -> Response {
    switch outcome {
    case .success(let answer): .answer(answer.encoded())
    case .failure(let error): .answer(OperationAnswer.refused(error).encoded())
    }
  }

  /// What is asked, if the client may.
  private func read(
    _ request: Request, of client: ClientIdentity
  ) throws(RequestFailure) -> Operation {
    let operation: Operation
    do throws(WireError) { operation = try Operation(decoding: request.payload) } catch {
      throw .notUnderstood("\(error)")
    }
    guard client.role >= operation.neededRole else {
      throw .forbidden(needs: operation.neededRole, has: client.role)
    }
    if let foreign = operation.nodes.first(where: { !client.nodes.covers($0) }) {
      throw .foreignNode(foreign)
    }
    return operation
  }

  private func answer(
    to operation: Operation, through items: ItemStream
  ) async throws(ClusterError) -> OperationAnswer {
    switch operation {
    case .propose(let batch): .applied(try await service.propose(batch))
    case .read(let query, let freshness):
      .read(try await service.answer(to: query, freshness))
    case .snapshot(let freshness):
      .snapshot(try await send(service.snapshot(freshness), through: items))
    case .changes(let index): try await follow(from: index, through: items)
    case .status: .status(await service.status())
    case .manage(let management): .status(try await service.manage(management))
    case .heartbeat(let heartbeat): .heartbeat(try await service.heartbeat(heartbeat))
    }
  }

  private static var chunkLength: Int { 256 << 10 }

  private func send(
    _ snapshot: ClusterSnapshot, through items: ItemStream
  ) async throws(ClusterError) -> SnapshotEnd {
    var encoder = SnapshotEncoder(snapshot)
    var chunk = WireWriter(reservingCapacity: Self.chunkLength * 2)
    while encoder.fill(&chunk, upTo: Self.chunkLength) {
      guard await items.send(chunk.bytes) else { throw .cancelled }
      chunk.removeAll()
    }
    return SnapshotEnd(index: snapshot.applied, digest: snapshot.digest)
  }
}

// MARK: - Changes

extension OperationServer {
  /// A page is sent in several when it is long.
  private static var pageLength: Int { 1 << 20 }

  /// - Throws: What ends it; it does not end by itself.
  private func follow(
    from index: LogIndex, through items: ItemStream
  ) async throws(ClusterError) -> Never {
    var next = index
    while true {
      let page =
        try await page(from: next) ?? ChangePage(changes: [], through: next.previous)
      guard await send(page, through: items) else { throw .cancelled }
      next = max(next, page.through.next)
    }
  }

  /// nil when nothing happened for the time of a heartbeat.
  private func page(from index: LogIndex) async throws(ClusterError) -> ChangePage? {
    let (service, heartbeat) = (service, heartbeat)
    let outcome = await withTaskGroup(of: Result<ChangePage, ClusterError>?.self) { group in
      group.addTask {
        do throws(ClusterError) {
          return .success(try await service.changes(from: index))
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        try? await Task.sleep(for: heartbeat)
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    return try outcome?.get()
  }

  private func send(_ page: ChangePage, through items: ItemStream) async -> Bool {
    var part = WireWriter()
    for change in page.changes {
      part.message(1) { change.encode(into: &$0) }
      guard part.count >= Self.pageLength else { continue }
      part.varint(2, change.index.rawValue)
      guard await items.send(part.take()) else { return false }
    }
    part.varint(2, page.through.rawValue)
    return await items.send(part.take())
  }
}

extension ClusterSnapshot {
  fileprivate func read(_ query: Query) -> Result<OperationAnswer, ClusterError> {
    do throws(ClusterError) { return .success(.read(try answer(to: query))) } catch {
      return .failure(error)
    }
  }
}
