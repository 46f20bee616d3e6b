#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RevocationList {
  /// What a file says now.
  ///
  /// - Throws: `TLSFault.notARevocationList`: nobody is believed by a list that cannot be read.
  public init(file: String) throws(TLSFault) {
    let text: String
    do { text = try String(contentsOfFile: file, encoding: .utf8) } catch {
      throw .notARevocationList(file: file, nil)
    }
    do throws(RevocationFault) { try self.init(text: text) } catch {
      throw .notARevocationList(file: file, error)
    }
  }
}
