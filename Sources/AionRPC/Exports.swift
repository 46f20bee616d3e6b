// What a client needs beside this module, so that `import AionRPC` is enough.

@_exported public import AionCatalog
@_exported public import AionModel
