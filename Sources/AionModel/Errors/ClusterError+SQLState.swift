extension ClusterError {
  /// Five characters for machines, stable across releases; PostgreSQL's own where it has one
  /// (PostgreSQL documentation, appendix A "Error Codes").
  public var sqlState: String {
    switch self {
    case .invalidName(_, _, .tooLong): "42622"  // name_too_long
    case .invalidName: "42602"  // invalid_name
    case .limitExceeded: "54000"  // program_limit_exceeded
    case .databaseExists: "42P04"  // duplicate_database
    case .unknownDatabase: "3D000"  // invalid_catalog_name
    case .unknownNode, .unknownShard, .unknownTransaction: "42704"  // undefined_object
    case .nodeHostsReplicas: "2BP01"  // dependent_objects_still_exist
    case .ambiguousShard: "42P09"  // ambiguous_alias
    case .invalidPlacement, .invalidScope, .fragmentOutsideScope, .participantsOutsideScope:
      "22023"  // invalid_parameter_value
    case .placementChanged, .staleLeader, .preconditionFailed, .fragmentOutOfStep:
      "40001"  // serialization_failure
    case .protectedDatabase, .tableWithoutShards, .notAReplica, .notAVoter, .nodeDown,
      .participantWithoutLeader:
      "55000"  // object_not_in_prerequisite_state
    case .leaderDown, .quorumLost: "57P03"  // cannot_connect_now
    case .transactionNotActive, .alreadyDecided, .notPrepared, .notDecided:
      "25000"  // invalid_transaction_state
    case .compacted: "72000"  // snapshot_too_old
    case .sessionExpired: "57P05"  // idle_session_timeout
    case .sequenceAnswered: "40003"  // statement_completion_unknown
    case .notLeader: "25006"  // read_only_sql_transaction
    case .unreachable: "08001"  // sqlclient_unable_to_establish_sqlconnection
    case .outcomeUnknown: "08007"  // transaction_resolution_unknown
    case .membershipRefused: "55000"  // object_not_in_prerequisite_state
    case .busy: "53000"  // insufficient_resources
    case .cancelled, .fragmentTimedOut: "57014"  // query_canceled
    case .closed: "57P01"  // admin_shutdown
    case .diskFull: "53100"  // disk_full
    case .storageFailed: "58030"  // io_error
    case .other(let sqlState, _): sqlState
    }
  }
}
