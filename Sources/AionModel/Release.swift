/// Which release of aion-cluster a program was built from.
public enum Release {
  /// By the rules of semantic versioning: before 1.0, a minor version may change what programs are
  /// written against. Files and messages have versions of their own.
  public static let version = "0.1.0"
}
