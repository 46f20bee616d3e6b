extension LogDamage.Finding {
  /// A stable name of the case, for machines.
  public var code: String {
    switch self {
    case .notAHeader: "notAHeader"
    case .unfinished: "unfinished"
    case .headerChecksum: "headerChecksum"
    case .payloadChecksum: "payloadChecksum"
    case .misplaced: "misplaced"
    case .strayRecord: "strayRecord"
    case .lengthOutOfLimits: "lengthOutOfLimits"
    case .nonZeroPadding: "nonZeroPadding"
    case .indexOutOfRange: "indexOutOfRange"
    case .undecodableFrame: "undecodableFrame"
    case .undecodableRecord: "undecodableRecord"
    case .validBatchFollows: "validBatchFollows"
    case .indexGap: "indexGap"
    case .termWentBack: "termWentBack"
    case .overwritesCommitted: "overwritesCommitted"
    case .commitBeyondEnd: "commitBeyondEnd"
    case .sealMissing: "sealMissing"
    case .sealDisagrees: "sealDisagrees"
    case .bytesAfterSeal: "bytesAfterSeal"
    case .misnamed: "misnamed"
    case .segmentMissing: "segmentMissing"
    case .chainBroken: "chainBroken"
    case .foreignCluster: "foreignCluster"
    case .foreignReplica: "foreignReplica"
    case .futureVersion: "futureVersion"
    case .identityMissing: "identityMissing"
    case .groupMissing: "groupMissing"
    case .unreadable: "unreadable"
    case .doesNotConnect: "doesNotConnect"
    }
  }
}
