import AionCluster
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// What the process takes of the machine's memory.
enum MemoryUse {
  /// The most that was ever resident.
  static func peakResident() -> ByteCount {
    var usage = rusage()
    #if canImport(Glibc)
      // Glibc counts kibibytes, Darwin bytes.
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return .kibibytes(usage.ru_maxrss)
    #else
      getrusage(RUSAGE_SELF, &usage)
      return ByteCount(usage.ru_maxrss)
    #endif
  }
}
