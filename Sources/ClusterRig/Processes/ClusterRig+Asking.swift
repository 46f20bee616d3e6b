package import AionServer
import Foundation

extension ClusterRig {
  /// What a node's page shows; nil when it does not answer.
  public func page(_ path: String, of number: Int) async -> (status: Int, text: String)? {
    guard let node = try? node(number), node.isRunning else { return nil }
    return await PageFetch.get(path, port: node.ports.pages)
  }

  /// The port of loopback at which a node shows its pages.
  package func pagePort(of number: Int) throws(RigFailure) -> Int { try node(number).ports.pages }

  /// The number by which the system knows a node's process; nil when it does not run.
  package func processIdentifier(of number: Int) throws(RigFailure) -> Int32? {
    try node(number).processIdentifier
  }

  /// The same of all that run.
  package var processIdentifiers: [Int32] {
    running.compactMap { try? processIdentifier(of: $0) }
  }

  /// What a node's page of metrics says of one that has no labels.
  package func metric(_ name: String, of number: Int) async -> Double? {
    let page = await page("/metrics", of: number)?.text
    let line = page?.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
    return line.flatMap { Double($0.dropFirst(name.count + 1)) }
  }

  package func status(of number: Int) async -> StatusPage? {
    guard let page = await page("/status", of: number), page.status == 200 else { return nil }
    return try? JSONDecoder().decode(StatusPage.self, from: Data(page.text.utf8))
  }

  /// The node that leads, once one does whom a majority of those that run follow.
  public func leader(
    otherThan old: Int? = nil, patience: Duration = .seconds(60),
    lookingEach pause: Duration = .milliseconds(50)
  ) async throws(RigFailure) -> Int {
    let pages = try await wait("a leader", patience, lookingEach: pause) { pages in
      pages.contains { $0.value.role == "leader" && $0.value.isReady && $0.key != old }
    }
    let leading = pages.filter { $0.value.role == "leader" && $0.key != old }
    guard let newest = leading.max(by: { $0.value.term < $1.value.term }) else {
      throw .impatient("a leader", seen: "none")
    }
    return newest.key
  }

  /// Waits until the pages of the nodes that run are as they should be.
  @discardableResult
  package func wait(
    _ what: String, _ patience: Duration = .seconds(60),
    lookingEach pause: Duration = .milliseconds(50), until isMet: ([Int: StatusPage]) -> Bool
  ) async throws(RigFailure) -> [Int: StatusPage] {
    let deadline = ContinuousClock.now + patience
    while true {
      var pages: [Int: StatusPage] = [:]
      for number in running { pages[number] = await status(of: number) }
      if isMet(pages) { return pages }
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        throw .impatient(what, seen: await lastSeen(pages))
      }
      try? await Task.sleep(for: pause)
    }
  }

  private func lastSeen(_ pages: [Int: StatusPage]) async -> String {
    let shown = pages.sorted { $0.key < $1.key }.map { number, page in
      "n\(number) \(page.role) of \(page.leader.map(String.init) ?? "none") term \(page.term) "
        + "applied \(page.applied) members \(page.members.map(\.replica)) ready \(page.isReady)"
    }
    let logs = numbers.compactMap { number in try? "n\(number):\n\(node(number).log(lines: 8))" }
    return (shown + logs).joined(separator: "\n")
  }
}
