import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Rotten bits")
struct BitRotTests {
  @Test("Checklist 59: a bit flipped at every byte of every segment is told with its place")
  func everyByte() throws {
    let limits = LogLimits(
      segmentSize: .kibibytes(1), preallocation: .kibibytes(1), growth: 512,
      maximumBatch: .kibibytes(64))
    let attack = try Attack(limits: limits, batches: 16)
    #expect(attack.segments.count == 3)
    for path in attack.segments {
      let bytes = try attack.contents(of: path)
      let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
      for place in 0..<end {
        var rotten = bytes
        rotten[place] ^= 1 << UInt8(place % 8)
        let outcome = try attack.opening(limits: limits) { $0.setContents(of: path, to: rotten) }
        let damage = try #require(outcome.damage, "\(path) byte \(place): \(outcome.summary)")
        #expect("/" + damage.file == path, "byte \(place)")
        #expect(damage.offset.bytes <= place, "byte \(place)")
        #expect(place - damage.offset.bytes < 4096, "byte \(place)")
      }
    }
  }

  @Test("Checklist 59: any bit of the last batch is told, however the batch lies in its sectors")
  func everyBitOfTheLastBatch() throws {
    for size in stride(from: 1, through: 540, by: 77) {
      let directory = InMemoryLogDirectory()
      let (log, _) = try LogWorld.open(directory)
      try log.write([LogWorld.entry(1, size: size)])
      try log.write([LogWorld.entry(2)])
      let path = "/log/00000000000000000001.log"
      let bytes = try #require(directory.disk.contents(of: path))
      let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
      for place in (end - 130)..<end {
        for bit in 0..<8 {
          var rotten = bytes
          rotten[place] ^= 1 << UInt8(bit)
          let disk = InMemoryDisk()
          _ = try disk.root.directory("log", creating: true)
          disk.setContents(
            of: "/identity", to: try #require(directory.disk.contents(of: "/identity")))
          disk.setContents(of: path, to: rotten)
          let outcome = Outcome(of: disk)
          #expect(outcome.damage != nil, "size \(size) byte \(place): \(outcome.summary)")
        }
      }
    }
  }

  @Test("A bit flipped in either copy of the identity is told and repaired; in both, refused")
  func identity() throws {
    let attack = try Attack(batches: 1)
    let bytes = try attack.contents(of: "/identity")
    let names = ["identity", "identity.copy"]
    for place in bytes.indices {
      var rotten = bytes
      rotten[place] ^= 1 << UInt8(place % 8)
      for name in names {
        let outcome = try attack.opening { $0.setContents(of: "/" + name, to: rotten) }
        let told = outcome.recovered?.report.damagedRecords.map(\.file)
        #expect(told == [name], "byte \(place): \(outcome.summary)")
      }
      let outcome = try attack.opening { disk in
        for name in names { disk.setContents(of: "/" + name, to: rotten) }
      }
      #expect(outcome.damage?.file == "identity", "byte \(place): \(outcome.summary)")
    }
  }

  @Test("A rotten bit in what is preallocated loses nothing and is told")
  func preallocation() throws {
    let attack = try Attack()
    let path = try attack.lastSegment()
    let bytes = try attack.contents(of: path)
    let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
    for place in stride(from: end, to: bytes.count, by: 37) {
      var rotten = bytes
      rotten[place] ^= 1
      let outcome = try attack.opening(lastSegment: rotten)
      if let recovered = outcome.recovered {
        #expect(recovered.entries == attack.entries)
        #expect(recovered.report.tornTail != nil, "byte \(place)")
      } else {
        #expect(outcome.damage != nil, "byte \(place): \(outcome.summary)")
      }
    }
  }
}
