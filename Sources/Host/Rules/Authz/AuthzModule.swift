import Auth
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Wire

/// Grants by which accounts let others send messages in their name: `cosmos.authz.v1beta1`.
package struct AuthzModule: LedgerModule {
    package let name = "authz"
    package let stores = [AuthzStore.name]

    /// Of a grant's record.
    private static let recordBytesMax = 8_192

    package init() {}

    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        let due = try TimeQueue.due(
            in: AuthzStore.name, prefix: AuthzStore.queuePrefix, at: block.time, limit: TimeQueue.perBlock,
            state)
        for entry in due {
            let pair = entry.key.dropFirst(AuthzStore.queuePrefix.count + TimeQueue.byteCount)
            for typeURL in try AuthzGrant.queueItem(entry.key, in: state).msgTypeURLs {
                try state.set(nil, of: AuthzStore.grantPrefix + pair + Array(typeURL.utf8), in: AuthzStore.name)
            }
            try state.set(nil, of: entry.key, in: AuthzStore.name)
        }
        return []
    }

    package var messages: [MessageHandler] {
        [
            MessageHandler(
                AuthzV1beta1.MsgGrant.self,
                runningOthers: { message, router, block, state in
                    let events = try AuthzModule.give(message, router, in: block, on: state)
                    return MessageOutcome(
                        response: MessageResponse.empty(toMessage: AuthzV1beta1.MsgGrant.typeURL), events: events)
                }),
            MessageHandler(AuthzV1beta1.MsgRevoke.self) { message, _, state in
                try AuthzModule.revoke(message, on: state)
            },
            MessageHandler(
                AuthzV1beta1.MsgExec.self,
                runningOthers: { message, router, block, state in
                    try AuthzModule.execute(message, router, in: block, on: state)
                }),
        ]
    }

    // MARK: - Grants

    private static func give(
        _ message: AuthzV1beta1.MsgGrant, _ router: MessageRouter, in block: BlockContext, on state: any LedgerState
    ) throws -> [Event] {
        guard message.granter != message.grantee else { throw granteeIsGranter }
        guard let any = message.grant.authorization else {
            throw TransactionRefusal(code: 29, log: "authorization is nil: invalid type")
        }
        let authorization = try Authorization(any)
        if let fault = authorization.fault { throw fault }
        if message.granter == ModuleAccount.governance.address, keptByGovernance.contains(authorization.typeURL) {
            throw isKept
        }
        if try !AuthModule.exists(message.grantee, on: state) {
            guard !ModuleAccount.isBlocked(message.grantee) else {
                throw TransactionRefusal.unauthorized("\(message.grantee) is not allowed to receive funds")
            }
            try AuthModule.createIfAbsent(message.grantee, on: state)
        }
        guard router.runs(authorization.typeURL) else {
            throw TransactionRefusal(code: 29, log: "\(authorization.typeURL) doesn't exist.: invalid type")
        }
        if let expiration = message.grant.expiration, expiration <= block.time {
            throw refusal(
                3,
                "expiration must be after the current block time (\(block.time.inSeconds)), got "
                    + "\(expiration.inSeconds): expiration time of authorization should be more than current time")
        }
        let grant = AuthzGrant(
            granter: message.granter, grantee: message.grantee, authorization: authorization,
            expiration: message.grant.expiration)
        guard grant.message.encoded.count <= recordBytesMax else {
            throw TransactionRefusal.invalidRequest("an authorization has more than \(recordBytesMax) bytes")
        }
        try grant.save(on: state)
        return [event("EventGrant", grant)]
    }

    private static func revoke(_ message: AuthzV1beta1.MsgRevoke, on state: any LedgerState) throws -> [Event] {
        guard message.granter != message.grantee else { throw granteeIsGranter }
        guard !message.msgTypeURL.isEmpty else { throw TransactionRefusal.invalidRequest("missing msg method name") }
        guard
            let grant = try AuthzGrant.find(message.granter, message.grantee, message.msgTypeURL, in: state)
        else {
            let key = AuthzGrant.key(message.granter, message.grantee, message.msgTypeURL)
            // The original shows the raw bytes, which are no text.
            throw refusal(
                2, "failed to delete grant with key \(Hexadecimal.encode(key)): authorization not found")
        }
        try grant.remove(on: state)
        return [event("EventRevoke", grant)]
    }

    // MARK: - Messages in the name of others

    private static func execute(
        _ message: AuthzV1beta1.MsgExec, _ router: MessageRouter, in block: BlockContext, on state: any LedgerState
    ) throws -> MessageOutcome {
        guard !message.msgs.isEmpty else { throw TransactionRefusal.invalidRequest("messages cannot be empty") }
        // A transaction's form was checked for it, and a proposal's; of what comes another way it is asked here.
        do throws(TransactionError) {
            for held in message.msgs { try checkDepth(of: held, 1) }
        } catch { throw error.refusal }
        var results: [[UInt8]] = []
        var events: [Event] = []
        for (index, held) in message.msgs.enumerated() {
            let signers: [AccountAddress]
            do throws(TransactionError) { signers = try held.signers() } catch { throw error.refusal }
            guard let granter = signers.first, signers.count == 1 else {
                throw refusal(9, "authorization can be given to msg with only one signer")
            }
            var own: [Event] = []
            if granter != message.grantee {
                if granter == ModuleAccount.governance.address, try changesSending(held) { throw isKept }
                own = try use(granter, message.grantee, held, in: block, on: state)
            }
            let outcome: MessageOutcome
            do {
                outcome = try router.handler(of: held).run(held, in: block, on: state)
            } catch let refusal as TransactionRefusal {
                // The original shows the message as Go prints it.
                throw TransactionRefusal(
                    codespace: refusal.codespace, code: refusal.code,
                    log: "failed to execute message; message \(held.typeURL): \(refusal.log)")
            }
            results.append(Array(outcome.response.value))
            events += own
            events += outcome.events.map { event in
                var event = event
                event.attributes.append(EventAttribute(key: "authz_msg_index", value: String(index)))
                return event
            }
            guard let said = ResultLimits.byteCount(of: events), said <= ResultLimits.bytesMax else {
                throw TransactionRefusal.leavesTooMuch
            }
        }
        return MessageOutcome(
            response: AnyMessage(
                typeURL: AuthzV1beta1.MsgExecResponse.typeURL,
                value: AuthzV1beta1.MsgExecResponse(results: results).encoded),
            events: events)
    }

    /// Each message that holds others takes a part of the stack when it is run.
    private static func checkDepth(of message: AnyMessage, _ depth: Int) throws(TransactionError) {
        for held in try message.heldMessages(depth: depth) { try checkDepth(of: held, depth + 1) }
    }

    /// What governance does behind a block's transactions, and lets nobody do among them: the enclave proves what may
    /// be sent as it was before the block.
    private static let keptByGovernance: Set = [
        BankV1beta1.MsgSetSendEnabled.typeURL, BankV1beta1.MsgUpdateParams.typeURL,
    ]
    private static let isKept = TransactionRefusal.unauthorized("governance lets nobody else change what may be sent")

    /// Whether a message is one that governance keeps, or runs one.
    private static func changesSending(_ message: AnyMessage, depth: Int = 0) throws -> Bool {
        if keptByGovernance.contains(message.typeURL) { return true }
        return try message.heldMessages(depth: depth).contains { try changesSending($0, depth: depth + 1) }
    }

    /// Uses a grant for one message.
    private static func use(
        _ granter: AccountAddress, _ grantee: AccountAddress, _ message: AnyMessage, in block: BlockContext,
        on state: any LedgerState
    ) throws -> [Event] {
        guard var grant = try AuthzGrant.find(granter, grantee, message.typeURL, in: state) else {
            throw refusal(
                2,
                "failed to get grant with given granter: \(granter), grantee: \(grantee) & msgType: "
                    + "\(message.typeURL) : authorization not found")
        }
        if let expiration = grant.expiration, expiration < block.time { throw refusal(6, "authorization expired") }
        guard let left = try grant.authorization.accept(message) else {
            try grant.remove(on: state)
            return [event("EventRevoke", grant)]
        }
        grant.authorization = left
        try grant.save(on: state)
        return []
    }

    // MARK: - What is said of it

    /// As the Cosmos SDK turns messages into events: attributes by name, values in JSON.
    private static func event(_ name: String, _ grant: AuthzGrant) -> Event {
        Event(
            "cosmos.authz.v1beta1." + name,
            [
                "grantee": "\"\(grant.grantee)\"", "granter": "\"\(grant.granter)\"",
                "msg_type_url": "\"\(grant.typeURL)\"",
            ])
    }

    private static let granteeIsGranter = refusal(7, "grantee and granter should be different")

    static func refusal(_ code: UInt32, _ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "authz", code: code, log: text)
    }

    /// An error that has no code of its own in the original.
    static func unregistered(_ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "undefined", code: 1, log: text)
    }
}

extension Timestamp {
    /// RFC 3339 without parts of a second.
    fileprivate var inSeconds: String { Timestamp(seconds: seconds, nanoseconds: 0)?.description ?? description }
}
