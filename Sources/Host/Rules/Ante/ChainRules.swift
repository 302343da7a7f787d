import ModuleKit
import StrictJSON

/// What the chain's genesis asks of every block and transaction: the same on every node, unlike what a node adds of its
/// own before it lets a transaction wait.
package struct ChainRules: Equatable, Sendable {
    /// The most gas that the transactions of one block may want together; `nil` for no limit.
    package var blockGasMax: UInt64?
    /// What every transaction pays at least.
    package var minimumGasPrice: MinimumGasPrice?

    package init(blockGasMax: UInt64? = nil, minimumGasPrice: MinimumGasPrice? = nil) {
        (self.blockGasMax, self.minimumGasPrice) = (blockGasMax, minimumGasPrice)
    }

    /// What of a genesis file's `app_state` is said to these rules and not to a module.
    package static let genesisParts = ["globalfee"]

    /// As a genesis file says it: `block.max_gas`, where nothing above zero is no limit (Cosmos SDK), and
    /// `globalfee.params.minimum_gas_prices`, of which there may be one.
    package init(genesisGasMax: Int64, applicationState json: JSONValue) throws(GenesisRefusal) {
        blockGasMax = genesisGasMax > 0 ? UInt64(genesisGasMax) : nil
        let prices = json["globalfee"]?["params"]?["minimum_gas_prices"]?.array ?? []
        guard prices.count <= 1 else { throw GenesisRefusal("more than one minimum gas price") }
        guard let price = prices.first else { return }
        guard let denomination = price["denom"]?.string, let amount = price["amount"]?.string,
            let minimum = MinimumGasPrice(amount + denomination)
        else { throw GenesisRefusal("the minimum gas price is none") }
        minimumGasPrice = minimum
    }

    /// Counts what the transactions of one block want.
    package struct BlockGas: Sendable {
        /// `nil` where there is no limit.
        package private(set) var left: UInt64?

        package init(_ rules: ChainRules) { left = rules.blockGasMax }

        /// Whether there is room for a transaction that wants `gas`; if so, it is taken.
        package mutating func take(_ gas: UInt64) -> Bool {
            guard let room = left else { return true }
            guard gas <= room else { return false }
            left = room - gas
            return true
        }
    }
}
