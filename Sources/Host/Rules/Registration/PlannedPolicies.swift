import Attestation
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

/// What evidence must be from a time on, as governance said it: `MsgUpdatePolicy` with an earliest time.
///
/// Enclaves read the policy in force alone. The ledger puts the other in its place at the begin of the first block of
/// its time, so they ask for it from the block after that; a host that did it earlier, or not at all, would have a
/// state that no header proves. One plan stands at a time, and any later decision takes its place.
enum PlannedPolicies {
    private typealias Plan = CloisterRegistrationV1.PlannedPolicy

    static let key: [UInt8] = [10]

    /// - Parameter policy: without programs, which stay.
    static func decide(
        _ policy: RegistrationPolicy, from notBefore: Timestamp?, in block: BlockContext, on state: any LedgerState
    ) throws -> [Event] {
        let time = try ProgramApprovals.second(notBefore)
        // What only asks for more keeps somebody out, at once: that is what an advisory needs.
        let old = try RegistrationModule.policy(in: state) ?? RegistrationPolicy(measurements: [])
        if !policy.takesNoMore(than: old) { try LeastNotice.require(before: time, in: block, state) }
        if let time, time > block.time.seconds, let begin = Timestamp(seconds: time, nanoseconds: 0) {
            let plan = Plan(policy: policy.protobuf, notBefore: begin, height: Int64(clamping: block.height))
            try state.set(plan.encoded, of: key, in: StoreName.register)
        } else {
            try state.set(nil, of: key, in: StoreName.register)
            try put(policy, on: state)
        }
        return [Event("update_enclave_policy", ["not_before": (notBefore ?? block.time).description])]
    }

    /// The plan whose time has come.
    static func enforce(in block: BlockContext, on state: any LedgerState) throws -> [Event] {
        guard let (policy, plan) = try current(in: state), plan.notBefore <= block.time else { return [] }
        try state.set(nil, of: key, in: StoreName.register)
        try put(policy, on: state)
        return [
            Event(
                "enforce_enclave_policy",
                ["not_before": plan.notBefore.description, "decided_at": String(plan.height)])
        ]
    }

    /// `nil` where nothing is planned.
    static func current(
        in state: any LedgerReading
    ) throws -> (policy: RegistrationPolicy, plan: CloisterRegistrationV1.PlannedPolicy)? {
        guard let value = try state.value(of: key, in: StoreName.register) else { return nil }
        let plan = try Plan(stored: LedgerEntry(key: key, value: value), in: StoreName.register)
        guard let policy = try? RegistrationPolicy(protobuf: plan.policy) else {
            throw CorruptState(store: StoreName.register, key: key)
        }
        return (policy, plan)
    }

    private static func put(_ policy: RegistrationPolicy, on state: any LedgerState) throws {
        let old = try RegistrationModule.policy(in: state)
        var policy = policy
        (policy.measurements, policy.planned) = (old?.measurements ?? [], old?.planned ?? [])
        try state.set(policy.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
    }

    // MARK: - Genesis

    static func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        guard genesis.json != nil else { return }
        let policy = try RegistrationPolicy(genesis["params"])
        guard policy.programCount == 0 else { throw genesis["params"].refusal("programs are planned one by one") }
        let time = try genesis["not_before"].time
        guard time.seconds > 0, time.nanoseconds == 0 else {
            throw genesis["not_before"].refusal("is no whole second after 1970")
        }
        try state.set(Plan(policy: policy.protobuf, notBefore: time).encoded, of: key, in: StoreName.register)
    }

    static func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        try current(in: state).map { policy, plan in
            ["params": JSONValue(policy), "not_before": .string(plan.notBefore.description)]
        }
    }
}

/// How long before it holds a decision must stand on the chain at least, for whoever watches what enclaves the chain
/// trusts: `register.least_notice` of the genesis file, which no message changes.
///
/// What operators' settings approve at one height, on chains that do not vote, is not held to it.
enum LeastNotice {
    static let key: [UInt8] = [11]
    /// A chain must be able to mend its enclaves.
    static let secondsMax: UInt64 = 365 * 86_400

    /// In seconds; zero where the chain asks for none.
    static func current(in state: any LedgerReading) throws -> UInt64 {
        guard let value = try state.value(of: key, in: StoreName.register) else { return 0 }
        guard let seconds = StateKey.number(decoding: value), seconds <= secondsMax else {
            throw CorruptState(store: StoreName.register, key: key)
        }
        return seconds
    }

    /// - Parameter time: in seconds since 1970, from which on something is to hold; `nil` for at once.
    static func require(before time: Int64?, in block: BlockContext, _ state: any LedgerReading) throws {
        let seconds = try current(in: state)
        guard seconds > 0 else { return }
        let earliest = block.time.adding(nanoseconds: Int64(seconds) * 1_000_000_000)
        guard let time, let begin = Timestamp(seconds: time, nanoseconds: 0), begin >= earliest else {
            throw TransactionRefusal.invalidRequest(
                "this chain decides about its enclaves \(seconds) seconds ahead: not_before must be \(earliest) or later"
            )
        }
    }

    static func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        guard genesis.json != nil else { return }
        let (seconds, rest) = try genesis.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest == 0, let seconds = UInt64(exactly: seconds), seconds <= secondsMax else {
            throw genesis.refusal("is no number of whole seconds up to \(secondsMax)s")
        }
        if seconds > 0 { try state.set(StateKey.number(seconds), of: key, in: StoreName.register) }
    }
}
