import Wire

/// What a message answers; the data of a successful transaction is a `TransactionData` of these.
package enum MessageResponse {
    package static func storeCode(codeID: UInt64) -> AnyMessage {
        answer("/secret.compute.v1beta1.MsgStoreCodeResponse") { $0.uint64(1, codeID) }
    }

    package static func instantiateContract(address: AccountAddress, data: [UInt8]) -> AnyMessage {
        answer("/secret.compute.v1beta1.MsgInstantiateContractResponse") { writer in
            writer.string(1, address.description)
            writer.bytes(2, data)
        }
    }

    package static func executeContract(data: [UInt8]) -> AnyMessage {
        answer("/secret.compute.v1beta1.MsgExecuteContractResponse") { $0.bytes(1, data) }
    }

    package static func migrateContract(data: [UInt8]) -> AnyMessage {
        answer("/secret.compute.v1beta1.MsgMigrateContractResponse") { $0.bytes(1, data) }
    }

    /// The answer without fields that every other message gives.
    package static func empty(toMessage typeURL: String) -> AnyMessage {
        AnyMessage(typeURL: typeURL + "Response", value: [])
    }

    /// The address is `nil` in answers to execute and migrate, which only have data.
    package static func contractResult(
        _ any: AnyMessage
    ) throws(TransactionError) -> (address: AccountAddress?, data: [UInt8]) {
        let hasAddress = any.typeURL == "/secret.compute.v1beta1.MsgInstantiateContractResponse"
        var address: AccountAddress?
        var data = [UInt8]()
        var fields = TransactionFields(any.value)
        while let field = try fields.next() {
            switch (field.number, hasAddress) {
            case (1, true): address = try field.addressText()
            case (1, false), (2, true): data = try field.bytes()
            default: try fields.unknown(field)
            }
        }
        return (address, data)
    }

    private static func answer(_ typeURL: String, _ body: (inout ProtobufWriter) -> Void) -> AnyMessage {
        AnyMessage(typeURL: typeURL, value: ProtobufWriter.encode(body))
    }
}

/// The data of a successful transaction: `cosmos.base.abci.v1beta1.TxMsgData`. Its field 1 is no longer used.
package struct TransactionData: Equatable, Sendable {
    package var responses: [AnyMessage]

    package init(responses: [AnyMessage]) {
        self.responses = responses
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        responses = []
        var fields = TransactionFields(bytes[...], repeated: [1, 2])
        while let field = try fields.next() {
            switch field.number {
            case 1: continue
            case 2: responses.append(try AnyMessage(decoding: try field.slice()))
            default: try fields.unknown(field)
            }
        }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for response in responses { writer.message(2, response.encoded) }
        }
    }
}
