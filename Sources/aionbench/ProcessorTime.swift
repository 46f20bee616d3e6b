import Foundation

/// What the system says that processes have had of the processor.
enum ProcessorTime {
  /// In seconds, its own and the kernel's for it (proc(5): `utime` and `stime`).
  static func used(by process: Int32) throws -> Double {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      // The second field is the program's name, in brackets, and may hold anything.
      let bracket = text.lastIndex(of: ")")
    else { throw BenchmarkFailure("/proc says nothing of process \(process)") }
    let fields = text[text.index(after: bracket)...].split(separator: " ")
    guard fields.count > 12, let own = Double(fields[11]), let kernel = Double(fields[12]) else {
      throw BenchmarkFailure("/proc/\(process)/stat is not understood")
    }
    return (own + kernel) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
