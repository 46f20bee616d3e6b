/// Imports point down, stay inside the layer's allowance, and are declared in the manifest.
struct ImportRule: Rule {
  let manifest: Manifest

  init(manifest: Manifest) { self.manifest = manifest }

  func findings(in file: SourceFile) -> [Finding] {
    guard let target = file.target else { return [] }
    return file.code.enumerated().flatMap { line, text -> [Finding] in
      guard let imported = importedModule(in: text) else { return [] }
      return advice(on: imported, importedBy: target, inTest: file.isTest)
        .map { file.finding(at: line, $0) }
    }
  }

  private func importedModule(in line: String) -> String? {
    guard line.contains("import ") else { return nil }
    return line.firstMatch(of: statement).map { String($0.1) }
  }

  private func advice(
    on imported: String, importedBy target: String, inTest: Bool
  ) -> [String] {
    guard manifest.targets[imported] != nil else {
      return inTest ? [] : adviceOnOutside(imported, importedBy: target)
    }
    var advice: [String] = []
    if let declared = manifest.targets[target], !declared.dependencies.contains(imported) {
      advice.append(
        "\(target) imports \(imported) but Package.swift does not say so; "
          + "add it to the dependencies of \(target).")
    }
    if !inTest { advice += adviceOnDirection(of: imported, importedBy: target) }
    return advice
  }

  private func adviceOnDirection(of imported: String, importedBy target: String) -> [String] {
    guard let from = rank(of: target) else {
      return ["\(target) has no layer; put it in Layers.swift and Docs/Architecture.md."]
    }
    guard let to = rank(of: imported) else {
      return ["\(imported) has no layer; put it in Layers.swift and Docs/Architecture.md."]
    }
    let isAllowedSideways = Layers.sideways.contains(.init(from: target, to: imported))
    guard to >= from, !isAllowedSideways else { return [] }
    return [
      "\(target) imports \(imported), which does not stand below it; "
        + "move what it needs down, or declare a port in \(target) that \(imported) fulfils."
    ]
  }

  private func adviceOnOutside(_ imported: String, importedBy target: String) -> [String] {
    let layer = rank(of: target).map {
      $0 < Layers.table.count ? Layers.table[$0] : Layers.programs
    }
    guard let layer, !layer.outside.contains(imported) else { return [] }
    return [
      "\(imported) may not be imported in \(target), which belongs to the \(layer.name); "
        + "take what you need as an argument or through a port of \(target)."
    ]
  }

  private func rank(of module: String) -> Int? {
    if manifest.targets[module]?.isProgram == true { return Layers.table.count }
    return Layers.rank(of: module)
  }

  private let statement =
    #/
      ^\s* (?:@\w+(?:\([^)]*\))?\s+)*
      (?:(?:public|package|internal|fileprivate|private)\s+)?
      import\s+ (?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)? (\w+)
    /#
}
