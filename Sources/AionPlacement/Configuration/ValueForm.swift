import AionModel

/// What is wrong with a value; nil when it simply is not one of those allowed.
package struct ValueComplaint: Error {
  package let text: String?

  package init(_ text: String? = nil) { self.text = text }
}

/// How a value is written and read.
package struct ValueForm<Value: Sendable>: Sendable {
  /// In words, for people.
  package let allowed: String
  /// Of a text without white space around it.
  package let parse: @Sendable (String) throws(ValueComplaint) -> Value
  /// As `parse` takes it.
  package let written: @Sendable (Value) -> String

  package init(
    allowed: String, parse: @escaping @Sendable (String) throws(ValueComplaint) -> Value,
    written: @escaping @Sendable (Value) -> String
  ) {
    self.allowed = allowed
    self.parse = parse
    self.written = written
  }
}

extension ValueForm<Bool> {
  /// Yes or no, in one of several ways.
  package static var flag: ValueForm {
    ValueForm(allowed: "true or false") { text throws(ValueComplaint) in
      switch text.lowercased() {
      case "true", "on", "yes", "1": return true
      case "false", "off", "no", "0": return false
      default: throw ValueComplaint()
      }
    } written: {
      "\($0)"
    }
  }
}

extension ValueForm<Int> {
  /// A whole number.
  package static func number(_ range: ClosedRange<Int>) -> ValueForm {
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ValueForm(allowed: allowed) { text throws(ValueComplaint) in
      guard let number = Int(text), range.contains(number) else { throw ValueComplaint() }
      return number
    } written: {
      "\($0)"
    }
  }
}

extension ValueForm<[NodeAttributeConstraint]> {
  static var constraints: ValueForm {
    ValueForm(allowed: "key=value, separated by commas, such as disk=ssd,region=eu") {
      text throws(ValueComplaint) in
      var constraints: [NodeAttributeConstraint] = []
      for item in text.items(separatedBy: ",") {
        let constraint = try NodeAttributeConstraint(parsing: item)
        guard !constraints.contains(constraint) else {
          throw ValueComplaint("\(constraint) stands twice")
        }
        constraints.append(constraint)
      }
      return constraints
    } written: {
      $0.map(\.description).joined(separator: ",")
    }
  }
}

extension ValueForm<[String]> {
  static var attributeNames: ValueForm {
    let limit = PlacementLimits.spreadAttributes
    let allowed = "up to \(limit) attribute names, separated by commas, such as region,zone"
    return ValueForm(allowed: allowed) { text throws(ValueComplaint) in
      var names: [String] = []
      for name in text.items(separatedBy: ",") {
        guard !name.isEmpty else { throw ValueComplaint("a name is empty") }
        guard !name.contains(where: { "=:;".contains($0) }) else {
          throw ValueComplaint("\"\(name)\" is no name")
        }
        guard !names.contains(name) else { throw ValueComplaint("\(name) stands twice") }
        names.append(name)
      }
      guard names.count <= limit else { throw ValueComplaint("these are \(names.count)") }
      return names
    } written: {
      $0.joined(separator: ",")
    }
  }
}

extension ValueForm<[NodeID: [NodeAttributeConstraint]]> {
  static var nodeAttributes: ValueForm {
    let allowed = "node:key=value;key=value, separated by commas, such as node-a:region=eu;zone=a"
    return ValueForm(allowed: allowed) { text throws(ValueComplaint) in
      var attributes: [NodeID: [NodeAttributeConstraint]] = [:]
      for item in text.items(separatedBy: ",") {
        let (node, constraints) = try parseNode(item)
        guard attributes[node] == nil else { throw ValueComplaint("\(node) stands twice") }
        attributes[node] = constraints
      }
      return attributes
    } written: { attributes in
      attributes.sorted { $0.key < $1.key }
        .map { "\($0.key):\($0.value.map(\.description).joined(separator: ";"))" }
        .joined(separator: ",")
    }
  }

  /// A node's name may have colons in it (`host:7000`), the name of an attribute not.
  private static func parseNode(
    _ item: String
  ) throws(ValueComplaint) -> (NodeID, [NodeAttributeConstraint]) {
    let head = item.prefix { $0 != "=" }
    guard let colon = head.lastIndex(of: ":") else {
      throw ValueComplaint("\"\(item)\" names no node before a colon")
    }
    let node: NodeID
    do throws(ClusterError) {
      node = try NodeID(String(item[..<colon]).trimmed)
    } catch {
      throw ValueComplaint("\(error)")
    }
    var constraints: [NodeAttributeConstraint] = []
    for part in String(item[item.index(after: colon)...]).items(separatedBy: ";") {
      let constraint = try NodeAttributeConstraint(parsing: part)
      guard !constraints.contains(where: { $0.key == constraint.key }) else {
        throw ValueComplaint("\(node) has \(constraint.key) twice")
      }
      constraints.append(constraint)
    }
    return (node, constraints)
  }
}

extension NodeAttributeConstraint {
  fileprivate init(parsing text: String) throws(ValueComplaint) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let sides = parts.map { String($0).trimmed }
    guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }),
      !sides[0].contains(where: { ":;".contains($0) })
    else { throw ValueComplaint("\"\(text)\" is not key=value") }
    self.init(key: sides[0], value: sides[1])
  }
}

extension String {
  /// Without white space around it.
  package var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// None for an empty text.
  package func items(separatedBy separator: Character) -> [String] {
    trimmed.isEmpty
      ? []
      : split(separator: separator, omittingEmptySubsequences: false).map { String($0).trimmed }
  }
}
