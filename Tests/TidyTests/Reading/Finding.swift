/// One untidy place, and what to do about it.
struct Finding: Equatable, CustomStringConvertible {
  var path: String
  var line: Int
  var advice: String

  var description: String { "\(path):\(line): \(advice)" }
}
