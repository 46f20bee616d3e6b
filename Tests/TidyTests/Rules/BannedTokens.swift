/// Words that the project does without, each with what to write in its place.
struct BannedToken {
  enum Place: Sendable {
    case everywhere
    /// Below the façade, where the same inputs must give the same outputs.
    case deterministicModules
    case libraries
    case tests
  }

  enum View: Sendable { case code, comments }

  /// Looked for in one line.
  var pattern: Regex<Substring>
  var place: Place
  var view = View.code
  /// Whether a comment on the line above that gives a reason makes it acceptable.
  var isExcusedByReason = false
  var instead: String

  static var table: [BannedToken] {
    [
      BannedToken(
        pattern: #/\bDate\(\)/#, place: .deterministicModules,
        instead: "take a WallTime or a tick as an argument"),
      BannedToken(
        pattern: #/\b(?:Date|DispatchTime|\w*[Cc]lock(?:\(\))?|Instant)\.now\b|[=(,:]\s*\.now\b/#,
        place: .deterministicModules,
        instead: "take a WallTime or a tick as an argument"),
      BannedToken(
        pattern: #/\.random(?:Element)?\((?!.*using:)|\.shuffled?\(\)|SystemRandomNumberGen/#,
        place: .deterministicModules,
        instead: "draw from a SplitMix64 that is passed in"),
      BannedToken(
        pattern: #/\.hashValue\b|\bHasher\(\)/#, place: .deterministicModules,
        instead: "Swift seeds hashing per process; use a digest of the canonical bytes"),
      BannedToken(
        pattern: #/\btry!/#, place: .everywhere,
        instead: "let the function throw, or handle the error where it means something"),
      BannedToken(
        pattern: #/\bas!/#, place: .everywhere,
        instead: "use `guard let … as?` and say what happens otherwise"),
      BannedToken(
        pattern: #/\bfatalError\(/#, place: .everywhere,
        instead: "throw a refusal or a fault; for a bug use precondition with both values"),
      BannedToken(
        pattern: #/@unchecked\s+Sendable|nonisolated\(unsafe\)/#, place: .everywhere,
        isExcusedByReason: true,
        instead: "use Mutex or a value type, or write the reason in a comment on the line above"),
      BannedToken(
        pattern: #/\bprint\(|\bdebugPrint\(|\bdump\(/#, place: .libraries,
        instead: "return it, or hand it to the caller's report; only programs print"),
      BannedToken(
        pattern: #/\bTask\.sleep\b|\bThread\.sleep\b|\bu?sleep\(/#, place: .tests,
        instead: "wait for the event itself, or drive the clock by hand"),
      BannedToken(
        pattern: #/@(?:testable)\b/#, place: .tests,
        instead: "make it `package`, so that the test runs in release too"),
      BannedToken(
        pattern: #/^\s*import\s+XCTest\b/#, place: .tests,
        instead: "write it with Swift Testing"),
      BannedToken(
        pattern: #/\b(?:TODO|FIXME|XXX)\b/#, place: .everywhere, view: .comments,
        instead: "do it now, or open an issue and say here what holds today"),
    ]
  }
}
