import Auth
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// Grants by which accounts pay the fees of others: `cosmos.feegrant.v1beta1`.
package struct FeegrantModule: LedgerModule {
    package let name = "feegrant"
    package let stores = [StoreName.feegrant]

    /// Before the queue of grants by the time at which they expire.
    static let queuePrefix: [UInt8] = [1]
    /// Of a grant's record: it is proved to the enclave with each transaction that it pays for.
    package static let recordBytesMax = 16_384
    /// Of the grants whose time is over, how many a message takes out of the state.
    private static let prunedPerMessage = 75

    package init() {}

    package func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        try FeegrantModule.prune(TimeQueue.perBlock, at: block.time, on: state)
        return []
    }

    /// Takes out up to `limit` grants whose time is over.
    private static func prune(_ limit: Int, at time: Timestamp, on state: any LedgerState) throws {
        for entry in try TimeQueue.due(in: StoreName.feegrant, prefix: queuePrefix, at: time, limit: limit, state) {
            let pair = entry.key.dropFirst(queuePrefix.count + TimeQueue.byteCount)
            try state.set(nil, of: FeegrantStore.grantPrefix + pair, in: StoreName.feegrant)
            try state.set(nil, of: entry.key, in: StoreName.feegrant)
        }
    }

    // MARK: - Grants

    package static func grant(
        from granter: AccountAddress, to grantee: AccountAddress, in state: any LedgerReading
    ) throws -> FeeGrant? {
        let key = FeegrantStore.grantKey(from: granter, to: grantee)
        return try state.value(of: key, in: StoreName.feegrant).map { try FeegrantModule.grant(key, $0) }
    }

    static func grant(_ key: [UInt8], _ value: [UInt8]) throws -> FeeGrant {
        guard let grant = try? FeeGrant(decoding: value) else {
            throw CorruptState(store: StoreName.feegrant, key: key)
        }
        return grant
    }

    /// The place of a grant in the queue, where it expires.
    static func queueKey(_ grant: FeeGrant) -> [UInt8]? {
        grant.allowance.expiration.map { time in
            TimeQueue.key(queuePrefix, time)
                + FeegrantStore.grantKey(from: grant.granter, to: grant.grantee).dropFirst(
                    FeegrantStore.grantPrefix.count)
        }
    }

    /// Writes a grant between two accounts that have none.
    static func add(_ grant: FeeGrant, on state: any LedgerState) throws {
        try state.set(
            grant.encoded, of: FeegrantStore.grantKey(from: grant.granter, to: grant.grantee), in: StoreName.feegrant)
        if let place = queueKey(grant) { try state.set([], of: place, in: StoreName.feegrant) }
    }

    private static func remove(_ grant: FeeGrant, on state: any LedgerState) throws -> Event {
        try state.set(
            nil, of: FeegrantStore.grantKey(from: grant.granter, to: grant.grantee), in: StoreName.feegrant)
        if let place = queueKey(grant) { try state.set(nil, of: place, in: StoreName.feegrant) }
        return event("revoke_feegrant", grant.granter, grant.grantee)
    }

    private static func event(_ type: String, _ granter: AccountAddress, _ grantee: AccountAddress) -> Event {
        Event(type, ["granter": granter.description, "grantee": grantee.description])
    }

    /// Uses a grant for a fee. Throws a `TransactionRefusal` where it does not cover it.
    ///
    /// - Returns: the events that stand before those of the payment.
    package static func use(
        from granter: AccountAddress, to grantee: AccountAddress, fee: Coins, messages: [AnyMessage],
        at time: Timestamp, on state: any LedgerState
    ) throws -> [Event] {
        func refused(_ refusal: TransactionRefusal) -> TransactionRefusal {
            TransactionRefusal(
                codespace: refusal.codespace, code: refusal.code,
                log: "\(granter) does not allow to pay fees for \(grantee): \(refusal.log)")
        }
        guard var grant = try grant(from: granter, to: grantee, in: state) else {
            throw refused(notFound(": not found"))
        }
        let left: FeeAllowance?
        do throws(FeeAllowance.Refusal) {
            left = try grant.allowance.paying(fee, for: messages.map(\.typeURL), at: time)
        } catch {
            throw refused(grant.allowance.text(of: error))
        }
        let used = event("use_feegrant", granter, grantee)
        guard let left else { return [try remove(grant, on: state), used] }
        grant.allowance = left
        try state.set(grant.encoded, of: FeegrantStore.grantKey(from: granter, to: grantee), in: StoreName.feegrant)
        return [used, event("update_feegrant", granter, grantee)]
    }

    private static func notFound(_ end: String) -> TransactionRefusal {
        TransactionRefusal(code: 38, log: "fee-grant not found" + end)
    }

    static func refusal(_ code: UInt32, _ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "feegrant", code: code, log: text)
    }
}

