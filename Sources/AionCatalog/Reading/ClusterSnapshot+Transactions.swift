public import AionModel

extension ClusterSnapshot {
  /// nil when it is unknown or forgotten.
  public func record(_ txn: TxnID) -> TxnRecord? { txnRecords[txn] }

  /// Every remembered transaction, in the order of their ids.
  public func transactions() -> [TxnRecord] { txnRecords.elements.map(\.value) }

  /// Those that neither committed nor aborted yet, in the order of their ids.
  public func undecided() -> [TxnRecord] {
    undecidedTxns.elements.compactMap { txnRecords[$0.key] }
  }
}
