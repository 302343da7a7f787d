import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// The store `authz`: grants by granter, grantee and type of message, and a queue of those that expire.
enum AuthzStore {
    static let name = "authz"
    static let grantPrefix: [UInt8] = [1]
    static let queuePrefix: [UInt8] = [2]

    static func account(_ address: AccountAddress) -> [UInt8] { [UInt8(address.bytes.count)] + address.bytes }

    static func grantsPrefix(from granter: AccountAddress) -> [UInt8] { grantPrefix + account(granter) }

    static func grantsPrefix(from granter: AccountAddress, to grantee: AccountAddress) -> [UInt8] {
        grantsPrefix(from: granter) + account(grantee)
    }

    /// Whose grant a key is, to whom, and of which type of message.
    static func parts(
        ofKey key: [UInt8]
    ) throws -> (granter: AccountAddress, grantee: AccountAddress, typeURL: String) {
        let count = AccountAddress.byteCount
        guard key.count > 2 * count + 3, let granter = AccountAddress(key[2..<2 + count]),
            let grantee = AccountAddress(key[(3 + count)..<(3 + 2 * count)]),
            let typeURL = String(validating: key[(3 + 2 * count)...], as: UTF8.self),
            key.starts(with: grantsPrefix(from: granter, to: grantee))
        else { throw CorruptState(store: name, key: key) }
        return (granter, grantee, typeURL)
    }
}

/// One grant: who let whom send messages of which type.
struct AuthzGrant {
    var granter: AccountAddress
    var grantee: AccountAddress
    var authorization: Authorization
    var expiration: Timestamp?

    var typeURL: String { authorization.typeURL }

    static func key(_ granter: AccountAddress, _ grantee: AccountAddress, _ typeURL: String) -> [UInt8] {
        AuthzStore.grantsPrefix(from: granter, to: grantee) + Array(typeURL.utf8)
    }

    static func find(
        _ granter: AccountAddress, _ grantee: AccountAddress, _ typeURL: String, in state: any LedgerReading
    ) throws -> AuthzGrant? {
        let key = key(granter, grantee, typeURL)
        return try state.value(of: key, in: AuthzStore.name).map { try AuthzGrant(LedgerEntry(key: key, value: $0)) }
    }

    init(
        granter: AccountAddress, grantee: AccountAddress, authorization: Authorization, expiration: Timestamp? = nil
    ) {
        (self.granter, self.grantee) = (granter, grantee)
        (self.authorization, self.expiration) = (authorization, expiration)
    }

    init(_ entry: LedgerEntry) throws {
        let (granter, grantee, typeURL) = try AuthzStore.parts(ofKey: entry.key)
        let record = try AuthzV1beta1.Grant(stored: entry, in: AuthzStore.name)
        guard let any = record.authorization, let authorization = try? Authorization(any),
            authorization.typeURL == typeURL
        else { throw CorruptState(store: AuthzStore.name, key: entry.key) }
        self.init(
            granter: granter, grantee: grantee, authorization: authorization, expiration: record.expiration)
    }

    var message: AuthzV1beta1.Grant { .init(authorization: authorization.any, expiration: expiration) }

    private var key: [UInt8] { AuthzGrant.key(granter, grantee, typeURL) }

    /// Writes it in the place of one that there may be.
    func save(on state: any LedgerState) throws {
        let old = try AuthzGrant.find(granter, grantee, typeURL, in: state)
        if old?.expiration != expiration {
            try old?.changeQueue(on: state) { types in types.removeAll { $0 == typeURL } }
            try changeQueue(on: state) { $0.append(typeURL) }
        }
        try state.set(message.encoded, of: key, in: AuthzStore.name)
    }

    func remove(on state: any LedgerState) throws {
        try changeQueue(on: state) { types in types.removeAll { $0 == typeURL } }
        try state.set(nil, of: key, in: AuthzStore.name)
    }

    /// Its place in the queue, which others between the same two share that expire at the same time.
    var queueKey: [UInt8]? {
        expiration.map { time in
            TimeQueue.key(AuthzStore.queuePrefix, time) + AuthzStore.account(granter) + AuthzStore.account(grantee)
        }
    }

    private func changeQueue(on state: any LedgerState, _ change: (inout [String]) -> Void) throws {
        guard let place = queueKey else { return }
        var item = try AuthzGrant.queueItem(place, in: state)
        change(&item.msgTypeURLs)
        try state.set(item.msgTypeURLs.isEmpty ? nil : item.encoded, of: place, in: AuthzStore.name)
    }

    static func queueItem(_ key: [UInt8], in state: any LedgerReading) throws -> AuthzV1beta1.GrantQueueItem {
        guard let value = try state.value(of: key, in: AuthzStore.name) else { return .init() }
        return try AuthzV1beta1.GrantQueueItem(stored: LedgerEntry(key: key, value: value), in: AuthzStore.name)
    }
}
