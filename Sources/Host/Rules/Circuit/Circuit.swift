/// Types of messages that nobody can send for a while, and who may say so: `cosmos.circuit.v1`.
///
/// A message of a type that is switched off is refused wherever one is run: in a transaction, which is refused before
/// its fee, within another message, in a proposal, and where a contract asks the ledger for it. Governance may switch
/// everything, and gives others the right to. What switches on again can not be switched off; what governance
/// is done with can, and then who was given the right has to.
import Auth
import ChainMessages
import EnclaveProtocol
import ModuleKit
import SignedTransactions
import Wire

/// `cosmos.circuit.v1`: switches of types of messages.
package struct CircuitModule: LedgerModule {
    package let name = "circuit"
    package let stores = ["circuit"]

    static let store = "circuit"
    static let permissionsPrefix: [UInt8] = [1]
    static let disabledPrefix: [UInt8] = [2]
    /// Of one message, or of one account.
    private static let typesMax = 128
    private static let resetTypeURL = CircuitV1.MsgResetCircuitBreaker.typeURL

    package init() {}

    package func refusalToRun(_ typeURL: String, in state: any LedgerReading) throws -> TransactionRefusal? {
        guard try state.value(of: CircuitModule.disabledPrefix + Array(typeURL.utf8), in: CircuitModule.store) != nil
        else { return nil }
        return CircuitModule.unregistered("circuit breaker disables execution of this message: \(typeURL)")
    }

    package var messages: [MessageHandler] {
        [
            .answering(CircuitV1.MsgAuthorizeCircuitBreaker.self) { message, work in
                try CircuitModule.authorize(message, work)
                return CircuitV1.MsgAuthorizeCircuitBreakerResponse(success: true)
            },
            .answering(CircuitV1.MsgTripCircuitBreaker.self) { message, work in
                try CircuitModule.turn(message.msgTypeURLs, by: message.authority, isOn: false, work)
                return CircuitV1.MsgTripCircuitBreakerResponse(success: true)
            },
            .answering(CircuitV1.MsgResetCircuitBreaker.self) { message, work in
                try CircuitModule.turn(message.msgTypeURLs, by: message.authority, isOn: true, work)
                return CircuitV1.MsgResetCircuitBreakerResponse(success: true)
            },
        ]
    }

    private static func authorize(_ message: CircuitV1.MsgAuthorizeCircuitBreaker, _ work: BlockWork) throws {
        guard try permissions(of: message.granter, in: work.state).level == .superAdmin else {
            throw TransactionRefusal.unauthorized("only super admins can authorize users")
        }
        let permissions = message.permissions ?? .init()
        if let fault = fault(of: permissions) { throw unregistered(fault) }
        try work.state.set(
            permissions.encoded, of: permissionsPrefix + message.grantee.bytes, in: store)
        work.tell(
            Event(
                "authorize_circuit_breaker",
                [
                    "granter": message.granter.description, "grantee": message.grantee.description,
                    "permission": text(of: permissions),
                ]))
    }

    /// Why a type cannot be switched; `nil` if it can.
    static func fault(ofType type: String, isOn: Bool = false) -> String? {
        guard let known = MessageType.named(type), known.typeURL == type else { return "there is no message \(type)" }
        return isOn || type != resetTypeURL ? nil : "cannot disable \(type)"
    }

    private static func turn(
        _ types: [String], by authority: AccountAddress, isOn: Bool, _ work: BlockWork
    ) throws {
        guard types.count <= typesMax else {
            throw TransactionRefusal.invalidRequest("more than \(typesMax) types of messages")
        }
        let permissions = try permissions(of: authority, in: work.state)
        for type in types {
            if let fault = fault(ofType: type, isOn: isOn) { throw unregistered(fault) }
            let mayTurn =
                permissions.level == .superAdmin || permissions.level == .allMsgs
                || permissions.level == .someMsgs && permissions.limitTypeURLs.contains(type)
            guard mayTurn else {
                throw TransactionRefusal.unauthorized(
                    "account does not have permission to \(isOn ? "reset" : "trip") circuit breaker for message \(type)"
                )
            }
            let key = disabledPrefix + Array(type.utf8)
            let isDisabled = try work.state.value(of: key, in: store) != nil
            guard isDisabled == isOn else {
                throw unregistered("message \(type) is \(isOn ? "not" : "already") disabled")
            }
            try work.state.set(isOn ? nil : [], of: key, in: store)
        }
        work.tell(
            Event(
                isOn ? "reset_circuit_breaker" : "trip_circuit_breaker",
                ["authority": authority.description, "msg_url": types.joined(separator: ",")]))
    }

    /// Governance has all rights.
    static func permissions(
        of account: AccountAddress, in state: any LedgerReading
    ) throws -> CircuitV1.Permissions {
        if account == ModuleAccount.governance.address { return .init(level: .superAdmin) }
        let key = permissionsPrefix + account.bytes
        guard let value = try state.value(of: key, in: store) else { return .init() }
        return try CircuitV1.Permissions(stored: LedgerEntry(key: key, value: value), in: store)
    }

    static func fault(of permissions: CircuitV1.Permissions) -> String? {
        switch permissions.level {
        case .someMsgs:
            if permissions.limitTypeURLs.isEmpty { return "LimitTypeUrls of LEVEL_SOME_MSGS should NOT be empty" }
            if permissions.limitTypeURLs.count > typesMax { return "more than \(typesMax) types of messages" }
            return permissions.limitTypeURLs.first { MessageType.named($0) == nil }.map { "there is no message \($0)" }
        case .noneUnspecified, .allMsgs, .superAdmin:
            guard permissions.limitTypeURLs.isEmpty else {
                return "LimitTypeUrls of \(name(of: permissions.level)) should be empty"
            }
            return nil
        default: return "there is no level \(permissions.level.rawValue)"
        }
    }

    private static func name(of level: CircuitV1.PermissionsLevel) -> String {
        switch level {
        case .someMsgs: "LEVEL_SOME_MSGS"
        case .allMsgs: "LEVEL_ALL_MSGS"
        case .superAdmin: "LEVEL_SUPER_ADMIN"
        default: "LEVEL_NONE_UNSPECIFIED"
        }
    }

    private static func text(of permissions: CircuitV1.Permissions) -> String {
        (permissions.level == .noneUnspecified ? "" : "level:\(name(of: permissions.level)) ")
            + permissions.limitTypeURLs.map { "limit_type_urls:\"\($0)\" " }.joined()
    }

    /// An error that has no code of its own in the original.
    private static func unregistered(_ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "undefined", code: 1, log: text)
    }
}
