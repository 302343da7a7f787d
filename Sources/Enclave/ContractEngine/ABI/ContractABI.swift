import PublicCryptography
import SignedTransactions
import StrictJSON

/// The JSON that contracts are given (Secret Network protocol: env given to contracts), to the byte: contracts pay gas
/// for parsing it, so a space more would be another block.
package enum ContractABI {
    /// What a contract may know of the block, the transaction and itself. All of it was proved or made by the caller.
    package struct Environment: Sendable {
        package struct Transaction: Sendable {
            package var index: UInt32
            /// Upper-case hexadecimal.
            package var hash: String
            package init(index: UInt32, hash: String) { (self.index, self.hash) = (index, hash) }
        }

        package var height: UInt64
        package var timeNanoseconds: UInt64
        package var chainID: String
        /// `nil` unless the contract asked for it (`ModuleFacts.Features.random`) or this is a query.
        package var random: [UInt8]?
        package var contract: String
        package var codeHash: Hash32
        /// Empty for everything but instantiate, execute and migrate.
        package var sender: String
        package var funds: [Coin]
        package var transaction: Transaction?

        package init(
            height: UInt64, timeNanoseconds: UInt64, chainID: String, random: [UInt8]?, contract: String,
            codeHash: Hash32, sender: String, funds: [Coin], transaction: Transaction?
        ) {
            self.height = height
            self.timeNanoseconds = timeNanoseconds
            self.chainID = chainID
            self.random = random
            self.contract = contract
            self.codeHash = codeHash
            self.sender = sender
            self.funds = funds
            self.transaction = transaction
        }
    }

    package static func environment(_ interface: InterfaceVersion, _ environment: Environment) -> [UInt8] {
        switch interface {
        case .v010: environmentV010(environment)
        case .v1: environmentV1(environment)
        }
    }

    /// Seconds, the sender inside, and three members that are always the same.
    private static func environmentV010(_ environment: Environment) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("block")
        writer.beginObject()
        writer.member("height", environment.height)
        writer.member("time", environment.timeNanoseconds / 1_000_000_000)
        writer.member("chain_id", environment.chainID)
        writer.endObject()
        writer.name("message")
        writer.beginObject()
        writer.member("sender", environment.sender)
        writer.name("sent_funds")
        write(environment.funds, to: &writer)
        writer.endObject()
        writer.name("contract")
        writer.beginObject()
        writer.member("address", environment.contract)
        writer.endObject()
        writer.member("contract_key", JSONValue.null)
        writer.member("contract_code_hash", environment.codeHash.description)
        writer.member("transaction", JSONValue.null)
        writer.endObject()
        return writer.bytes
    }

    /// Nanoseconds as text, `random` only if there is one.
    private static func environmentV1(_ environment: Environment) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("block")
        writer.beginObject()
        writer.member("height", environment.height)
        writer.member("time", String(environment.timeNanoseconds))
        writer.member("chain_id", environment.chainID)
        if let random = environment.random { writer.member("random", Base64.encode(random)) }
        writer.endObject()
        writer.name("contract")
        writer.beginObject()
        writer.member("address", environment.contract)
        writer.member("code_hash", environment.codeHash.description)
        writer.endObject()
        writer.name("transaction")
        if let transaction = environment.transaction {
            writer.beginObject()
            writer.member("index", transaction.index)
            writer.member("hash", transaction.hash)
            writer.endObject()
        } else {
            writer.writeNull()
        }
        writer.endObject()
        return writer.bytes
    }

    /// What v1's instantiate and execute get as `info`.
    package static func messageInfo(sender: String, funds: [Coin]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("sender", sender)
        writer.name("funds")
        write(funds, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ funds: [Coin], to writer: inout JSONWriter) {
        writer.beginArray()
        for coin in funds {
            writer.beginObject()
            writer.member("denom", coin.denomination)
            writer.member("amount", String(coin.amount))
            writer.endObject()
        }
        writer.endArray()
    }

    // MARK: - Replies

    /// What `reply` gets after a sub-message that succeeded (Secret Network protocol: replies).
    package static func reply(id: UInt64, events: [ContractEvent] = [], data: [UInt8]?) -> [UInt8] {
        reply(id: id) { writer in
            writer.name("ok")
            writer.beginObject()
            writer.name("events")
            writer.beginArray()
            for event in events { write(event, to: &writer) }
            writer.endArray()
            writer.member("data", data.map { .string(Base64.encode($0)) } ?? JSONValue.null)
            writer.endObject()
        }
    }

    /// What `reply` gets after a sub-message that failed.
    package static func reply(id: UInt64, error: String) -> [UInt8] {
        reply(id: id) { $0.member("error", error) }
    }

    private static func reply(id: UInt64, result: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", id)
        writer.name("result")
        writer.beginObject()
        result(&writer)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ event: ContractEvent, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", event.type)
        writer.name("attributes")
        writer.beginArray()
        for attribute in event.attributes {
            writer.beginObject()
            writer.member("key", attribute.key)
            writer.member("value", attribute.value)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
