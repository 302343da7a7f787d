import Attestation
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import Wire

/// The network's public keys, to which clients and joining nodes encrypt, and to which enclaves it gives its seeds.
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
    /// How many programs operators' settings may still have to approve: so many places governance leaves free.
    package static let settingsProgramsMax = 16

    /// Of one block: enclave programs to which the chain gives its seeds from then on, and those to which it does no
    /// more.
    package struct Approvals: Equatable, Sendable {
        package var added: [Hash32] = []
        package var ended: [Hash32] = []

        package init(added: [Hash32] = [], ended: [Hash32] = []) { (self.added, self.ended) = (added, ended) }

        /// What ends goes first: its place is free.
        package func apply(to policy: inout RegistrationPolicy) {
            policy.measurements.removeAll { ended.contains($0) }
            policy.planned.removeAll { (ended + added).contains($0.measurement) }
            for measurement in added where !policy.measurements.contains(measurement) {
                policy.measurements.append(measurement)
            }
        }
    }

    /// Changes which enclave programs the chain gives its seeds to: what all its validators were told to do at one
    /// height. From then on the record is proved by the chain's headers.
    package static func apply(_ approvals: Approvals, on state: any LedgerState) throws {
        var policy = try policy(in: state) ?? RegistrationPolicy(measurements: [])
        approvals.apply(to: &policy)
        guard policy.programCount <= approvedProgramsMax else {
            throw UpgradeRefusal("the chain approves more than \(approvedProgramsMax) enclave programs")
        }
        try state.set(policy.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
    }

    /// To which enclaves the chain gives its seeds; `nil` for none.
    package static func policy(in state: any LedgerReading) throws -> RegistrationPolicy? {
        try state.value(of: RegisterStore.policyKey, in: StoreName.register)
            .map { try RegistrationPolicy(protobuf: $0) }
    }

    /// In which block governance said last whether a program is approved; `nil` if it never did.
    package static func decisionHeight(on measurement: Hash32, in state: any LedgerReading) throws -> UInt64? {
        try ProgramApprovals.decision(on: measurement, in: state).map { UInt64(clamping: $0.height) }
    }

    package var messages: [MessageHandler] { ProgramApprovals.messages }

    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        try PlannedPolicies.enforce(in: block, on: state)
    }

    private static func key(_ key: [UInt8], on state: any LedgerReading) throws -> Hash32? {
        try state.value(of: key, in: StoreName.register).flatMap(RegisterStore.masterKey(decoding:))
    }
}

extension RegistrationPolicy {
    /// Those that are approved, and those that will be.
    package var programCount: Int { measurements.count + planned.count }
}
