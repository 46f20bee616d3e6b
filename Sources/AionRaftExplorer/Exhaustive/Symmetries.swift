import AionModel
import AionRaft

/// The renamings under which the bounds stay what they are; number 0 renames nothing.
struct Symmetries {
  let renamings: [Renaming]
  private let changes: [[Int]]

  init(_ bounds: Bounds, isFolding: Bool) {
    renamings = isFolding ? bounds.symmetries : Array(bounds.symmetries.prefix(1))
    changes = renamings.map { rename in
      bounds.changes.map { change in bounds.changes.firstIndex(of: rename(change)) ?? 0 }
    }
  }

  var count: Int { renamings.count }

  /// The place of a node's namesake.
  func place(of node: Int, under symmetry: Int) -> Int {
    Int(renamings[symmetry].names[node]) - 1
  }

  func change(_ change: Int, under symmetry: Int) -> Int { changes[symmetry][change] }
}
