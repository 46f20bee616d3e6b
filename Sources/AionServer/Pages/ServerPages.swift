import AionCluster
import AionModel
import AionRPC
import NIOHTTP1

/// The four pages of a process.
struct ServerPages: Sendable {
  let switchboard: Switchboard
  let replicationFactor: Int
  /// When the process's certificate ends; nil without TLS.
  let certificateEnd: @Sendable () -> WallTime?

  func page(at path: String) -> Page {
    switch path {
    case "/healthz": health
    case "/readyz": readiness
    case "/status": status
    case "/metrics": metrics
    default:
      Page(status: .notFound, body: "there are /healthz, /readyz, /status and /metrics\n")
    }
  }

  /// Whether the process should go on; a supervisor restarts one that should not.
  private var health: Page {
    if let fault = switchboard.fault {
      return Page(status: .serviceUnavailable, body: "\(fault)\n")
    }
    return Page(body: "ok\n")
  }

  /// Whether clients should come here.
  private var readiness: Page {
    if let reason = unreadiness { return Page(status: .serviceUnavailable, body: "\(reason)\n") }
    return Page(body: "ok\n")
  }

  private var unreadiness: String? {
    if switchboard.isLeaving { return "it is shutting down" }
    if let fault = switchboard.fault { return "\(fault)" }
    guard let plane = switchboard.plane else { return "it is starting" }
    let status = plane.status()
    if !status.isIntroduced { return "not all founders have met it yet" }
    if status.membership.everyone.isEmpty { return "it has nothing of its group yet" }
    if status.leader == nil { return "it knows no leader" }
    if status.storage.appliedIndex < status.storage.committedIndex {
      return "it has applied \(status.storage.appliedIndex) of \(status.storage.committedIndex)"
    }
    return nil
  }

  private var status: Page {
    guard let plane = switchboard.plane else {
      return Page(status: .serviceUnavailable, body: "it is starting\n")
    }
    let page = StatusPage(
      of: plane, identity: switchboard.identity, book: switchboard.book,
      table: switchboard.watch.table, isReady: unreadiness == nil)
    return Page(type: "application/json", body: page.json)
  }

  private var metrics: Page {
    guard let plane = switchboard.plane, let endpoint = switchboard.endpoint else {
      return Page(status: .serviceUnavailable, body: "it is starting\n")
    }
    let page = MetricsPage(
      of: plane, over: endpoint.meters, watch: switchboard.watch,
      replicationFactor: replicationFactor, certificateEnd: certificateEnd())
    return Page(type: "text/plain; version=0.0.4; charset=utf-8", body: page.text)
  }
}
