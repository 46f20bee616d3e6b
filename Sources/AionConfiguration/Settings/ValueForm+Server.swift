package import AionModel
package import AionPlacement

extension ValueForm<String> {
  /// One line of text that is not empty.
  package static func text(_ allowed: String, limit: Int = 4_096) -> ValueForm {
    ValueForm(allowed: allowed) { text throws(ValueComplaint) in
      guard !text.isEmpty else { throw ValueComplaint("it is empty") }
      guard text.utf8.count <= limit else { throw ValueComplaint("longer than \(limit) bytes") }
      guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { throw ValueComplaint("there is a control character in it") }
      return text
    } written: {
      $0
    }
  }
}

extension ValueForm where Value: CaseIterable & RawRepresentable<String> & Sendable {
  /// One of the words that the type knows.
  package static var choice: ValueForm {
    let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return ValueForm(allowed: "one of \(words)") { text throws(ValueComplaint) in
      guard let value = Value(rawValue: text) else { throw ValueComplaint() }
      return value
    } written: {
      $0.rawValue
    }
  }
}

extension ValueForm {
  /// Nothing, written as an empty text, or a value.
  package static func optional<Wrapped>(
    _ form: ValueForm<Wrapped>
  ) -> ValueForm where Value == Wrapped? {
    ValueForm(allowed: "\(form.allowed), or nothing") { text throws(ValueComplaint) in
      text.isEmpty ? nil : try form.parse(text)
    } written: {
      $0.map(form.written) ?? ""
    }
  }

  /// Up to `limit` values, separated by commas, none of them twice.
  package static func list<Element: Hashable>(
    of form: ValueForm<Element>, limit: Int
  ) -> ValueForm where Value == [Element] {
    let allowed = "up to \(limit), separated by commas, each \(form.allowed)"
    return ValueForm(allowed: allowed) { text throws(ValueComplaint) in
      var values: [Element] = []
      for item in text.items(separatedBy: ",") {
        let value = try form.parse(item)
        guard !values.contains(value) else { throw ValueComplaint("\(item) stands twice") }
        values.append(value)
      }
      guard values.count <= limit else { throw ValueComplaint("these are \(values.count)") }
      return values
    } written: {
      $0.map(form.written).joined(separator: ",")
    }
  }
}

extension ValueForm<Duration> {
  /// A whole number with its unit.
  package static func duration(_ range: ClosedRange<Duration>) -> ValueForm {
    let bounds = "\(written(range.lowerBound)) to \(written(range.upperBound))"
    return ValueForm(allowed: "a time such as 250ms, 5s, 2m or 1h, from \(bounds)") {
      text throws(ValueComplaint) in
      let (number, unit) = try text.numberAndUnit()
      guard let size = units.first(where: { $0.name == unit })?.milliseconds else {
        throw ValueComplaint(unit.isEmpty ? "it has no unit" : "\(unit) is no unit")
      }
      let (milliseconds, overflow) = number.multipliedReportingOverflow(by: size)
      guard !overflow, range.contains(.milliseconds(milliseconds)) else { throw ValueComplaint() }
      return .milliseconds(milliseconds)
    } written: {
      written($0)
    }
  }

  private static var units: [(name: String, milliseconds: Int)] {
    [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
  }

  /// In the largest unit in which it is whole.
  private static func written(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    guard milliseconds != 0 else { return "0ms" }
    let unit = units.first { milliseconds.isMultiple(of: $0.milliseconds) }
    guard let unit else { return "\(milliseconds)ms" }
    return "\(milliseconds / unit.milliseconds)\(unit.name)"
  }
}

extension ValueForm<ByteCount> {
  /// A whole number of bytes, or with its unit.
  package static func byteCount(_ range: ClosedRange<ByteCount>) -> ValueForm {
    let bounds = "\(written(range.lowerBound)) to \(written(range.upperBound))"
    return ValueForm(allowed: "a size such as 4096, 64KiB, 16MiB or 2GiB, from \(bounds)") {
      text throws(ValueComplaint) in
      let (number, unit) = try text.numberAndUnit()
      guard let size = units.first(where: { $0.name == unit })?.bytes else {
        throw ValueComplaint("\(unit) is no unit")
      }
      let (bytes, overflow) = number.multipliedReportingOverflow(by: size)
      guard !overflow, range.contains(ByteCount(bytes)) else { throw ValueComplaint() }
      return ByteCount(bytes)
    } written: {
      written($0)
    }
  }

  private static var units: [(name: String, bytes: Int)] {
    [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1)]
  }

  private static func written(_ count: ByteCount) -> String {
    guard count.bytes != 0, let unit = units.first(where: { count.bytes.isMultiple(of: $0.bytes) })
    else { return "\(count.bytes)" }
    return "\(count.bytes / unit.bytes)\(unit.name)"
  }
}

extension String {
  /// `64 MiB` → (64, "MiB")
  fileprivate func numberAndUnit() throws(ValueComplaint) -> (Int, String) {
    let digits = prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits) else { throw ValueComplaint() }
    return (number, String(dropFirst(digits.count)).trimmed)
  }
}
