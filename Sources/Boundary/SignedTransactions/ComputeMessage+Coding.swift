import Wire

extension ComputeMessage {
    /// `nil` for a message of another module.
    package static func decode(_ any: AnyMessage) throws(TransactionError) -> ComputeMessage? {
        switch any.typeURL {
        case "/secret.compute.v1beta1.MsgStoreCode": .storeCode(try StoreCode(decoding: any.value))
        case "/secret.compute.v1beta1.MsgInstantiateContract":
            .instantiate(try InstantiateContract(decoding: any.value))
        case "/secret.compute.v1beta1.MsgExecuteContract": .execute(try ExecuteContract(decoding: any.value))
        case "/secret.compute.v1beta1.MsgMigrateContract": .migrate(try MigrateContract(decoding: any.value))
        case "/secret.compute.v1beta1.MsgUpdateAdmin": .updateAdmin(try UpdateAdmin(decoding: any.value))
        case "/secret.compute.v1beta1.MsgClearAdmin": .clearAdmin(try ClearAdmin(decoding: any.value))
        case "/secret.registration.v1beta1.RaAuthenticate": .authenticate(try Authenticate(decoding: any.value))
        default: nil
        }
    }

    package var any: AnyMessage {
        let value = ProtobufWriter.encode { writer in
            switch self {
            case .storeCode(let message): message.write(to: &writer)
            case .instantiate(let message): message.write(to: &writer)
            case .execute(let message): message.write(to: &writer)
            case .migrate(let message): message.write(to: &writer)
            case .updateAdmin(let message): message.write(to: &writer)
            case .clearAdmin(let message): message.write(to: &writer)
            case .authenticate(let message): message.write(to: &writer)
            }
        }
        return AnyMessage(typeURL: typeURL, value: value)
    }
}

/// The value of a field that must be there.
private func required(_ address: AccountAddress?) throws(TransactionError) -> AccountAddress {
    guard let address else { throw .invalidAddress }
    return address
}

extension ComputeMessage.StoreCode {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var sender: AccountAddress?
        var code = ArraySlice<UInt8>()
        var (source, builder) = ("", "")
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressBytes()
            case 2: code = try field.slice()
            case 3: source = try field.string()
            case 4: builder = try field.string()
            default: try fields.unknown(field)
            }
        }
        self.init(sender: try required(sender), code: code, source: source, builder: builder)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, sender.bytes)
        writer.bytes(2, code)
        writer.string(3, source)
        writer.string(4, builder)
    }
}

extension ComputeMessage.InstantiateContract {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (sender, admin): (AccountAddress?, AccountAddress?)
        var codeID: UInt64 = 0
        var (label, callbackCodeHash) = ("", "")
        var (message, callbackSignature): ([UInt8], [UInt8]) = ([], [])
        var funds = [Coin]()
        var fields = TransactionFields(bytes, repeated: [6])
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressBytes()
            case 2: callbackCodeHash = try field.string()
            case 3: codeID = try field.uint64()
            case 4: label = try field.string()
            case 5: message = try field.bytes()
            case 6: funds.append(try Coin(decoding: try field.slice()))
            case 7: callbackSignature = try field.bytes()
            case 8: admin = try field.slice().isEmpty ? nil : try field.addressText()
            default: try fields.unknown(field)
            }
        }
        self.init(
            sender: try required(sender), codeID: codeID, label: label, message: message, funds: funds, admin: admin,
            callbackCodeHash: callbackCodeHash, callbackSignature: callbackSignature)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, sender.bytes)
        writer.string(2, callbackCodeHash)
        writer.uint64(3, codeID)
        writer.string(4, label)
        writer.bytes(5, message)
        for coin in funds { writer.message(6, coin.encoded) }
        writer.bytes(7, callbackSignature)
        writer.string(8, admin?.description ?? "")
    }
}

extension ComputeMessage.ExecuteContract {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (sender, contract): (AccountAddress?, AccountAddress?)
        var callbackCodeHash = ""
        var (message, callbackSignature): ([UInt8], [UInt8]) = ([], [])
        var funds = [Coin]()
        var fields = TransactionFields(bytes, repeated: [5])
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressBytes()
            case 2: contract = try field.addressBytes()
            case 3: message = try field.bytes()
            case 4: callbackCodeHash = try field.string()
            case 5: funds.append(try Coin(decoding: try field.slice()))
            case 6: callbackSignature = try field.bytes()
            default: try fields.unknown(field)
            }
        }
        self.init(
            sender: try required(sender), contract: try required(contract), message: message, funds: funds,
            callbackCodeHash: callbackCodeHash, callbackSignature: callbackSignature)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, sender.bytes)
        writer.bytes(2, contract.bytes)
        writer.bytes(3, message)
        writer.string(4, callbackCodeHash)
        for coin in funds { writer.message(5, coin.encoded) }
        writer.bytes(6, callbackSignature)
    }
}

extension ComputeMessage.MigrateContract {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (sender, contract): (AccountAddress?, AccountAddress?)
        var codeID: UInt64 = 0
        var callbackCodeHash = ""
        var (message, callbackSignature): ([UInt8], [UInt8]) = ([], [])
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressText()
            case 2: contract = try field.addressText()
            case 3: codeID = try field.uint64()
            case 4: message = try field.bytes()
            case 7: callbackSignature = try field.bytes()
            case 8: callbackCodeHash = try field.string()
            default: try fields.unknown(field)
            }
        }
        self.init(
            sender: try required(sender), contract: try required(contract), codeID: codeID, message: message,
            callbackCodeHash: callbackCodeHash, callbackSignature: callbackSignature)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.string(1, sender.description)
        writer.string(2, contract.description)
        writer.uint64(3, codeID)
        writer.bytes(4, message)
        writer.bytes(7, callbackSignature)
        writer.string(8, callbackCodeHash)
    }
}

extension ComputeMessage.UpdateAdmin {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (sender, newAdmin, contract): (AccountAddress?, AccountAddress?, AccountAddress?)
        var callbackSignature = [UInt8]()
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressText()
            case 2: newAdmin = try field.addressText()
            case 3: contract = try field.addressText()
            case 7: callbackSignature = try field.bytes()
            default: try fields.unknown(field)
            }
        }
        self.init(
            sender: try required(sender), newAdmin: try required(newAdmin), contract: try required(contract),
            callbackSignature: callbackSignature)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.string(1, sender.description)
        writer.string(2, newAdmin.description)
        writer.string(3, contract.description)
        writer.bytes(7, callbackSignature)
    }
}

extension ComputeMessage.ClearAdmin {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (sender, contract): (AccountAddress?, AccountAddress?)
        var callbackSignature = [UInt8]()
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressText()
            case 3: contract = try field.addressText()
            case 7: callbackSignature = try field.bytes()
            default: try fields.unknown(field)
            }
        }
        self.init(
            sender: try required(sender), contract: try required(contract), callbackSignature: callbackSignature)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.string(1, sender.description)
        writer.string(3, contract.description)
        writer.bytes(7, callbackSignature)
    }
}

extension ComputeMessage.Authenticate {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var sender: AccountAddress?
        var certificate = [UInt8]()
        var replaces = ""
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: sender = try field.addressBytes()
            case 2: certificate = try field.bytes()
            case 3: replaces = try field.string()
            default: try fields.unknown(field)
            }
        }
        self.init(sender: try required(sender), certificate: certificate, replaces: replaces)
    }

    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, sender.bytes)
        writer.bytes(2, certificate)
        writer.string(3, replaces)
    }
}
