import AionServer
import ClusterRig

/// The nodes of a group as a table.
enum StatusTable {
  private static let header = [
    "node", "role", "replica", "leader", "term", "committed", "applied", "last", "members", "ready",
  ]

  static func text(of rig: ClusterRig) async -> String {
    var rows = [header]
    for number in rig.numbers { rows.append(await row(number, of: rig)) }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let padded = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return (padded.dropLast() + row.suffix(1)).joined(separator: "  ")
    }.joined(separator: "\n") + "\n"
  }

  private static func row(_ number: Int, of rig: ClusterRig) async -> [String] {
    guard let page = await rig.status(of: number) else {
      let word = rig.running.contains(number) ? "silent" : "down"
      return ["n\(number)", word] + [String](repeating: "-", count: header.count - 2)
    }
    let voters = page.members.count { $0.isVoter }
    let learners = page.members.count - voters
    return [
      "n\(number)", page.role, "\(page.replica)", page.leader.map { "\($0)" } ?? "none",
      "\(page.term)", "\(page.committed)", "\(page.applied)", "\(page.last)",
      learners == 0 ? "\(voters)" : "\(voters)+\(learners)", page.isReady ? "yes" : "no",
    ]
  }
}
