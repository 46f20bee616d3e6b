import AionModel

/// One event a line, as an object in JSON (Docs/History.md):
///
/// | field       | with      |                                                            |
/// |-------------|-----------|------------------------------------------------------------|
/// | `process`   | all       | the client, a number                                       |
/// | `type`      | all       | `invoke`, `ok`, `fail`, `info`                             |
/// | `f`         | all       | the operation: `read`, `write`, …                          |
/// | `key`       | all       | the object: `kind/name`                                    |
/// | `value`     | invoke ok | the argument; the answer. Left out when null               |
/// | `time`      | all       | nanoseconds since the run began                            |
/// | `index`     | ok        | the log index, where it is known                           |
/// | `session`   | invoke    | with `sequence`: under which name it is done exactly once  |
/// | `local`     | invoke    | true when one replica answers from its own state           |
extension HistoryEvent {
  /// The line, without its end.
  public var line: String {
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the line, without its end.
  public func append(to text: inout [UInt8]) {
    var value = HistoryValue.nothing
    text += "{\"process\":\(client),\"type\":\"".utf8
    switch step {
    case .invoke(let argument):
      text += "invoke".utf8
      value = argument
    case .ok(let answer):
      text += "ok".utf8
      value = answer
    case .fail: text += "fail".utf8
    case .info: text += "info".utf8
    }
    text += "\",\"f\":".utf8
    JSONText.append(operation, to: &text)
    text += ",\"key\":".utf8
    JSONText.append(key.description, to: &text)
    if value != .nothing {
      text += ",\"value\":".utf8
      JSONText.append(value, to: &text)
    }
    text += ",\"time\":\(time)".utf8
    if let index { text += ",\"index\":\(index)".utf8 }
    if let request {
      text += ",\"session\":\(request.session),\"sequence\":\(request.sequence)".utf8
    }
    if isLocal { text += ",\"local\":true".utf8 }
    text.append(UInt8(ascii: "}"))
  }

  init(line: ArraySlice<UInt8>) throws(JSONParser.Problem) {
    var fields = Fields(try JSONParser.object(in: line))
    let type = try fields.text("type")
    let value = fields.take("value")
    switch type {
    case "invoke": step = .invoke(value ?? .nothing)
    case "ok": step = .ok(value ?? .nothing)
    case "fail": step = .fail
    case "info": step = .info
    default: throw JSONParser.Problem(text: "the type \"\(type)\"")
    }
    client = HistoryClient(try fields.number("process"))
    operation = try fields.text("f")
    key = HistoryKey(try fields.text("key"))
    time = HistoryTime(try fields.number("time"))
    index = try fields.optionalNumber("index").map { LogIndex($0) }
    request = nil
    if let session = try fields.optionalNumber("session") {
      request = HistoryRequest(session: session, sequence: try fields.number("sequence"))
    }
    isLocal = try fields.flag("local")
  }
}

/// Fields of an object by name. Those that nobody asks for are another program's.
private struct Fields {
  private var fields: [(name: String, value: HistoryValue)]

  init(_ fields: [(name: String, value: HistoryValue)]) { self.fields = fields }

  mutating func take(_ name: String) -> HistoryValue? {
    guard let place = fields.firstIndex(where: { $0.name == name }) else { return nil }
    return fields.remove(at: place).value
  }

  mutating func text(_ name: String) throws(JSONParser.Problem) -> String {
    guard case .text(let text) = take(name) else {
      throw JSONParser.Problem(text: "\"\(name)\" is missing or no text")
    }
    return text
  }

  mutating func number(_ name: String) throws(JSONParser.Problem) -> UInt64 {
    guard let number = try optionalNumber(name) else {
      throw JSONParser.Problem(text: "\"\(name)\" is missing")
    }
    return number
  }

  mutating func optionalNumber(_ name: String) throws(JSONParser.Problem) -> UInt64? {
    switch take(name) {
    case nil, .nothing: return nil
    case .number(let number) where number >= 0: return UInt64(number)
    default: throw JSONParser.Problem(text: "\"\(name)\" is no whole number from 0")
    }
  }

  mutating func flag(_ name: String) throws(JSONParser.Problem) -> Bool {
    switch take(name) {
    case nil, .nothing: return false
    case .flag(let flag): return flag
    default: throw JSONParser.Problem(text: "\"\(name)\" is neither true nor false")
    }
  }
}
