/// A rule that one Swift file keeps or breaks, whatever the other files say.
///
/// Its patterns are stored properties: a regular expression is compiled with the value that it is,
/// and a rule reads some ten thousand lines.
protocol Rule {
  func findings(in file: SourceFile) -> [Finding]
}
