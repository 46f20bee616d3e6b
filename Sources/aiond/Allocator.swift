#if canImport(CJemalloc)
  import CJemalloc
#endif

/// What hands out memory to the process: jemalloc where it was there when the program was built,
/// else what the system has (Docs/Decisions/0028-jemalloc.md).
enum Allocator {
  /// For people. That it is asked for keeps the library linked, which then serves all of `malloc`.
  static var description: String {
    #if canImport(CJemalloc)
      var version: UnsafePointer<CChar>?
      var size = MemoryLayout.size(ofValue: version)
      if mallctl("version", &version, &size, nil, 0) == 0, let version {
        return "jemalloc \(String(cString: version).prefix { $0 != "-" })"
      }
      return "jemalloc"
    #else
      return "the system's malloc"
    #endif
  }
}