// MARK: - Messages

extension FeegrantModule {
    package var messages: [MessageHandler] {
        [
            MessageHandler(FeegrantV1beta1.MsgGrantAllowance.self) { message, block, state in
                try FeegrantModule.give(message, in: block, on: state)
            },
            MessageHandler(FeegrantV1beta1.MsgRevokeAllowance.self) { message, _, state in
                guard message.granter != message.grantee else {
                    throw TransactionRefusal.invalidAddress("addresses must be different")
                }
                guard let grant = try FeegrantModule.grant(from: message.granter, to: message.grantee, in: state) else {
                    throw FeegrantModule.notFound(": not found")
                }
                return [try FeegrantModule.remove(grant, on: state)]
            },
            MessageHandler(FeegrantV1beta1.MsgPruneAllowances.self) { message, block, state in
                try FeegrantModule.prune(FeegrantModule.prunedPerMessage, at: block.time, on: state)
                return [Event("prune_feegrant", ["pruner": message.pruner.description])]
            },
        ]
    }

    private static func give(
        _ message: FeegrantV1beta1.MsgGrantAllowance, in block: BlockContext, on state: any LedgerState
    ) throws -> [Event] {
        let (granter, grantee) = (message.granter, message.grantee)
        guard granter != grantee else {
            throw TransactionRefusal.invalidAddress("cannot self-grant fee authorization")
        }
        guard try grant(from: granter, to: grantee, in: state) == nil else {
            throw TransactionRefusal.invalidRequest("fee allowance already exists")
        }
        guard let any = message.allowance else { throw refusal(5, "allowance should not be empty: no allowance") }
        let allowance = try FeeAllowance(decoding: any)
        if let fault = allowance.fault { throw fault }
        let grant = FeeGrant(granter: granter, grantee: grantee, allowance: allowance)
        guard grant.encoded.count <= recordBytesMax else {
            throw TransactionRefusal.invalidRequest("a fee allowance has more than \(recordBytesMax) bytes")
        }
        if try !AuthModule.exists(grantee, on: state) {
            guard !ModuleAccount.isBlocked(grantee) else {
                throw TransactionRefusal.unauthorized("\(grantee) is not allowed to receive funds")
            }
            try AuthModule.createIfAbsent(grantee, on: state)
        }
        if let expiration = allowance.expiration, expiration < block.time {
            throw TransactionRefusal.invalidRequest("expiration is before current block time")
        }
        try add(grant, on: state)
        return [event("set_feegrant", granter, grantee)]
    }
}

extension FeeAllowance {
    /// Why nobody can grant it; `nil` if one can.
    var fault: TransactionRefusal? {
        if let expiration, expiration.seconds < 0 {
            return FeegrantModule.refusal(4, "expiration time cannot be negative: invalid duration")
        }
        if let messages, messages.isEmpty {
            return FeegrantModule.refusal(6, "allowed messages shouldn't be empty: allowed messages are empty")
        }
        guard let period else { return nil }
        if period.limit.isEmpty { return .invalidCoins("spend limit must be positive") }
        if !limit.isEmpty, period.limit.list.contains(where: { limit.amount(of: $0.denomination) == 0 }) {
            return .invalidCoins("period spend limit has different currency than basic spend limit")
        }
        return nil
    }

    /// As the original words why it does not cover a fee.
    func text(of refusal: Refusal) -> TransactionRefusal {
        let which = period == nil ? "basic allowance" : "absolute limit"
        switch refusal {
        case .expired: return FeegrantModule.refusal(3, "\(which): fee allowance expired")
        case .exceeded: return FeegrantModule.refusal(2, "\(which): fee limit exceeded")
        case .exceededInPeriod: return FeegrantModule.refusal(2, "period limit: fee limit exceeded")
        case .messageNotAllowed:
            return FeegrantModule.refusal(7, "message does not exist in allowed messages: message not allowed")
        }
    }
}
