/// A rule that one Swift file keeps or breaks, whatever the other files say.
protocol Rule: Sendable {
  func findings(in file: SourceFile) -> [Finding]
}
