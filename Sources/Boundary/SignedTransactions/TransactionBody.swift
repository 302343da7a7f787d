import Wire

/// A message of a type named at run time: `google.protobuf.Any`.
package struct AnyMessage: Equatable, Sendable {
    package var typeURL: String
    package var value: ArraySlice<UInt8>

    package init(typeURL: String, value: ArraySlice<UInt8>) {
        (self.typeURL, self.value) = (typeURL, value)
    }

    package init(typeURL: String, value: [UInt8]) {
        self.init(typeURL: typeURL, value: value[...])
    }

    package init(decoding bytes: ArraySlice<UInt8>, ignoresUnknown: Bool = true) throws(TransactionError) {
        self.init(typeURL: "", value: [])
        var fields = TransactionFields(bytes, ignoresUnknown: ignoresUnknown)
        while let field = try fields.next() {
            switch field.number {
            case 1: typeURL = try field.typeName()
            case 2: value = try field.slice()
            default: try fields.unknown(field)
            }
        }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, typeURL)
            writer.bytes(2, value)
        }
    }
}

/// What a transaction does: `cosmos.tx.v1beta1.TxBody`.
package struct TransactionBody: Equatable, Sendable {
    /// More would not fit into a block's gas anyway; the bound keeps what follows a transaction small.
    package static let messagesMax = 1024

    package var messages: [AnyMessage]
    package var memo: String
    /// The last height at which the transaction may run; 0 for any.
    package var timeoutHeight: UInt64
    /// Options that a node may ignore. Those that it may not are refused, since none is known.
    package var ignoredOptions = 0

    package init(messages: [AnyMessage], memo: String = "", timeoutHeight: UInt64 = 0) {
        (self.messages, self.memo, self.timeoutHeight) = (messages, memo, timeoutHeight)
    }

    package init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        self.init(messages: [])
        var fields = TransactionFields(bytes, repeated: [1, 1023, 2047])
        while let field = try fields.next() {
            switch field.number {
            case 1:
                guard messages.count < TransactionBody.messagesMax else { throw .tooManyMessages }
                messages.append(try AnyMessage(decoding: try field.slice()))
            case 2: memo = try field.string()
            case 3: timeoutHeight = try field.uint64()
            case 1023: throw .extensionOption
            case 2047: ignoredOptions += 1
            default: try fields.unknown(field)
            }
        }
        guard !messages.isEmpty else { throw .noMessages }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for message in messages { writer.message(1, message.encoded) }
            writer.string(2, memo)
            writer.uint64(3, timeoutHeight)
        }
    }
}
