import Attestation
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import Wire

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

    package static let approvedProgramsMax = RegistrationPolicy.measurementsMax

    /// Of one block: enclave programs to which the chain gives its seeds from then on, and those to which it does no
    /// more.
    package struct Approvals: Equatable, Sendable {
        package var added: [Hash32] = []
        package var ended: [Hash32] = []

        package init(added: [Hash32] = [], ended: [Hash32] = []) { (self.added, self.ended) = (added, ended) }

        /// What ends goes first: its place is free.
        package func apply(to measurements: inout [Hash32]) {
            measurements.removeAll { ended.contains($0) }
            for measurement in added where !measurements.contains(measurement) { measurements.append(measurement) }
        }
    }

    /// Changes which enclave programs the chain gives its seeds to: what all its validators were told to do at one
    /// height. From then on the record is proved by the chain's headers.
    package static func apply(_ approvals: Approvals, on state: any LedgerState) throws {
        var policy =
            try state.value(of: RegisterStore.policyKey, in: StoreName.register)
            .map { try RegistrationPolicy(protobuf: $0) } ?? RegistrationPolicy(measurements: [])
        approvals.apply(to: &policy.measurements)
        guard policy.measurements.count <= approvedProgramsMax else {
            throw UpgradeRefusal("the chain approves more than \(approvedProgramsMax) enclave programs")
        }
        try state.set(policy.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
    }

    /// To which the chain gives its seeds.
    package static func approvedPrograms(in state: any LedgerReading) throws -> [Hash32] {
        try state.value(of: RegisterStore.policyKey, in: StoreName.register)
            .map { try RegistrationPolicy(protobuf: $0).measurements } ?? []
    }

    private static func key(_ key: [UInt8], on state: any LedgerReading) throws -> Hash32? {
        try state.value(of: key, in: StoreName.register).flatMap(RegisterStore.masterKey(decoding:))
    }
}
