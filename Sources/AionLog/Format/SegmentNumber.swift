/// A segment's name: the index of its first entry.
///
/// After an overwrite has brought the log back below an earlier segment's name it is the next
/// number after that name instead, so that names always order segments as they were written.
public struct SegmentNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  static let fileExtension = ".log"

  public static func < (left: SegmentNumber, right: SegmentNumber) -> Bool {
    left.rawValue < right.rawValue
  }

  /// `00000000000000000001.log`
  public var fileName: String { indexedFileName(rawValue, Self.fileExtension) }

  /// The number in a file name, or nil when it is not the name of a segment.
  public init?(fileName: String) {
    guard let number = numberInFileName(fileName, Self.fileExtension), number > 0 else {
      return nil
    }
    self.init(rawValue: number)
  }

  public var description: String { fileName }
}

/// A number padded to 20 digits, so that names sort as numbers do.
func indexedFileName(_ number: UInt64, _ fileExtension: String) -> String {
  let digits = String(number)
  return String(repeating: "0", count: 20 - digits.count) + digits + fileExtension
}

func numberInFileName(_ name: String, _ fileExtension: String) -> UInt64? {
  guard name.utf8.count == 20 + fileExtension.utf8.count, name.hasSuffix(fileExtension) else {
    return nil
  }
  let digits = name.utf8.prefix(20)
  guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
    return nil
  }
  return UInt64(name.prefix(20))
}
