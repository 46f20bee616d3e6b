extension String {
  /// The text, or as much of its beginning as takes so many bytes, with an ellipsis after it.
  package func cut(to limit: ByteCount) -> String {
    guard utf8.count > limit.bytes else { return self }
    var length = 0
    let kept = prefix { character in
      length += character.utf8.count
      return length <= limit.bytes
    }
    return kept + "…"
  }
}
