import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Headers whose checksum holds and which lie")
struct ForgeryTests {
  private let attack: Attack
  private let path: String
  private let batches: [Range<Int>]
  private let whole: ForgedBytes

  init() throws {
    attack = try Attack()
    path = try attack.lastSegment()
    batches = try attack.batches(of: path)
    whole = ForgedBytes(bytes: try attack.contents(of: path))
  }

  private func outcome(_ change: (inout ForgedBytes) -> Void) throws -> Outcome {
    var forged = whole
    change(&forged)
    return try attack.opening(lastSegment: forged.bytes)
  }

  @Test("Checklist 60: lengths are held against the limits before anything is allocated")
  func lengths() throws {
    let start = batches[1].lowerBound
    for (field, value) in [(16, UInt32.max), (20, UInt32.max), (20, (1 << 16) + 1), (16, 1 << 24)] {
      let outcome = try outcome {
        $0.put(value, at: start + field)
        $0.put(
          UInt32(56 + (-(64 + Int($0.number(UInt32.self, at: start + 16))) & 15)), at: start + 4)
        $0.resign(at: start, covered: 64)
      }
      #expect(
        outcome.damage?.finding.code == "lengthOutOfLimits", "\(field) \(value): \(outcome.summary)"
      )
      #expect(outcome.damage?.offset == ByteCount(start))
    }
  }

  @Test("Checklist 60: a count of entries is held against what the payload can hold")
  func counts() throws {
    let start = batches[1].lowerBound
    let outcome = try outcome {
      $0.put(UInt32.max, at: start + 32)
      $0.resign(at: start, covered: 64)
    }
    #expect(outcome.damage?.finding.code == "lengthOutOfLimits", "\(outcome.summary)")
  }

  @Test("Checklist 60: a length within the limits that reaches past the file is a torn tail")
  func pastTheFile() throws {
    let start = batches[batches.count - 1].lowerBound
    let outcome = try outcome {
      $0.put(UInt32(60_000), at: start + 16)
      $0.put(UInt32(56 + (-(64 + 60_000) & 15)), at: start + 4)
      $0.resign(at: start, covered: 64)
    }
    #expect(outcome.recovered?.report.tornTail?.range.lowerBound == ByteCount(start))
  }

  @Test("An index that no log comes to is refused, not counted on from")
  func hugeIndex() throws {
    let start = batches[1].lowerBound
    let indexes: [UInt64] = [.max, .max - 1, (1 << 63) + 1]
    for index in indexes {
      let outcome = try outcome {
        $0.put(index, at: start + 24)
        $0.resign(at: start, covered: 64)
      }
      #expect(outcome.damage?.finding.code == "indexOutOfRange", "\(outcome.summary)")
    }
    for field in [48, 56, 64, 112] {
      let outcome = try outcome {
        $0.put(UInt64.max, at: field)
        $0.resign(at: 0, covered: 128)
      }
      #expect(outcome.damage?.finding.code == "indexOutOfRange", "\(outcome.summary)")
    }
  }

  @Test("Checklist 74: a batch that stands where another was written is told")
  func misdirected() throws {
    let size = batches[3].count
    let other = try #require(batches[5...].first { $0.count == size })
    let moved = Array(whole.bytes[other])
    let outcome = try outcome { $0.replace(batches[3], with: moved) }
    #expect(
      outcome.damage?.finding == .misplaced(written: ByteCount(other.lowerBound)),
      "\(outcome.summary)")
    #expect(outcome.damage?.offset == ByteCount(batches[3].lowerBound))
  }

  @Test("Checklist 74: a batch of another segment at the very same offset is told")
  func stray() throws {
    let earlier = attack.segments[1]
    let bytes = try attack.contents(of: earlier)
    let pair = zip(try attack.batches(of: earlier), batches).first { $0 == $1 }
    let same = try #require(pair?.0)
    let outcome = try outcome { $0.replace(same, with: bytes[same]) }
    #expect(outcome.damage?.finding == .strayRecord, "\(outcome.summary)")
  }

  @Test("Checklist 74: the payload of another batch under a right header is told")
  func swappedPayload() throws {
    let size = batches[3].count
    let other = try #require(batches[5...].first { $0.count == size })
    let payload = Array(whole.bytes[(other.upperBound - 40)..<other.upperBound])
    let upper = batches[3].upperBound
    let outcome = try outcome { $0.replace((upper - 40)..<upper, with: payload) }
    #expect(outcome.damage?.finding.code == "payloadChecksum", "\(outcome.summary)")
  }

  @Test("Checklist 75: padding that is not zero is told")
  func padding() throws {
    for batch in batches.dropLast() {
      let headerLength = Int(whole.number(UInt32.self, at: batch.lowerBound + 4)) + 8
      for place in 64..<headerLength {
        let outcome = try outcome { $0.bytes[batch.lowerBound + place] = 1 }
        #expect(outcome.damage?.finding == .nonZeroPadding, "\(outcome.summary)")
      }
    }
  }

  @Test("Checklist 73: a newer format version is refused, both versions named")
  func futureVersion() throws {
    let expected = LogDamage.Finding.futureVersion(
      found: FormatVersion(rawValue: 2), supported: .current)
    let outcome = try outcome {
      $0.put(UInt32(2), at: 16)
      $0.resign(at: 0, covered: 128)
    }
    #expect(outcome.damage?.finding == expected, "\(outcome.summary)")
    #expect(outcome.damage?.description.contains("version 2") == true)

    var identity = ForgedBytes(bytes: try attack.contents(of: "/identity"))
    identity.put(UInt32(2), at: 16)
    identity.resign(at: 0, covered: identity.bytes.count)
    let second = try attack.opening { $0.setContents(of: "/identity", to: identity.bytes) }
    #expect(second.damage?.finding == expected, "\(second.summary)")
  }

  @Test("A batch that overwrites what was committed is damage")
  func overwritesCommitted() throws {
    // The hard state stands in the segment's header; let it commit what the segment begins with.
    let first = batches[0]
    let outcome = try outcome { forged in
      let index = forged.number(UInt64.self, at: first.lowerBound + 24)
      forged.put(index, at: 112)
      forged.resign(at: 0, covered: 128)
      for (place, batch) in batches.enumerated() {
        forged.put(forged.number(UInt32.self, at: 8), at: batch.lowerBound + 60)
        forged.rechain(
          at: batch.lowerBound, after: place == 0 ? 0 : batches[place - 1].lowerBound,
          previousLength: place == 0 ? 128 : 64)
      }
    }
    let index = LogIndex(whole.number(UInt64.self, at: first.lowerBound + 24))
    #expect(
      outcome.damage?.finding == .overwritesCommitted(index: index, commit: index),
      "\(outcome.summary)")
  }
}
