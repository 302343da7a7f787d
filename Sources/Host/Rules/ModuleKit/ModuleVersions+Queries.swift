import ChainMessages

/// cosmos.upgrade.v1beta1.Query, as far as it is about what is there and not about what is planned.
extension ModuleVersions {
    private typealias Query = UpgradeV1beta1.Query

    /// Of the state that is asked for, whatever this program has.
    static var queries: [ModuleQuery] {
        [
            ModuleQuery(Query.moduleVersions) { request, state in
                let versions = try all(in: state).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                let asked = request.moduleName
                let shown = asked.isEmpty ? versions : versions.filter { $0.key == asked }
                guard asked.isEmpty || !shown.isEmpty else {
                    throw QueryRefusal.notFound("x/upgrade: QueryModuleVersions module \(asked) not found")
                }
                return .init(moduleVersions: shown.map { .init(name: $0.key, version: $0.value) })
            }
        ]
    }
}
