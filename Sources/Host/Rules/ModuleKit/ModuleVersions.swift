import SignedTransactions
import Wire

/// Which version of which module wrote the state: what an upgrade starts from.
///
/// In the store and with the keys of the Cosmos SDK's upgrade module. Written at genesis and by upgrades alone.
package enum ModuleVersions {
    package static let store = "upgrade"
    private static let prefix: [UInt8] = [2]

    package static func all(in state: any LedgerReading) throws -> [String: UInt64] {
        var versions: [String: UInt64] = [:]
        try state.visit(store, prefix: prefix) { entry in
            guard let name = String(validating: entry.key.dropFirst(prefix.count), as: UTF8.self),
                let version = StateKey.number(decoding: entry.value)
            else { throw CorruptState(store: store, key: entry.key) }
            versions[name] = version
        }
        return versions
    }

    static func set(_ version: UInt64, of name: String, on state: any LedgerState) throws {
        try state.set(StateKey.number(version), of: prefix + Array(name.utf8), in: store)
    }
}

/// Why this program cannot go on from a state.
package struct UpgradeRefusal: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

extension ModuleList {
    /// What of these modules is not yet in the state; empty when they wrote it. Throws for a state of modules, or
    /// versions, that this program does not have.
    package func pendingChanges(of state: any LedgerReading) throws -> [String] {
        let recorded = try ModuleVersions.all(in: state)
        guard !recorded.isEmpty else { throw UpgradeRefusal("the state does not say which modules wrote it") }
        let known = Set(modules.map(\.name))
        if let unknown = recorded.keys.sorted().first(where: { !known.contains($0) }) {
            throw UpgradeRefusal("the state has a module that this program does not know, \(unknown)")
        }
        return try modules.compactMap { module in
            guard let version = recorded[module.name] else { return "\(module.name) is new" }
            guard version <= module.version else {
                throw UpgradeRefusal(
                    "the state is of version \(version) of \(module.name), this program's is \(module.version)")
            }
            return version == module.version ? nil : "\(module.name) is of version \(version), not \(module.version)"
        }
    }

    /// Makes the state one of these modules: those that are new begin as an empty genesis file would have them, the
    /// others are led from version to version, all in the list's order.
    package func upgrade(_ block: BlockContext, on state: any LedgerState) throws {
        let recorded = try ModuleVersions.all(in: state)
        let added = modules.filter { recorded[$0.name] == nil }
        for module in modules {
            guard let version = recorded[module.name] else { continue }
            for step in version..<max(version, module.version) { try module.migrate(from: step, block, on: state) }
        }
        for module in added {
            try module.importGenesis(GenesisValue(nil, at: "app_state.\(module.name)"), on: state)
        }
        for module in added { try module.completeGenesis(on: state) }
        try recordVersions(on: state)
    }

    func recordVersions(on state: any LedgerState) throws {
        for module in modules { try ModuleVersions.set(module.version, of: module.name, on: state) }
    }
}
