import Wire

/// A message that moves coins: `cosmos.bank.v1beta1`.
package enum BankMessage: Equatable, Sendable {
    case send(Send)
    case multiSend(MultiSend)

    package static let sendTypeURL = "/cosmos.bank.v1beta1.MsgSend"
    package static let multiSendTypeURL = "/cosmos.bank.v1beta1.MsgMultiSend"

    package struct Send: Equatable, Sendable {
        package var from: AccountAddress
        package var to: AccountAddress
        package var amount: [Coin]

        package init(from: AccountAddress, to: AccountAddress, amount: [Coin]) {
            (self.from, self.to, self.amount) = (from, to, amount)
        }
    }

    /// One side of a multiple send.
    package struct Party: Equatable, Sendable {
        package var address: AccountAddress
        package var coins: [Coin]

        package init(address: AccountAddress, coins: [Coin]) {
            (self.address, self.coins) = (address, coins)
        }
    }

    /// Well-formed does not mean balanced: whoever runs it compares the sums, and that there is one input.
    package struct MultiSend: Equatable, Sendable {
        package var inputs: [Party]
        package var outputs: [Party]

        package init(inputs: [Party], outputs: [Party]) {
            (self.inputs, self.outputs) = (inputs, outputs)
        }
    }

    /// `nil` for a message of another module.
    package static func decode(_ any: AnyMessage) throws(TransactionError) -> BankMessage? {
        switch any.typeURL {
        case sendTypeURL: .send(try Send(decoding: any.value))
        case multiSendTypeURL: .multiSend(try MultiSend(decoding: any.value))
        default: nil
        }
    }

    package var any: AnyMessage {
        switch self {
        case .send(let message): AnyMessage(typeURL: BankMessage.sendTypeURL, value: message.encoded)
        case .multiSend(let message): AnyMessage(typeURL: BankMessage.multiSendTypeURL, value: message.encoded)
        }
    }
}

extension BankMessage.Send {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (from, to): (AccountAddress?, AccountAddress?)
        var amount = [Coin]()
        var fields = TransactionFields(bytes, repeated: [3])
        while let field = try fields.next() {
            switch field.number {
            case 1: from = try field.addressText()
            case 2: to = try field.addressText()
            case 3: amount.append(try Coin(decoding: try field.slice()))
            default: try fields.unknown(field)
            }
        }
        guard let from, let to else { throw .invalidAddress }
        self.init(from: from, to: to, amount: amount)
    }

    fileprivate var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, from.description)
            writer.string(2, to.description)
            for coin in amount { writer.message(3, coin.encoded) }
        }
    }
}

extension BankMessage.Party {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var address: AccountAddress?
        var coins = [Coin]()
        var fields = TransactionFields(bytes, repeated: [2])
        while let field = try fields.next() {
            switch field.number {
            case 1: address = try field.addressText()
            case 2: coins.append(try Coin(decoding: try field.slice()))
            default: try fields.unknown(field)
            }
        }
        guard let address else { throw .invalidAddress }
        self.init(address: address, coins: coins)
    }

    fileprivate var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, address.description)
            for coin in coins { writer.message(2, coin.encoded) }
        }
    }
}

extension BankMessage.MultiSend {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        self.init(inputs: [], outputs: [])
        var fields = TransactionFields(bytes, repeated: [1, 2])
        while let field = try fields.next() {
            switch field.number {
            case 1: inputs.append(try BankMessage.Party(decoding: try field.slice()))
            case 2: outputs.append(try BankMessage.Party(decoding: try field.slice()))
            default: try fields.unknown(field)
            }
        }
    }

    fileprivate var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for input in inputs { writer.message(1, input.encoded) }
            for output in outputs { writer.message(2, output.encoded) }
        }
    }
}
