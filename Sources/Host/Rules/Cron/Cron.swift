/// Calls of contracts that the chain itself makes, every so many blocks, as governance sets them: `secret.cron`.
///
/// A call is a transaction without a signature, which a block holds in front of all others. At a block's end it is said
/// which ones the next block owes, whole: so every validator proposes the same bytes, every ledger takes nothing else
/// in the chain's name, and each enclave finds in the proved state before the block what it is to run. A proposer may
/// leave a call out; it is owed again in the next block. Which messages are set is public, and so is what contracts
/// answer to them. Runs no contract itself, and knows no proposer.
import Auth
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// `secret.cron`: schedules.
package struct CronModule: LedgerModule {
    package typealias Schedule = Cron.Schedule

    package let name = StoreName.cron
    package let stores = [StoreName.cron]

    package init() {}

    // MARK: - Records

    static let parametersKey: [UInt8] = [0x00]
    /// Holds a schedule by its name.
    static let schedulePrefix: [UInt8] = [0x01]
    /// The names by the heights from which on they are due.
    static let queuePrefix: [UInt8] = [0x02]

    static func scheduleKey(_ name: String) -> [UInt8] { schedulePrefix + Array(name.utf8) }

    static func queueKey(_ schedule: Schedule) -> [UInt8] {
        queuePrefix + StateKey.number(schedule.lastExecuteHeight + schedule.period) + Array(schedule.name.utf8)
    }

    package static func schedule(_ name: String, in state: any LedgerReading) throws -> Schedule? {
        guard !name.isEmpty, name.utf8.count <= nameBytesMax else { return nil }
        let key = scheduleKey(name)
        return try state.value(of: key, in: StoreName.cron).map {
            try Schedule(stored: LedgerEntry(key: key, value: $0), in: StoreName.cron)
        }
    }

    static func save(_ schedule: Schedule, on state: any LedgerState) throws {
        try state.set(schedule.encoded, of: scheduleKey(schedule.name), in: StoreName.cron)
        try state.set(Array(schedule.name.utf8), of: queueKey(schedule), in: StoreName.cron)
    }

    static func remove(_ schedule: Schedule, on state: any LedgerState) throws {
        try state.set(nil, of: scheduleKey(schedule.name), in: StoreName.cron)
        try state.set(nil, of: queueKey(schedule), in: StoreName.cron)
    }

    // MARK: - What is possible

    static let nameBytesMax = 64
    private static let callsMax = 16
    /// Of all messages of a schedule together: several fit into the smallest block that governance can ask for.
    private static let messageBytesMax = 8_192
    private static let periodMax: UInt64 = 1_000_000_000
    /// Thirty thousand years of blocks each second; a sum of it and a period is a height.
    private static let heightMax: UInt64 = 1_000_000_000_000
    /// Calls that one block owes at most.
    static let dueMax: UInt64 = 16

    /// Of a chain whose genesis says nothing else (Secret Network).
    package static let standard = Cron.Params(limit: 5)

    package static func parameters(in state: any LedgerReading) throws -> Cron.Params {
        try state.value(of: parametersKey, in: StoreName.cron).map {
            try Cron.Params(stored: LedgerEntry(key: parametersKey, value: $0), in: StoreName.cron)
        } ?? standard
    }

    /// Why a chain cannot have them; `nil` if it can.
    static func fault(of parameters: Cron.Params) -> String? {
        parameters.limit <= dueMax ? nil : "limit must be at most \(dueMax): \(parameters.limit)"
    }

    /// Why there can be no such schedule; `nil` if there can.
    static func fault(of schedule: Schedule) -> String? {
        guard (1...nameBytesMax).contains(schedule.name.utf8.count),
            schedule.name.utf8.allSatisfy({ Array("-_".utf8).contains($0) || isLetterOrDigit($0) })
        else { return "name must have 1 to \(nameBytesMax) letters, digits, - and _" }
        guard (1...periodMax).contains(schedule.period) else { return "period must be from 1 to \(periodMax) blocks" }
        guard schedule.lastExecuteHeight <= heightMax else { return "no block has the height of its last call" }
        guard (1...callsMax).contains(schedule.msgs.count) else { return "msgs must be 1 to \(callsMax)" }
        guard schedule.msgs.allSatisfy({ !$0.msg.isEmpty }) else { return "a message is empty" }
        guard schedule.msgs.reduce(0, { $0 + $1.msg.utf8.count }) <= messageBytesMax else {
            return "msgs have more than \(messageBytesMax) bytes"
        }
        return nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    // MARK: - Messages

    package var messages: [MessageHandler] {
        [
            MessageHandler(Cron.MsgAddSchedule.self) { message, block, state in
                try ModuleAccount.requireGovernance(message.authority)
                // It is called the first time when a period is over.
                let schedule = Schedule(
                    name: message.name, period: message.period, msgs: message.msgs, lastExecuteHeight: block.height)
                if let fault = CronModule.fault(of: schedule) { throw TransactionRefusal.invalidRequest(fault) }
                guard try CronModule.schedule(schedule.name, in: state) == nil else {
                    throw TransactionRefusal.invalidRequest("schedule already exists with name: \(schedule.name)")
                }
                try CronModule.save(schedule, on: state)
                return []
            },
            MessageHandler(Cron.MsgRemoveSchedule.self) { message, _, state in
                // Who watches over the contracts can end what a vote would end too late.
                if try message.authority != CronModule.parameters(in: state).securityAddress {
                    try ModuleAccount.requireGovernance(message.authority)
                }
                guard let schedule = try CronModule.schedule(message.name, in: state) else {
                    throw TransactionRefusal.invalidRequest("schedule not found")
                }
                try CronModule.remove(schedule, on: state)
                return []
            },
            MessageHandler(Cron.MsgUpdateParams.self) { message, _, state in
                try ModuleAccount.requireGovernance(message.authority)
                if let fault = CronModule.fault(of: message.params) { throw TransactionRefusal.invalidRequest(fault) }
                try state.set(message.params.encoded, of: CronModule.parametersKey, in: StoreName.cron)
                return []
            },
        ]
    }

    /// What nobody may send now the chain does not owe either.
    package func endBlock(
        _ block: BlockContext, routing router: MessageRouter, on state: any LedgerState
    ) throws -> [Event] {
        let isOff = try router.refusalToRun(CronModule.callTypeURL, in: state) != nil
        try CronModule.renewDue(at: block.height + 1, isOff: isOff, on: state)
        return []
    }
}
