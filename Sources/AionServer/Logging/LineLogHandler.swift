import Foundation
package import Logging

/// Writes each event as one line, as text or as JSON.
package struct LineLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let label: String
  private let format: LogFormat
  private let write: @Sendable (String) -> Void

  package init(
    label: String, logLevel: Logger.Level, format: LogFormat,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.logLevel = logLevel
    self.format = format
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let pairs = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
    switch format {
    case .text: write(text(event, pairs, at: time))
    case .json: write(json(event, pairs, at: time))
    }
  }

  private func text(_ event: LogEvent, _ pairs: [(String, String)], at time: String) -> String {
    let rest = pairs.map { " \($0)=\($1.contains(" ") ? $1.quoted : $1)" }.joined()
    return "\(time) \(event.level) \(event.message)\(rest)\n"
  }

  private func json(_ event: LogEvent, _ pairs: [(String, String)], at time: String) -> String {
    let head = [
      ("time", time), ("level", "\(event.level)"), ("logger", label),
      ("message", "\(event.message)"),
    ]
    let fields = (head + pairs).map { "\($0.quoted):\($1.quoted)" }
    return "{\(fields.joined(separator: ","))}\n"
  }
}

/// Standard error, written to by any thread, a line at a time.
enum StandardError {
  static func write(_ line: String) { FileHandle.standardError.write(Data(line.utf8)) }
}
