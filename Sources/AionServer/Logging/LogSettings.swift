public import Logging

/// How a process writes its log.
public enum LogFormat: String, Sendable, CaseIterable {
  case text
  /// One JSON object a line.
  case json
}

extension Logger {
  /// A logger that writes lines to standard error, each in one piece.
  public static func lines(
    _ format: LogFormat, from level: Logger.Level, as label: String
  ) -> Logger {
    Logger(label: label) { label in
      LineLogHandler(label: label, logLevel: level, format: format) { StandardError.write($0) }
    }
  }
}
