import EnclaveProtocol
import StrictJSON

/// The modules of a chain, in the order in which a genesis file is read and a block begins and ends.
package struct ModuleList: Sendable {
    package let modules: [any LedgerModule]
    package let router: MessageRouter
    /// The names of the plans by which a chain goes on with these modules (`UpgradePlan`).
    package let plans: Set<String>
    private let beginning: [any LedgerModule]
    private let ending: [any LedgerModule]

    /// `beginning` and `ending` name the modules that come first where the order of a block's begin or end differs.
    package init(
        _ modules: [any LedgerModule], beginning: [String] = [], ending: [String] = [], plans: Set<String> = []
    ) {
        self.plans = plans
        for (index, module) in modules.enumerated() {
            let others = modules[..<index]
            precondition(others.allSatisfy { $0.name != module.name }, "two modules are called \(module.name)")
            precondition(
                others.allSatisfy { Set($0.stores).isDisjoint(with: module.stores) }
                    && !module.stores.contains(ModuleVersions.store),
                "a store of \(module.name) is another module's")
        }
        func ordered(_ first: [String]) -> [any LedgerModule] {
            let named = first.map { name in modules.first { $0.name == name }! }
            return named + modules.filter { !first.contains($0.name) }
        }
        self.modules = modules
        self.beginning = ordered(beginning)
        self.ending = ordered(ending)
        router = MessageRouter(
            modules.flatMap(\.messages),
            gates: modules.map { module in { try module.refusalToRun($0, in: $1) } })
    }

    /// Of all modules, and of which they are.
    package var queries: [ModuleQuery] { modules.flatMap(\.queries) + ModuleVersions.queries }

    /// Of all modules, and the one that says which these are; ascending by their bytes.
    package var stores: [String] {
        (modules.flatMap(\.stores) + [ModuleVersions.store]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

// MARK: - Genesis

extension ModuleList {
    /// Writes the first state, from `app_state` of a genesis file. Parts of modules that are not here are passed over.
    ///
    /// - Parameter transactions: what runs when all modules have their parts; tells whether there was anything.
    package func importGenesis(
        _ applicationState: JSONValue, on state: any LedgerState,
        running transactions: (any LedgerState) throws -> Bool = { _ in false }
    ) throws {
        let genesis = GenesisValue(applicationState, at: "app_state")
        for module in modules { try module.importGenesis(genesis[module.name], on: state) }
        for module in modules { try module.completeGenesis(on: state) }
        if try transactions(state) { for module in modules { try module.completeGenesis(on: state) } }
        try recordVersions(on: state)
    }

    /// Throws what a node would that began with this, without transactions.
    package func checkGenesis(_ applicationState: JSONValue) throws {
        try importGenesis(applicationState, on: ScratchState())
    }

    /// The `app_state` that makes this state, as far as modules can say it.
    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue {
        .object(
            try modules.compactMap { module in try module.exportGenesis(from: state).map { (module.name, $0) } })
    }
}

extension ModuleList {
    /// What `exportGenesis` leaves out, by module.
    package func notExported(from state: any LedgerReading) throws -> [String] {
        try modules.flatMap { module in try module.notExported(from: state).map { "\(module.name): \($0)" } }
    }
}

// MARK: - Blocks

extension ModuleList {
    /// - Returns: the events of all modules, which say in which part of the block they are.
    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        try beginning.flatMap { try $0.beginBlock(block, on: state) }.map { $0.inMode("BeginBlock") }
    }

    package func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        try ending.flatMap { try $0.endBlock(block, routing: router, on: state) }.map { $0.inMode("EndBlock") }
    }

    /// What modules made of the validators by this block, or by genesis.
    package func validatorPowers(in state: any LedgerReading) throws -> [ValidatorPower] {
        try modules.flatMap { try $0.validatorPowers(in: state) }
    }

    /// What does not hold, by module.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        try modules.flatMap { module in
            try module.brokenInvariants(in: state).map { "\(module.name): \($0)" }
        }
    }
}

extension Event {
    /// As the Cosmos SDK marks events that are no transaction's.
    fileprivate func inMode(_ mode: String) -> Event {
        var event = self
        event.attributes.append(EventAttribute(key: "mode", value: mode))
        return event
    }
}

/// A state that is made to be thrown away.
package final class ScratchState: LedgerState {
    private var stores: [String: [[UInt8]: [UInt8]]] = [:]

    package init() {}

    package func value(of key: [UInt8], in store: String) -> [UInt8]? { stores[store]?[key] }

    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) { stores[store, default: [:]][key] = value }

    package func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) -> [LedgerEntry] {
        let entries = stores[store] ?? [:]
        // Any order: they are sorted next.
        let keys = entries.keys.filter { key in
            guard key.starts(with: prefix) else { return false }
            guard let after else { return true }
            return reverse ? key.lexicographicallyPrecedes(after) : after.lexicographicallyPrecedes(key)
        }
        let sorted = keys.sorted { reverse ? $1.lexicographicallyPrecedes($0) : $0.lexicographicallyPrecedes($1) }
        return sorted.prefix(limit).map { LedgerEntry(key: $0, value: entries[$0]!) }
    }
}
