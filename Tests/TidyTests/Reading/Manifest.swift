/// What Package.swift declares: targets with their kinds and dependencies.
struct Manifest: Sendable {
  struct Target: Sendable {
    var name: String
    var isProgram: Bool
    /// Targets of this package and products of others.
    var dependencies: Set<String>
  }

  private(set) var targets: [String: Target] = [:]

  /// Reads the text, not the evaluated manifest: asking SwiftPM would wait for the lock that a
  /// running `swift test` holds. It follows `.target(…)` calls and `let name = ….product(name: …)`.
  init(text: String) {
    let products = Dictionary(
      text.matches(of: /let\s+(\w+)\s*=\s*Target\.Dependency\.product\(\s*name:\s*"([^"]+)"/).map {
        (String($0.1), String($0.2))
      }, uniquingKeysWith: { first, _ in first })
    for call in text.matches(of: /\.(target|executableTarget|testTarget|systemLibrary)\(\s*name:/) {
      let arguments = text[call.range.lowerBound...].balanced("(", ")")
      guard let name = arguments.firstMatch(of: /name:\s*"([^"]+)"/) else { continue }
      targets[String(name.1)] = Target(
        name: String(name.1),
        isProgram: call.1 == "executableTarget",
        dependencies: Manifest.dependencies(in: arguments, products: products))
    }
  }

  private static func dependencies(
    in arguments: Substring, products: [String: String]
  ) -> Set<String> {
    guard let label = arguments.firstMatch(of: /dependencies:\s*/) else { return [] }
    var list = String(arguments[label.range.upperBound...].balanced("[", "]"))
    list.replace(/package:\s*"[^"]*"/, with: "")
    var found = Set(list.matches(of: /"([^"]+)"/).map { String($0.1) })
    list.replace(/"[^"]*"/, with: "")
    for word in list.matches(of: /\w+/) {
      if let product = products[String(word.0)] { found.insert(product) }
    }
    return found
  }
}

extension Substring {
  /// From here through the parenthesis or bracket that closes the first one.
  func balanced(_ opening: Character, _ closing: Character) -> Substring {
    var depth = 0
    for place in indices {
      if self[place] == opening { depth += 1 }
      if self[place] == closing {
        depth -= 1
        if depth == 0 { return self[...place] }
      }
    }
    return self
  }
}
