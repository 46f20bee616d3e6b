// What an application needs beside this module, so that `import AionCluster` is enough.

@_exported public import AionCatalog
@_exported public import AionModel
@_exported public import AionPlacement

@_exported public import struct AionLog.FileError
@_exported public import struct AionLog.LogDamage
@_exported public import enum AionLog.LogFault
@_exported public import struct AionLog.RecoveryReport
@_exported public import enum AionNode.NodeFault
