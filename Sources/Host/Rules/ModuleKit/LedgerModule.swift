import EnclaveProtocol
import StrictJSON

/// A part of the ledger: what it keeps, what changes that, and what can be asked of it.
///
/// What a module does not have, it leaves out: everything but the name has a default.
package protocol LedgerModule: Sendable {
    /// As the genesis file calls it.
    var name: String { get }
    /// Of what it keeps: counts up with each change of the form, from 1.
    var version: UInt64 { get }
    /// The stores that are its own, from when on it is one of the chain's modules; no other module writes there.
    var stores: [String] { get }
    /// What users can ask it to do.
    var messages: [MessageHandler] { get }
    /// What can be asked of it: pure functions of one state.
    var queries: [ModuleQuery] { get }
    /// Why no message of a type is run, whichever module's it is; asked before each is.
    func refusalToRun(_ typeURL: String, in state: any LedgerReading) throws -> TransactionRefusal?

    /// Writes what a chain begins with. Throws a `GenesisRefusal` for what contradicts itself; what it wrote until then
    /// the caller discards.
    func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws
    /// Called once all modules have their part, for what depends on that of others; and once more where transactions of
    /// the genesis file have run since.
    func completeGenesis(on state: any LedgerState) throws
    /// What `importGenesis` would make this state of. `nil` for a module that has no part in a genesis file.
    func exportGenesis(from state: any LedgerReading) throws -> JSONValue?
    /// What of a state no genesis can hold, a sentence each for who begins a chain with it.
    func notExported(from state: any LedgerReading) throws -> [String]

    /// Runs before a block's transactions; nothing it does can be refused, so what it throws ends the node.
    ///
    /// Must be bounded whatever the state is, and must not take coins from an ordinary account: the enclave counts what
    /// such an account can spend in the block from the state before it.
    func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event]
    /// Runs behind a block's transactions, otherwise like `beginBlock`; may take coins from any account.
    func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event]
    /// The same for a module that runs messages then, with what runs them; one that does not has the form above.
    func endBlock(
        _ block: BlockContext, routing router: MessageRouter, on state: any LedgerState
    ) throws -> [Event]

    /// Who weighs what from now on as consensus sees it, as far as the block that `state` is the end of changed that;
    /// at genesis all of them.
    func validatorPowers(in state: any LedgerReading) throws -> [ValidatorPower]

    /// Makes of a state of `version` one of the version after it, at the begin of a block.
    func migrate(from version: UInt64, _ block: BlockContext, on state: any LedgerState) throws

    /// What must hold after every block, and does not in `state`. Looks at all of it: for tests and operators.
    func brokenInvariants(in state: any LedgerReading) throws -> [String]
}

extension LedgerModule {
    package var version: UInt64 { 1 }
    package var stores: [String] { [] }
    package var messages: [MessageHandler] { [] }
    package var queries: [ModuleQuery] { [] }
    package func refusalToRun(_ typeURL: String, in state: any LedgerReading) throws -> TransactionRefusal? { nil }

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {}
    package func completeGenesis(on state: any LedgerState) throws {}
    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? { nil }
    package func notExported(from state: any LedgerReading) throws -> [String] { [] }

    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] { [] }
    package func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] { [] }
    package func endBlock(
        _ block: BlockContext, routing router: MessageRouter, on state: any LedgerState
    ) throws -> [Event] {
        try endBlock(block, on: state)
    }

    package func validatorPowers(in state: any LedgerReading) throws -> [ValidatorPower] { [] }

    package func migrate(from version: UInt64, _ block: BlockContext, on state: any LedgerState) throws {}

    package func brokenInvariants(in state: any LedgerReading) throws -> [String] { [] }
}
