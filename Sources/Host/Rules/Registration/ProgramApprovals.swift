import Attestation
import Auth
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

/// What governance says of enclave programs: `cloister.registration.v1.Msg`.
///
/// All of it stands in the one record that enclaves prove (`RegistrationPolicy`), and holds from the next block on;
/// a program's earliest time is in it, and each enclave compares that with the time of the header that it verified.
enum ProgramApprovals {
    private typealias Record = CloisterRegistrationV1.ApprovedProgram

    /// Operators' settings have the rest of the places: what they were told long ago must find room.
    static let programsMax = RegistrationPolicy.measurementsMax - RegistrationModule.settingsProgramsMax
    /// What governance said of a program last, by its measurement; enclaves do not read it. `RegisterStore` has the
    /// prefixes before it.
    static let decisionPrefix: [UInt8] = [9]

    private static let paramsLimits = JSONLimits(bytesMax: 32_768, depthMax: 8)

    static var messages: [MessageHandler] {
        [
            MessageHandler(CloisterRegistrationV1.MsgApproveProgram.self) { message, block, state in
                try ModuleAccount.requireGovernance(message.authority)
                return try approve(try measurement(message.measurement), from: message.notBefore, in: block, on: state)
            },
            MessageHandler(CloisterRegistrationV1.MsgEndApproval.self) { message, block, state in
                try ModuleAccount.requireGovernance(message.authority)
                return try end(try measurement(message.measurement), in: block, on: state)
            },
            MessageHandler(CloisterRegistrationV1.MsgUpdatePolicy.self) { message, block, state in
                try ModuleAccount.requireGovernance(message.authority)
                return try PlannedPolicies.decide(
                    try replacement(message.params, in: state), from: message.notBefore, in: block, on: state)
            },
        ]
    }

    // MARK: - Programs

    private static func approve(
        _ measurement: Hash32, from notBefore: Timestamp?, in block: BlockContext, on state: any LedgerState
    ) throws -> [Event] {
        var policy = try RegistrationModule.policy(in: state) ?? RegistrationPolicy(measurements: [])
        let countBefore = policy.programCount
        policy.take(plannedUntil: block.time)
        guard !policy.measurements.contains(measurement) else {
            throw TransactionRefusal.invalidRequest("the program \(measurement) is approved already")
        }
        policy.planned.removeAll { $0.measurement == measurement }
        let time = try second(notBefore)
        try LeastNotice.require(before: time, in: block, state)
        if let time, time > block.time.seconds {
            policy.planned.append(PlannedProgram(measurement, notBefore: time))
        } else {
            policy.measurements.append(measurement)
        }
        // Settings may have filled it beyond; another time for what stands there takes no place.
        guard policy.programCount <= max(programsMax, countBefore) else {
            throw TransactionRefusal.invalidRequest("a chain approves no more than \(programsMax) enclave programs")
        }
        try state.set(policy.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
        try note(
            .init(
                measurement: measurement.description,
                notBefore: time.flatMap { Timestamp(seconds: $0, nanoseconds: 0) },
                height: Int64(clamping: block.height)), of: measurement, on: state)
        return [
            Event(
                "approve_program",
                ["measurement": measurement.description, "not_before": (notBefore ?? block.time).description])
        ]
    }

    /// A part of a second is one that has not passed.
    static func second(_ notBefore: Timestamp?) throws -> Int64? {
        let time = notBefore.map { $0.seconds + ($0.nanoseconds > 0 ? 1 : 0) }
        guard time ?? 0 <= Timestamp.latest.seconds else {
            throw TransactionRefusal.invalidRequest("not_before is a time that no block has")
        }
        return time
    }

    private static func end(
        _ measurement: Hash32, in block: BlockContext, on state: any LedgerState
    ) throws -> [Event] {
        guard var policy = try RegistrationModule.policy(in: state),
            policy.measurements.contains(measurement)
                || policy.planned.contains(where: { $0.measurement == measurement })
        else { throw TransactionRefusal.invalidRequest("the program \(measurement) is not approved") }
        policy.measurements.removeAll { $0 == measurement }
        policy.planned.removeAll { $0.measurement == measurement }
        try state.set(policy.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
        try note(
            .init(measurement: measurement.description, height: Int64(clamping: block.height), ended: true),
            of: measurement, on: state)
        return [Event("end_approval", ["measurement": measurement.description])]
    }

    private static func measurement(_ text: String) throws -> Hash32 {
        guard let hash = Hexadecimal.decode(text).flatMap({ Hash32($0) }), hash.description == text else {
            throw TransactionRefusal.invalidRequest("a measurement has 64 hexadecimal digits: \(text.prefix(80))")
        }
        return hash
    }

    private static func note(_ record: Record, of measurement: Hash32, on state: any LedgerState) throws {
        try state.set(record.encoded, of: decisionPrefix + measurement.bytes, in: StoreName.register)
    }

    /// What governance said last of a program; `nil` if it never did.
    static func decision(
        on measurement: Hash32, in state: any LedgerReading
    ) throws -> CloisterRegistrationV1.ApprovedProgram? {
        let key = decisionPrefix + measurement.bytes
        return try state.value(of: key, in: StoreName.register)
            .map { try Record(stored: LedgerEntry(key: key, value: $0), in: StoreName.register) }
    }

    // MARK: - What evidence must be

    /// Everything has to be said, as the query shows it, also what is to be asked no more (as `null`): what a misspelt
    /// member left out would be asked of nobody.
    private static func replacement(_ text: String, in state: any LedgerReading) throws -> RegistrationPolicy {
        guard let json = try? JSONReader.parse(Array(text.utf8), limits: paramsLimits), json.object != nil else {
            throw TransactionRefusal.invalidRequest("params are no JSON object")
        }
        let policy: RegistrationPolicy
        do {
            policy = try RegistrationPolicy(GenesisValue(json, at: "params"))
        } catch let refusal as GenesisRefusal {
            throw TransactionRefusal.invalidRequest("\(refusal)")
        }
        guard policy.measurements.isEmpty, policy.planned.isEmpty else {
            throw TransactionRefusal.invalidRequest("programs are approved one by one")
        }
        let old = try RegistrationModule.policy(in: state)
        let said = members(of: json)
        let dropped = said.filter(\.isNull).map(\.path)
        let asked = (old.map { members(of: JSONValue($0)) } ?? []).map(\.path)
            .filter { path in !dropped.contains { path.count > $0.count && path.starts(with: $0) } }
        let needed = Set(members(of: JSONValue(policy)).map(\.path)).union(asked)
        let odd = needed.symmetricDifference(said.map(\.path)).map { $0.joined(separator: ".") }
        if let first = odd.sorted().first {
            throw TransactionRefusal.invalidRequest("params: \(first.prefix(80)) is missing, or is none")
        }
        return policy
    }

    /// The names of all members, but those of lists' elements, each with the way to it.
    private static func members(of value: JSONValue, at path: [String] = []) -> [(path: [String], isNull: Bool)] {
        (value.object ?? []).flatMap { name, value in
            [(path + [name], value == .null)] + members(of: value, at: path + [name])
        }.filter { !programs.contains($0.path) }
    }

    private static let programs = [["measurements"], ["planned_programs"]]
}

extension RegistrationPolicy {
    /// Those whose time has come are no plans any more.
    mutating func take(plannedUntil time: Timestamp) {
        let due = planned.filter { $0.notBefore <= time.seconds }.map(\.measurement)
        planned.removeAll { $0.notBefore <= time.seconds }
        measurements += due.filter { !measurements.contains($0) }
    }
}
