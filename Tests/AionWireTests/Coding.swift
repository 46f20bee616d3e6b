import AionWire

func write(_ body: (inout WireWriter) -> Void) -> [UInt8] {
  var writer = WireWriter()
  body(&writer)
  return writer.take()
}

/// What `body` makes of the only field in `bytes`.
func readField<Value>(
  _ bytes: [UInt8], _ body: (inout WireReader, WireReader.Field) throws(WireError) -> Value
) throws(WireError) -> Value {
  try WireReader.reading(bytes) { reader throws(WireError) in
    guard let field = try reader.next() else { throw reader.missing(1) }
    let value = try body(&reader, field)
    guard reader.isAtEnd else { throw WireError(.truncated, at: reader.offset) }
    return value
  }
}

/// Why `body` refused the only field in `bytes`; nil when it did not.
func refusal<Value>(
  _ bytes: [UInt8], _ body: (inout WireReader, WireReader.Field) throws(WireError) -> Value
) -> WireError? {
  do throws(WireError) {
    _ = try readField(bytes, body)
    return nil
  } catch {
    return error
  }
}
