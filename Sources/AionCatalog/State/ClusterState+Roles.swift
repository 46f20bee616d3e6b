import AionModel

extension ClusterState {
  mutating func upsert(_ role: ClusterRoleDescriptor) throws(ClusterError) {
    try NameRule.role.check(role.name)
    let length = role.passwordHash?.revealed.utf8.count ?? 0
    guard length <= Limits.passwordHashLength.bytes else {
      throw .limitExceeded(
        .passwordHashLength, asked: length, allowed: Limits.passwordHashLength.bytes)
    }
    if let current = snapshot.role(named: role.name), current.hasSameBytes(as: role) { return }
    put(role)
  }

  mutating func dropRole(named name: String) throws(ClusterError) {
    try NameRule.role.check(name)
    if let role = snapshot.role(named: name) { remove(role) }
  }
}
