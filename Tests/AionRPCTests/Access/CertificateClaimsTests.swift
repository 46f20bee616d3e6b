import AionRPC
import Testing

@Suite("What a certificate says of its holder")
struct CertificateClaimsTests {
  @Test("A replica's is for one name, or for any")
  func replicas() {
    let one = CertificateClaims(replicaNames: ["a"])
    #expect(one.isReplica && one.isReplica(named: "a") && !one.isReplica(named: "b"))
    let any = CertificateClaims(isAnyReplica: true)
    #expect(any.isReplica && any.isReplica(named: "b"))
    let client = CertificateClaims(role: .admin)
    #expect(!client.isReplica && !client.isReplica(named: "a"))
    #expect(!CertificateClaims().isReplica(named: ""))
  }

  @Test("It is written as URIs, and told in words")
  func written() {
    let claims = CertificateClaims(
      isAnyReplica: true, replicaNames: ["a", "b"], nodeNames: ["n"], role: .reader)
    #expect(
      claims.uris == [
        "aion:replica", "aion:replica:a", "aion:replica:b", "aion:node:n", "aion:reader",
      ])
    #expect("\(claims)" == "replica a, replica b, any replica, node n, client reader")
    #expect("\(CertificateClaims())" == "nobody")
  }
}
