#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of its own for work that blocks: Swift's cooperative pool must never wait for a disk.
package enum DedicatedThread {
  /// Runs `body` on a new thread.
  ///
  /// - Returns: false when the system refuses a thread; `body` is then never run.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let start = Unmanaged.passRetained(Start(body: body))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let status = pthread_create(&thread, nil, runStart, start.toOpaque())
    guard status == 0 else {
      start.release()
      return false
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
    return true
  }
}

private final class Start: Sendable {
  let body: @Sendable () -> Void

  init(body: @escaping @Sendable () -> Void) { self.body = body }
}

#if canImport(Glibc)
  private typealias ThreadArgument = UnsafeMutableRawPointer?
#else
  private typealias ThreadArgument = UnsafeMutableRawPointer
#endif

private func runStart(_ argument: ThreadArgument) -> UnsafeMutableRawPointer? {
  #if canImport(Glibc)
    guard let argument else { return nil }
  #endif
  Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
  return nil
}
