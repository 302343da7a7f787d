import PublicCryptography
import StrictJSON
import Wire

/// What the chain knows of a message type before it looks into the message: where its signer stands, what it costs and
/// what it takes from the signer's coins. The table of all is in `MessageTable.swift`.
package struct MessageType: Sendable {
    package enum Signer: Equatable, Sendable {
        /// A field with the 20 bytes of an address.
        case bytes(field: UInt32)
        /// A field with an address in Bech32.
        case text(field: UInt32)
        /// A field with the operator address of a validator, in Bech32 under `secretvaloper`.
        case validator(field: UInt32)
        /// A message, or a list of them, with an address in Bech32 in field `inner`: the inputs of a multiple send.
        case textOfEach(field: UInt32, inner: UInt32)
    }

    /// What running the message costs besides its bytes, whatever comes of it: a class, since gas is under the hash of
    /// a block's results and the enclave knows of a message no more than its bytes. `GasSchedule` has the numbers.
    package enum Price: Equatable, Sendable {
        case few, dozen, stake, unstake, holder, proof
        /// Counted by the code that runs it, in host and enclave: bank and compute.
        case byItsModule
    }

    /// What leaves its signers' accounts because of the message. An upper bound: it may fail, and then take nothing.
    /// Accounts that no key signs for (modules, escrows, interchain accounts) may lose more.
    package enum Takes: Equatable, Sendable {
        case nothing
        /// A coin, or a list of coins.
        case coins(field: UInt32)
        /// Coins in field `coins` of each message in a list.
        case coinsOfEach(field: UInt32, coins: UInt32)
        /// What the messages take that this one holds, from their own signers, who may not have signed this one.
        case whatItHolds(field: UInt32)
        /// The same of messages that another chain sent for one of its accounts here, in a packet.
        case whatItsPacketHolds(field: UInt32)
        /// Only the ledger can count it.
        case everything
        /// Counted by the code that runs it, in host and enclave: bank and compute.
        case byItsModule
    }

    package let typeURL: String
    /// The module that runs it, as events name it.
    package let module: String
    package let signer: Signer
    package let price: Price
    package let takes: Takes

    /// Whether the enclave runs it; a transaction with one such message is the enclave's as a whole.
    package var isCompute: Bool {
        takes == .byItsModule && (module == "compute" || module == "register")
    }

    package static func named(_ typeURL: String) -> MessageType? {
        knownMessageTypes[typeURL]
    }
}

extension AnyMessage {
    package var type: MessageType? { MessageType.named(typeURL) }

    /// Who must sign for this message, in the order of the message; each once. Names no more than may sign a
    /// transaction, whoever they are.
    package func signers() throws(TransactionError) -> [AccountAddress] {
        guard let type else { throw .unknownMessageType(typeURL) }
        var signers = [AccountAddress]()
        var partCount = 0
        // Only the signer's field is looked at; the rest is the business of whoever runs the message.
        var reader = ProtobufReader(value)
        while let field = try AnyMessage.next(&reader) {
            let signer: AccountAddress
            switch type.signer {
            case .bytes(field.number): signer = try field.addressBytes()
            case .text(field.number): signer = try field.addressText()
            case .validator(field.number):
                guard let address = AccountAddress(validatorText: try field.string()) else { throw .invalidAddress }
                signer = address
            case .textOfEach(field.number, let inner):
                signer = try AnyMessage.address(of: try field.slice(), field: inner)
            default: continue
            }
            if case .textOfEach = type.signer {
                partCount += 1
                guard partCount <= Transaction.signaturesMax else { throw .tooManySignatures(partCount) }
                if !signers.contains(signer) { signers.append(signer) }
            } else {
                guard signers.isEmpty else { throw .duplicateField(field.number) }
                signers = [signer]
            }
        }
        guard !signers.isEmpty else { throw .invalidAddress }
        return signers
    }

    /// The messages of others that this one brings along: whoever runs it runs these and no others.
    package func heldMessages(depth: Int) throws(TransactionError) -> [AnyMessage] {
        switch type?.takes {
        case .whatItHolds(let number):
            guard depth < AnyMessage.depthMax else { throw .nestedTooDeeply }
            return try AnyMessage.list(in: value, field: number)
        case .whatItsPacketHolds(let number):
            guard depth < AnyMessage.depthMax else { throw .nestedTooDeeply }
            return try AnyMessage.inPacket(value, field: number)
        default: return []
        }
    }

    private static func list(
        in bytes: ArraySlice<UInt8>, field number: UInt32
    ) throws(TransactionError) -> [AnyMessage] {
        var messages = [AnyMessage]()
        var reader = ProtobufReader(bytes)
        while let field = try next(&reader) {
            guard field.number == number else { continue }
            guard messages.count < TransactionBody.messagesMax else { throw .tooManyMessages }
            messages.append(try AnyMessage(decoding: try field.slice()))
        }
        return messages
    }

    /// A packet of ICS 27 is JSON with the list in Base64. One that is none, or is for another port, brings no
    /// messages; the port's module answers it.
    private static func inPacket(
        _ bytes: ArraySlice<UInt8>, field number: UInt32
    ) throws(TransactionError) -> [AnyMessage] {
        var (port, data) = ("", ArraySlice<UInt8>())
        var reader = ProtobufReader(bytes)
        while let field = try next(&reader) {
            guard field.number == number else { continue }
            var packet = ProtobufReader(try field.slice())
            while let field = try next(&packet) {
                switch field.number {
                case 4: port = try field.string()
                case 6: data = try field.slice()
                default: continue
                }
            }
        }
        guard port == "icahost",
            let text = try? JSONReader.parse(Array(data), limits: JSONLimits(bytesMax: packetBytesMax, depthMax: 4)),
            let messages = text["data"]?.string.flatMap({ Base64.decode($0) })
        else { return [] }
        return (try? list(in: messages[...], field: 1)) ?? []
    }

    /// The coins that leave the account of its signer, by the table; not of the messages that it holds, nor of a module
    /// that counts itself.
    package func takenCoins() throws(TransactionError) -> [Coin] {
        var coins = [Coin]()
        var reader = ProtobufReader(value)
        while let field = try AnyMessage.next(&reader) {
            switch type?.takes {
            case .coins(field.number): coins.append(try Coin(decoding: try field.slice()))
            case .coinsOfEach(field.number, let inner):
                var part = ProtobufReader(try field.slice())
                while let field = try AnyMessage.next(&part) {
                    guard field.number == inner else { continue }
                    coins.append(try Coin(decoding: try field.slice()))
                }
            default: continue
            }
        }
        return coins
    }

    /// Messages that hold messages go no deeper.
    package static let depthMax = 4
    /// A packet of messages is no longer. Its JSON takes memory many times its length.
    private static let packetBytesMax = 65_536

    private static func next(_ reader: inout ProtobufReader) throws(TransactionError) -> TransactionField? {
        do throws(ProtobufError) {
            return try reader.next().map(TransactionField.init(wire:))
        } catch { throw .malformed(error) }
    }

    private static func address(
        of input: ArraySlice<UInt8>, field number: UInt32
    ) throws(TransactionError) -> AccountAddress {
        var reader = ProtobufReader(input)
        while let field = try next(&reader) {
            if field.number == number { return try field.addressText() }
        }
        throw .invalidAddress
    }
}
