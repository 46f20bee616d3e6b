import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM leave nothing behind of a group of processes.
public enum RigInterruption {
  /// From now on a signal that ends this process ends those of `rig` before.
  public static func close(_ rig: ClusterRig) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        rig.close()
        exit(128 + number)
      }
      source.resume()
      kept.withLock { $0.append(Kept(source: source)) }
    }
  }

  // A dispatch source may be held by any thread; its type does not say so.
  private struct Kept: @unchecked Sendable {
    let source: any DispatchSourceSignal
  }

  private static let kept = Mutex<[Kept]>([])
}
