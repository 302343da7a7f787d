/// New coins, every block: more while less than the goal is delegated.
///
/// How many follows from the supply and from what is delegated as the block begins, with the Cosmos SDK's numbers. They
/// go to the fee collector, and from there to whom distribution gives them. A chain whose genesis has no part `mint`
/// makes none.
import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import StrictJSON
import Wire

package struct MintModule: LedgerModule {
    package static let store = "mint"

    package let name = MintModule.store
    package let stores = [MintModule.store]

    package init() {}

    typealias Minter = MintV1beta1.Minter
    private static let minterKey: [UInt8] = [0x00]
    static let parametersKey: [UInt8] = [0x01]

    private static func record<Record: ChainMessage>(
        _ type: Record.Type, at key: [UInt8], in state: any LedgerReading
    ) throws -> Record? {
        guard let value = try state.value(of: key, in: store) else { return nil }
        return try Record(stored: LedgerEntry(key: key, value: value), in: store)
    }

    static func parameters(in state: any LedgerReading) throws -> MintParameters.Values? {
        try record(MintParameters.Values.self, at: parametersKey, in: state)
    }

    static func minter(in state: any LedgerReading) throws -> Minter {
        try record(Minter.self, at: minterKey, in: state) ?? Minter(inflation: .zero, annualProvisions: .zero)
    }

    static func set(_ minter: Minter, on state: any LedgerState) throws {
        try state.set(minter.encoded, of: minterKey, in: store)
    }

    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        guard let parameters = try MintModule.parameters(in: state) else { return [] }
        let work = BlockWork(block, on: state)
        // What is too large for a number is not made.
        _ = try work.attempt { try MintModule.mint(parameters, $0) }
        return work.events
    }

    private static func mint(_ parameters: MintParameters.Values, _ work: BlockWork) throws {
        let state = work.state
        let denomination = try StakingStore.parameters(in: state).bondDenom
        let supply = try BankModule.supply(of: denomination, on: state)
        let bonded = try StakingStore.bondedTokens(in: state)
        let ratio = supply == 0 ? Decimal18.zero : try Decimal18(bonded).divided(byWhole: supply)
        var minter = try minter(in: state)
        minter.inflation = try MintModule.inflation(after: minter.inflation, ratio: ratio, parameters)
        minter.annualProvisions = try minter.inflation.multiplied(byWhole: supply)
        try set(minter, on: state)
        let blocks = UInt128(parameters.blocksPerYear)
        let amount = try minter.annualProvisions.divided(byWhole: blocks).truncatedAmount
        if amount > 0 {
            let coin = Coin(amount, parameters.mintDenom)
            work.tell(try BankModule.mint(coin, by: .mint, on: state))
            let (source, target) = (ModuleAccount.mint.address, ModuleAccount.feeCollector.address)
            let coins = try Coins([coin])
            try BankModule.move(coins, from: source, to: target, on: state)
            work.tell(BankModule.eventsOfMove(coins, from: source, to: target))
        }
        work.tell(
            Event(
                "mint",
                [
                    "bonded_ratio": ratio.description, "inflation": minter.inflation.description,
                    "annual_provisions": minter.annualProvisions.description, "amount": String(amount),
                ]))
    }

    /// Of the next block.
    package static func inflation(
        after inflation: Decimal18, ratio: Decimal18, _ parameters: MintParameters.Values
    ) throws(NumberFault) -> Decimal18 {
        let missing = try Decimal18.one - ratio.divided(by: parameters.goalBonded)
        let change = try missing.multiplied(by: parameters.inflationRateChange)
            .divided(by: Decimal18(UInt128(parameters.blocksPerYear)))
        return min(max(try inflation + change, parameters.inflationMin), parameters.inflationMax)
    }

    package var messages: [MessageHandler] { [MintParameters.update] }
}

// MARK: - Queries and genesis

extension MintModule {
    private typealias Query = MintV1beta1.Query

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(Query.params) { _, state in
                .init(params: try MintModule.parameters(in: state) ?? MintParameters.standard)
            },
            ModuleQuery(Query.inflation) { _, state in .init(inflation: try MintModule.minter(in: state).inflation) },
            ModuleQuery(Query.annualProvisions) { _, state in
                .init(annualProvisions: try MintModule.minter(in: state).annualProvisions)
            },
        ]
    }

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        guard genesis.json != nil else { return }
        let values = try MintParameters.read(genesis["params"])
        try state.set(values.encoded, of: MintModule.parametersKey, in: MintModule.store)
        let minter = genesis["minter"]
        try MintModule.set(
            Minter(
                inflation: try minter["inflation"].decimal(else: MintParameters.standardInflation),
                annualProvisions: try minter["annual_provisions"].decimal(else: .zero)), on: state)
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        guard let values = try MintModule.parameters(in: state) else { return nil }
        let minter = try MintModule.minter(in: state)
        return [
            "minter": [
                "inflation": .text(minter.inflation), "annual_provisions": .text(minter.annualProvisions),
            ],
            "params": MintParameters.json(values),
        ]
    }
}
