/// How many write at a time, each waiting for its answer, as far as was seen.
///
/// Those whose writes are under way and those whose writes wait are so many at least, whenever some
/// are about to be answered. Whether they still are is seen in the next batch, which has waited for
/// them.
package struct WriteConcurrency: Hashable, Sendable {
  package private(set) var count: Int

  package init(_ count: Int = 0) { self.count = count }

  /// Some are about to be answered.
  ///
  /// - Parameter present: Writes that are under way, those among them, and writes that wait.
  package mutating func willAnswer(present: Int) { count = max(count, present) }

  /// A batch goes.
  ///
  /// - Parameter present: Writes that it holds, and those that are under way already.
  package mutating func willPropose(present: Int) { count = present }
}
