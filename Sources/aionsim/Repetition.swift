import Glibc
import Synchronization

/// Says on standard error what to type again, should a broken invariant stop the process.
enum Repetition {
  // Written before each run and read by a signal's handler, which may take no lock.
  nonisolated(unsafe) private static var text = strdup("")

  static func announce(_ command: String) {
    let before = text
    text = strdup("\na broken invariant stopped the process\nrepeat: \(command)\n")
    free(before)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGABRT] { signal(number, handler) }
  }

  private static let handler: @convention(c) (Int32) -> Void = { _ in
    if let text { write(2, text, strlen(text)) }
    _exit(1)
  }
}
