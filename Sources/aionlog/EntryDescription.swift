import AionCatalog
import AionLog
import AionModel
import AionRaft

/// An entry in words, for a person and for a machine. A password's hash is never in them.
struct EntryDescription: Encodable {
  var index: UInt64
  var term: UInt64
  var time: String
  var kind: Kind
  /// Bytes of the payload.
  var size: Int
  /// One for each command; of other entries what they mean.
  var words: [String]

  enum Kind: String, Encodable { case command, configuration, empty, undecodable }

  init(_ entry: Entry) {
    index = entry.index.rawValue
    term = entry.term.rawValue
    time = entry.proposedAt.description
    switch entry.payload {
    case .empty:
      (kind, size, words) = (.empty, 0, ["nothing: a leader's first entry, or a refused change"])
    case .configuration(let change):
      (kind, size, words) = (.configuration, change.context.count, [Self.words(of: change)])
    case .command(let bytes):
      size = bytes.count
      do {
        let batch = try CommandBatch(decoding: bytes)
        kind = .command
        words = batch.commands.isEmpty ? ["no command"] : Self.words(of: batch)
      } catch {
        kind = .undecodable
        words = ["\(bytes.count) bytes that are no command of this version (\(error))"]
      }
    }
  }

  /// `index  term  time  words`, the numbers padded so that a page of them lines up.
  var line: String {
    let index = String(index).leftPadded(to: 10)
    let term = String(term).leftPadded(to: 6)
    return "\(index)  \(term)  \(time)  \(words.joined(separator: "; "))"
  }

  static let heading =
    "INDEX".leftPadded(to: 10) + "  " + "TERM".leftPadded(to: 6) + "  "
    + "TIME                      COMMAND"

  private static func words(of batch: CommandBatch) -> [String] {
    var conditions = batch.stamp.map { ["in \($0)"] } ?? []
    if let version = batch.expectedCatalogVersion {
      conditions.append("expecting catalog version \(version)")
    }
    if let epoch = batch.expectedPlacementEpoch {
      conditions.append("expecting placement epoch \(epoch)")
    }
    return conditions + batch.commands.map(\.description)
  }

  private static func words(of change: ConfigurationChange) -> String {
    guard !change.steps.isEmpty else { return "leave the joint configuration" }
    return change.steps.map { step in
      switch step {
      case .addVoter(let replica): "add voter \(replica)"
      case .addLearner(let replica): "add learner \(replica)"
      case .remove(let replica): "remove replica \(replica)"
      case .update(let replica): "update replica \(replica)"
      }
    }.joined(separator: ", ")
  }
}

extension String {
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
