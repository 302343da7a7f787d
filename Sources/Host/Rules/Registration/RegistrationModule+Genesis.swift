import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import StrictJSON

extension RegistrationModule {
    /// The keys of the network, which the node puts there as its enclave says them.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        guard genesis.json != nil else { return }
        try RegistrationModule.setExchangeKeys(
            ExchangeKeys(
                input: try RegistrationModule.key(genesis["io_exch_key"]),
                node: try RegistrationModule.key(genesis["node_exch_key"])), on: state)
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        try RegistrationModule.exchangeKeys(on: state).map { JSONValue($0) }
    }

    package func notExported(from state: any LedgerReading) throws -> [String] {
        var nodes = 0
        try state.visit(StoreName.register, prefix: RegisterStore.nodePrefix) { _ in nodes += 1 }
        let keys = "the network's keys stand there and do not count: another network makes its own"
        return [nodes == 0 ? keys : "\(nodes) registered nodes; " + keys]
    }

    private static func key(_ value: GenesisValue) throws -> Hash32 {
        guard let key = Base64.decode(try value["bytes"].text).flatMap({ Hash32($0) }) else {
            throw value["bytes"].refusal("is no key")
        }
        return key
    }
}

extension JSONValue {
    /// As the module's part of a genesis file, which is also what a joining node stores.
    package init(_ keys: RegistrationModule.ExchangeKeys) {
        self = [
            "reg_info": .null, "node_exch_key": ["bytes": .string(Base64.encode(keys.node.bytes))],
            "io_exch_key": ["bytes": .string(Base64.encode(keys.input.bytes))],
        ]
    }
}
