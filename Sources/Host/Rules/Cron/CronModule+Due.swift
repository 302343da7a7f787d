import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

extension CronModule {
    static let callTypeURL = "/secret.compute.v1beta1.MsgExecuteContract"

    /// What the calls of one schedule may cost together (Secret Network).
    package static let gasLimit: UInt64 = 5_000_000

    /// The transactions that the next block owes, in their order.
    package static func due(in state: any LedgerReading) throws -> [[UInt8]] {
        try state.entries(
            in: StoreName.cron, prefix: CronStore.duePrefix, after: nil, limit: Int(dueMax), reverse: false
        ).map(\.value)
    }

    /// Replaces what was due by what is at `height`: those that wait longest, as many as a block may owe.
    static func renewDue(at height: UInt64, isOff: Bool, on state: any LedgerState) throws {
        for entry in try state.entries(
            in: StoreName.cron, prefix: CronStore.duePrefix, after: nil, limit: Int(dueMax), reverse: false)
        {
            try state.set(nil, of: entry.key, in: StoreName.cron)
        }
        let limit = isOff ? 0 : Int(min(try parameters(in: state).limit, dueMax))
        let last = queuePrefix + StateKey.number(height)
        let waiting = try state.entries(
            in: StoreName.cron, prefix: queuePrefix, after: nil, limit: limit, reverse: false)
        for (place, entry) in waiting.enumerated() {
            guard !last.lexicographicallyPrecedes(entry.key.prefix(last.count)) else { return }
            guard let name = String(validating: entry.value, as: UTF8.self),
                let schedule = try schedule(name, in: state)
            else { throw CorruptState(store: StoreName.cron, key: entry.key) }
            let transaction = try transaction(of: schedule, at: height, place: UInt64(place + 1), in: state)
            try state.set(transaction, of: CronStore.dueKey(UInt64(place + 1)), in: StoreName.cron)
        }
    }

    /// The calls of a schedule in the block at `height`, where it is the `place`-th that is owed, from 1 on.
    private static func transaction(
        of schedule: Schedule, at height: UInt64, place: UInt64, in state: any LedgerReading
    ) throws -> [UInt8] {
        let messages = try schedule.msgs.enumerated().map { index, call in
            let nonce = SHA256.hash(
                Array("cloister cron".utf8) + StateKey.number(height) + StateKey.number(UInt64(index))
                    + Array(schedule.name.utf8))
            // A contract that is not there is told by whoever runs the call.
            let hash = try codeHash(of: call.contract, in: state) ?? .zero
            let text = Hexadecimal.encode(hash.bytes) + call.msg
            return ComputeMessage.execute(
                .init(
                    sender: CronStore.sender, contract: call.contract,
                    message: nonce.bytes + CronStore.publicKey + Array(text.utf8))
            ).any
        }
        let body = TransactionBody(messages: messages, memo: schedule.name, timeoutHeight: height)
        let authentication = AuthenticationInfo(
            signers: [SignerInfo(publicKey: nil, mode: .single(.direct), sequence: place)],
            fee: Fee(gasLimit: gasLimit))
        return TransactionEnvelope(body: body.encoded, authentication: authentication.encoded, signatures: [[]]).bytes
    }

    private static func codeHash(of contract: AccountAddress, in state: any LedgerReading) throws -> Hash32? {
        func record(_ key: [UInt8]) throws -> [UInt8]? { try state.value(of: key, in: StoreName.compute) }
        let key = ComputeStore.contractKey(contract)
        guard let bytes = try record(key) else { return nil }
        guard let info = try? ContractInfo(decoding: bytes), let code = try record(ComputeStore.codeKey(info.codeID)),
            let code = try? CodeInfo(decoding: code)
        else { throw CorruptState(store: StoreName.compute, key: key) }
        return code.codeHash
    }

    /// Takes a transaction in the chain's own name that stands in a block: one that the block owes, and once. From here
    /// on its schedule has been called, whatever comes of it.
    ///
    /// Throws a `TransactionRefusal` for any other.
    package static func take(
        _ transaction: Transaction, in block: BlockContext, on state: any LedgerState
    ) throws -> [Event] {
        let place = transaction.authentication.signers.first?.sequence ?? 0
        let key = CronStore.dueKey(place)
        guard transaction.signers == [CronStore.sender],
            try state.value(of: key, in: StoreName.cron) == transaction.envelope.bytes,
            transaction.body.timeoutHeight == block.height,
            var schedule = try schedule(transaction.body.memo, in: state)
        else { throw TransactionRefusal.unauthorized("the chain owes no such call") }
        try state.set(nil, of: key, in: StoreName.cron)
        try remove(schedule, on: state)
        schedule.lastExecuteHeight = block.height
        try save(schedule, on: state)
        return [Event("cron", ["schedule": schedule.name])]
    }
}
