// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.auth.v1beta1`.
package enum AuthV1beta1 {
    package struct BaseAccount: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.BaseAccount"
        package var address: AccountAddress
        package var pubKey: AnyMessage?
        package var accountNumber: UInt64 = 0
        package var sequence: UInt64 = 0

        package init(
            address: AccountAddress, pubKey: AnyMessage? = nil, accountNumber: UInt64 = 0, sequence: UInt64 = 0
        ) {
            (self.address, self.pubKey, self.accountNumber, self.sequence) = (address, pubKey, accountNumber, sequence)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: pubKey = try field.message()
                case 3: accountNumber = try field.uint64()
                case 4: sequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            if let pubKey { writer.embed(2, pubKey) }
            writer.uint64(3, accountNumber)
            writer.uint64(4, sequence)
        }
    }

    package struct ModuleAccount: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.ModuleAccount"
        package var baseAccount: BaseAccount?
        package var name: String = ""
        package var permissions: [String] = []

        package init(baseAccount: BaseAccount? = nil, name: String = "", permissions: [String] = []) {
            (self.baseAccount, self.name, self.permissions) = (baseAccount, name, permissions)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: baseAccount = try field.message()
                case 2: name = try field.string()
                case 3: permissions.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let baseAccount { writer.embed(1, baseAccount) }
            writer.string(2, name)
            writer.strings(3, permissions)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.Params"
        package var maxMemoCharacters: UInt64 = 0
        package var txSigLimit: UInt64 = 0
        package var txSizeCostPerByte: UInt64 = 0
        package var sigVerifyCostEd25519: UInt64 = 0
        package var sigVerifyCostSecp256k1: UInt64 = 0

        package init(
            maxMemoCharacters: UInt64 = 0, txSigLimit: UInt64 = 0, txSizeCostPerByte: UInt64 = 0,
            sigVerifyCostEd25519: UInt64 = 0, sigVerifyCostSecp256k1: UInt64 = 0
        ) {
            (self.maxMemoCharacters, self.txSigLimit) = (maxMemoCharacters, txSigLimit)
            (self.txSizeCostPerByte, self.sigVerifyCostEd25519) = (txSizeCostPerByte, sigVerifyCostEd25519)
            self.sigVerifyCostSecp256k1 = sigVerifyCostSecp256k1
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: maxMemoCharacters = try field.uint64()
                case 2: txSigLimit = try field.uint64()
                case 3: txSizeCostPerByte = try field.uint64()
                case 4: sigVerifyCostEd25519 = try field.uint64()
                case 5: sigVerifyCostSecp256k1 = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, maxMemoCharacters)
            writer.uint64(2, txSigLimit)
            writer.uint64(3, txSizeCostPerByte)
            writer.uint64(4, sigVerifyCostEd25519)
            writer.uint64(5, sigVerifyCostSecp256k1)
        }
    }

    package enum Query {
        package static let accounts = ChainMethod<QueryAccountsRequest, QueryAccountsResponse>(
            "/cosmos.auth.v1beta1.Query/Accounts"
        )
        package static let account = ChainMethod<QueryAccountRequest, QueryAccountResponse>(
            "/cosmos.auth.v1beta1.Query/Account"
        )
        package static let accountAddressByID = ChainMethod<
            QueryAccountAddressByIDRequest, QueryAccountAddressByIDResponse
        >(
            "/cosmos.auth.v1beta1.Query/AccountAddressByID"
        )
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.auth.v1beta1.Query/Params"
        )
        package static let moduleAccounts = ChainMethod<QueryModuleAccountsRequest, QueryModuleAccountsResponse>(
            "/cosmos.auth.v1beta1.Query/ModuleAccounts"
        )
        package static let moduleAccountByName = ChainMethod<
            QueryModuleAccountByNameRequest, QueryModuleAccountByNameResponse
        >(
            "/cosmos.auth.v1beta1.Query/ModuleAccountByName"
        )
        package static let bech32Prefix = ChainMethod<Bech32PrefixRequest, Bech32PrefixResponse>(
            "/cosmos.auth.v1beta1.Query/Bech32Prefix"
        )
        package static let addressBytesToString = ChainMethod<
            AddressBytesToStringRequest, AddressBytesToStringResponse
        >(
            "/cosmos.auth.v1beta1.Query/AddressBytesToString"
        )
        package static let addressStringToBytes = ChainMethod<
            AddressStringToBytesRequest, AddressStringToBytesResponse
        >(
            "/cosmos.auth.v1beta1.Query/AddressStringToBytes"
        )
        package static let accountInfo = ChainMethod<QueryAccountInfoRequest, QueryAccountInfoResponse>(
            "/cosmos.auth.v1beta1.Query/AccountInfo"
        )
    }

    package struct QueryAccountsRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountsRequest"
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(pagination: BaseQueryV1beta1.PageRequest? = nil) {
            self.pagination = pagination
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let pagination { writer.embed(1, pagination) }
        }
    }

    package struct QueryAccountsResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountsResponse"
        package var accounts: [AnyMessage] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(accounts: [AnyMessage] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.accounts, self.pagination) = (accounts, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: accounts.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, accounts)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryAccountRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountRequest"
        package var address: AccountAddress

        package init(address: AccountAddress) {
            self.address = address
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
        }
    }

    package struct QueryAccountResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountResponse"
        package var account: AnyMessage?

        package init(account: AnyMessage? = nil) {
            self.account = account
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: account = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let account { writer.embed(1, account) }
        }
    }

    package struct QueryAccountAddressByIDRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountAddressByIDRequest"
        package var id: Int64 = 0
        package var accountID: UInt64 = 0

        package init(id: Int64 = 0, accountID: UInt64 = 0) {
            (self.id, self.accountID) = (id, accountID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: id = try field.int64()
                case 2: accountID = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, id)
            writer.uint64(2, accountID)
        }
    }

    package struct QueryAccountAddressByIDResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountAddressByIDResponse"
        package var accountAddress: AccountAddress

        package init(accountAddress: AccountAddress) {
            self.accountAddress = accountAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var accountAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: accountAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.accountAddress = try required(accountAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, accountAddress.description)
        }
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.auth.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryParamsResponse"
        package var params: Params

        package init(params: Params) {
            self.params = params
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, params)
        }
    }

    package struct QueryModuleAccountsRequest: FieldlessMessage {
        package static let name = "cosmos.auth.v1beta1.QueryModuleAccountsRequest"

        package init() {}
    }

    package struct QueryModuleAccountsResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryModuleAccountsResponse"
        package var accounts: [AnyMessage] = []

        package init(accounts: [AnyMessage] = []) {
            self.accounts = accounts
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: accounts.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, accounts)
        }
    }

    package struct QueryModuleAccountByNameRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryModuleAccountByNameRequest"
        package var name: String = ""

        package init(name: String = "") {
            self.name = name
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
        }
    }

    package struct QueryModuleAccountByNameResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryModuleAccountByNameResponse"
        package var account: AnyMessage?

        package init(account: AnyMessage? = nil) {
            self.account = account
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: account = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let account { writer.embed(1, account) }
        }
    }

    package struct Bech32PrefixRequest: FieldlessMessage {
        package static let name = "cosmos.auth.v1beta1.Bech32PrefixRequest"

        package init() {}
    }

    package struct Bech32PrefixResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.Bech32PrefixResponse"
        package var bech32Prefix: String = ""

        package init(bech32Prefix: String = "") {
            self.bech32Prefix = bech32Prefix
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: bech32Prefix = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, bech32Prefix)
        }
    }

    package struct AddressBytesToStringRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.AddressBytesToStringRequest"
        package var addressBytes: [UInt8] = []

        package init(addressBytes: [UInt8] = []) {
            self.addressBytes = addressBytes
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: addressBytes = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, addressBytes)
        }
    }

    package struct AddressBytesToStringResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.AddressBytesToStringResponse"
        package var addressString: AccountAddress

        package init(addressString: AccountAddress) {
            self.addressString = addressString
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var addressString: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: addressString = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.addressString = try required(addressString, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, addressString.description)
        }
    }

    package struct AddressStringToBytesRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.AddressStringToBytesRequest"
        package var addressString: AccountAddress

        package init(addressString: AccountAddress) {
            self.addressString = addressString
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var addressString: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: addressString = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.addressString = try required(addressString, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, addressString.description)
        }
    }

    package struct AddressStringToBytesResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.AddressStringToBytesResponse"
        package var addressBytes: [UInt8] = []

        package init(addressBytes: [UInt8] = []) {
            self.addressBytes = addressBytes
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: addressBytes = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, addressBytes)
        }
    }

    package struct QueryAccountInfoRequest: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountInfoRequest"
        package var address: AccountAddress

        package init(address: AccountAddress) {
            self.address = address
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
        }
    }

    package struct QueryAccountInfoResponse: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.QueryAccountInfoResponse"
        package var info: BaseAccount?

        package init(info: BaseAccount? = nil) {
            self.info = info
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: info = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let info { writer.embed(1, info) }
        }
    }

    package enum Msg {
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.auth.v1beta1.Msg/UpdateParams"
        )
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.auth.v1beta1.MsgUpdateParams"
        package var authority: AccountAddress
        package var params: Params

        package init(authority: AccountAddress, params: Params) {
            (self.authority, self.params) = (authority, params)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.embed(2, params)
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "cosmos.auth.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }
}
