import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs

/// The network's public keys, to which clients and joining nodes encrypt.
package struct RegistrationModule: LedgerModule {
    package let name = "register"
    package let stores = [StoreName.register]

    package init() {}

    package struct ExchangeKeys: Equatable, Sendable {
        /// What clients encrypt their messages to.
        package var input: Hash32
        /// What the network's seed is wrapped with for a joining node.
        package var node: Hash32

        package init(input: Hash32, node: Hash32) { (self.input, self.node) = (input, node) }
    }

    package static func setExchangeKeys(_ keys: ExchangeKeys, on state: any LedgerState) throws {
        try state.set(
            RegisterStore.encodeMasterKey(keys.input), of: RegisterStore.ioExchangeKey, in: StoreName.register)
        try state.set(
            RegisterStore.encodeMasterKey(keys.node), of: RegisterStore.nodeExchangeKey, in: StoreName.register)
    }

    package static func exchangeKeys(on state: any LedgerReading) throws -> ExchangeKeys? {
        guard let input = try key(RegisterStore.ioExchangeKey, on: state),
            let node = try key(RegisterStore.nodeExchangeKey, on: state)
        else { return nil }
        return ExchangeKeys(input: input, node: node)
    }

    private static func key(_ key: [UInt8], on state: any LedgerReading) throws -> Hash32? {
        try state.value(of: key, in: StoreName.register).flatMap(RegisterStore.masterKey(decoding:))
    }
}
