import AionCatalog
import AionModel

/// Keeps a mirror up to date until its task is cancelled.
struct Follower {
  let remote: RemoteControlPlane
  let mirror: Mirror

  func run() async {
    var failures = 0
    while !Task.isCancelled {
      let before = mirror.activity.changes
      let end = await follow()
      if mirror.activity.changes > before { failures = 0 }
      failures += 1
      mirror.interrupted()
      if end == .wholeStateNeeded, await beginAgain() { continue }
      _ = await remote.link.pause(before: failures)
    }
  }

  private enum End { case wholeStateNeeded, lost }

  private func follow() async -> End {
    var fits = true
    do throws(ClusterError) {
      try await remote.follow(from: mirror.snapshot.applied.next) { page in
        fits = mirror.take(page)
        return fits
      }
      return .lost
    } catch {
      if case .compacted = error { return .wholeStateNeeded }
      return fits ? .lost : .wholeStateNeeded
    }
  }

  private func beginAgain() async -> Bool {
    let least = mirror.snapshot.applied
    guard let snapshot = try? await remote.reading(.local(atLeast: least)).snapshot()
    else { return false }
    mirror.begin(from: snapshot)
    return true
  }
}
