// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.bank.v1beta1`.
package enum BankV1beta1 {
    package struct SendAuthorization: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.SendAuthorization"
        package var spendLimit: [Coin] = []
        package var allowList: [AccountAddress] = []

        package init(spendLimit: [Coin] = [], allowList: [AccountAddress] = []) {
            (self.spendLimit, self.allowList) = (spendLimit, allowList)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: spendLimit.append(try field.message())
                case 2: allowList.append(try field.address())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, spendLimit)
            for element in allowList { writer.string(2, element.description) }
        }
    }

    package struct Params: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.Params"
        package var sendEnabled: [SendEnabled] = []
        package var defaultSendEnabled: Bool = false

        package init(sendEnabled: [SendEnabled] = [], defaultSendEnabled: Bool = false) {
            (self.sendEnabled, self.defaultSendEnabled) = (sendEnabled, defaultSendEnabled)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: sendEnabled.append(try field.message())
                case 2: defaultSendEnabled = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, sendEnabled)
            writer.bool(2, defaultSendEnabled)
        }
    }

    package struct SendEnabled: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.SendEnabled"
        package var denom: String = ""
        package var enabled: Bool = false

        package init(denom: String = "", enabled: Bool = false) {
            (self.denom, self.enabled) = (denom, enabled)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                case 2: enabled = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
            writer.bool(2, enabled)
        }
    }

    package struct Input: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.Input"
        package var address: AccountAddress
        package var coins: [Coin] = []

        package init(address: AccountAddress, coins: [Coin] = []) {
            (self.address, self.coins) = (address, coins)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: coins.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.embed(2, coins)
        }
    }

    package struct Output: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.Output"
        package var address: AccountAddress
        package var coins: [Coin] = []

        package init(address: AccountAddress, coins: [Coin] = []) {
            (self.address, self.coins) = (address, coins)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: coins.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.embed(2, coins)
        }
    }

    package struct DenomUnit: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.DenomUnit"
        package var denom: String = ""
        package var exponent: UInt32 = 0
        package var aliases: [String] = []

        package init(denom: String = "", exponent: UInt32 = 0, aliases: [String] = []) {
            (self.denom, self.exponent, self.aliases) = (denom, exponent, aliases)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                case 2: exponent = try field.uint32()
                case 3: aliases.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
            writer.uint64(2, UInt64(exponent))
            writer.strings(3, aliases)
        }
    }

    package struct Metadata: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.Metadata"
        package var description: String = ""
        package var denomUnits: [DenomUnit] = []
        package var base: String = ""
        package var display: String = ""
        package var name: String = ""
        package var symbol: String = ""
        package var uri: String = ""
        package var uriHash: String = ""

        package init(
            description: String = "", denomUnits: [DenomUnit] = [], base: String = "", display: String = "",
            name: String = "", symbol: String = "", uri: String = "", uriHash: String = ""
        ) {
            (self.description, self.denomUnits, self.base, self.display) = (description, denomUnits, base, display)
            (self.name, self.symbol, self.uri, self.uriHash) = (name, symbol, uri, uriHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3, 4, 5, 6, 7, 8])
            while let field = try fields.next() {
                switch field.number {
                case 1: description = try field.string()
                case 2: denomUnits.append(try field.message())
                case 3: base = try field.string()
                case 4: display = try field.string()
                case 5: name = try field.string()
                case 6: symbol = try field.string()
                case 7: uri = try field.string()
                case 8: uriHash = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, description)
            writer.embed(2, denomUnits)
            writer.string(3, base)
            writer.string(4, display)
            writer.string(5, name)
            writer.string(6, symbol)
            writer.string(7, uri)
            writer.string(8, uriHash)
        }
    }

    package enum Query {
        package static let balance = ChainMethod<QueryBalanceRequest, QueryBalanceResponse>(
            "/cosmos.bank.v1beta1.Query/Balance"
        )
        package static let allBalances = ChainMethod<QueryAllBalancesRequest, QueryAllBalancesResponse>(
            "/cosmos.bank.v1beta1.Query/AllBalances"
        )
        package static let spendableBalances = ChainMethod<
            QuerySpendableBalancesRequest, QuerySpendableBalancesResponse
        >(
            "/cosmos.bank.v1beta1.Query/SpendableBalances"
        )
        package static let spendableBalanceByDenom = ChainMethod<
            QuerySpendableBalanceByDenomRequest, QuerySpendableBalanceByDenomResponse
        >(
            "/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom"
        )
        package static let totalSupply = ChainMethod<QueryTotalSupplyRequest, QueryTotalSupplyResponse>(
            "/cosmos.bank.v1beta1.Query/TotalSupply"
        )
        package static let supplyOf = ChainMethod<QuerySupplyOfRequest, QuerySupplyOfResponse>(
            "/cosmos.bank.v1beta1.Query/SupplyOf"
        )
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.bank.v1beta1.Query/Params"
        )
        package static let denomMetadata = ChainMethod<QueryDenomMetadataRequest, QueryDenomMetadataResponse>(
            "/cosmos.bank.v1beta1.Query/DenomMetadata"
        )
        package static let denomMetadataByQueryString = ChainMethod<
            QueryDenomMetadataByQueryStringRequest, QueryDenomMetadataByQueryStringResponse
        >(
            "/cosmos.bank.v1beta1.Query/DenomMetadataByQueryString"
        )
        package static let denomsMetadata = ChainMethod<QueryDenomsMetadataRequest, QueryDenomsMetadataResponse>(
            "/cosmos.bank.v1beta1.Query/DenomsMetadata"
        )
        package static let denomOwners = ChainMethod<QueryDenomOwnersRequest, QueryDenomOwnersResponse>(
            "/cosmos.bank.v1beta1.Query/DenomOwners"
        )
        package static let denomOwnersByQuery = ChainMethod<
            QueryDenomOwnersByQueryRequest, QueryDenomOwnersByQueryResponse
        >(
            "/cosmos.bank.v1beta1.Query/DenomOwnersByQuery"
        )
        package static let sendEnabled = ChainMethod<QuerySendEnabledRequest, QuerySendEnabledResponse>(
            "/cosmos.bank.v1beta1.Query/SendEnabled"
        )
    }

    package struct QueryBalanceRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryBalanceRequest"
        package var address: AccountAddress
        package var denom: String = ""

        package init(address: AccountAddress, denom: String = "") {
            (self.address, self.denom) = (address, denom)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: denom = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.string(2, denom)
        }
    }

    package struct QueryBalanceResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryBalanceResponse"
        package var balance: Coin?

        package init(balance: Coin? = nil) {
            self.balance = balance
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: balance = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let balance { writer.embed(1, balance) }
        }
    }

    package struct QueryAllBalancesRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryAllBalancesRequest"
        package var address: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?
        package var resolveDenom: Bool = false

        package init(
            address: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil, resolveDenom: Bool = false
        ) {
            (self.address, self.pagination, self.resolveDenom) = (address, pagination, resolveDenom)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: pagination = try field.message()
                case 3: resolveDenom = try field.bool()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            if let pagination { writer.embed(2, pagination) }
            writer.bool(3, resolveDenom)
        }
    }

    package struct QueryAllBalancesResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryAllBalancesResponse"
        package var balances: [Coin] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(balances: [Coin] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.balances, self.pagination) = (balances, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: balances.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, balances)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QuerySpendableBalancesRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySpendableBalancesRequest"
        package var address: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(address: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.address, self.pagination) = (address, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QuerySpendableBalancesResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySpendableBalancesResponse"
        package var balances: [Coin] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(balances: [Coin] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.balances, self.pagination) = (balances, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: balances.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, balances)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QuerySpendableBalanceByDenomRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomRequest"
        package var address: AccountAddress
        package var denom: String = ""

        package init(address: AccountAddress, denom: String = "") {
            (self.address, self.denom) = (address, denom)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: denom = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.string(2, denom)
        }
    }

    package struct QuerySpendableBalanceByDenomResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomResponse"
        package var balance: Coin?

        package init(balance: Coin? = nil) {
            self.balance = balance
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: balance = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let balance { writer.embed(1, balance) }
        }
    }

    package struct QueryTotalSupplyRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryTotalSupplyRequest"
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

    package struct QueryTotalSupplyResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryTotalSupplyResponse"
        package var supply: [Coin] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(supply: [Coin] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.supply, self.pagination) = (supply, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: supply.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, supply)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QuerySupplyOfRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySupplyOfRequest"
        package var denom: String = ""

        package init(denom: String = "") {
            self.denom = denom
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
        }
    }

    package struct QuerySupplyOfResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySupplyOfResponse"
        package var amount: Coin

        package init(amount: Coin) {
            self.amount = amount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var amount: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: amount = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.amount = try presentOrAbsent(amount, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, amount)
        }
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.bank.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryParamsResponse"
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

    package struct QueryDenomMetadataRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomMetadataRequest"
        package var denom: String = ""

        package init(denom: String = "") {
            self.denom = denom
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
        }
    }

    package struct QueryDenomMetadataResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomMetadataResponse"
        package var metadata: Metadata

        package init(metadata: Metadata) {
            self.metadata = metadata
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var metadata: Metadata?
            while let field = try fields.next() {
                switch field.number {
                case 1: metadata = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.metadata = try presentOrAbsent(metadata, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, metadata)
        }
    }

    package struct QueryDenomMetadataByQueryStringRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomMetadataByQueryStringRequest"
        package var denom: String = ""

        package init(denom: String = "") {
            self.denom = denom
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
        }
    }

    package struct QueryDenomMetadataByQueryStringResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomMetadataByQueryStringResponse"
        package var metadata: Metadata

        package init(metadata: Metadata) {
            self.metadata = metadata
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var metadata: Metadata?
            while let field = try fields.next() {
                switch field.number {
                case 1: metadata = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.metadata = try presentOrAbsent(metadata, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, metadata)
        }
    }

    package struct QueryDenomsMetadataRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomsMetadataRequest"
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

    package struct QueryDenomsMetadataResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomsMetadataResponse"
        package var metadatas: [Metadata] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(metadatas: [Metadata] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.metadatas, self.pagination) = (metadatas, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: metadatas.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, metadatas)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDenomOwnersRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomOwnersRequest"
        package var denom: String = ""
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(denom: String = "", pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.denom, self.pagination) = (denom, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct DenomOwner: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.DenomOwner"
        package var address: AccountAddress
        package var balance: Coin

        package init(address: AccountAddress, balance: Coin) {
            (self.address, self.balance) = (address, balance)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            var balance: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: balance = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
            self.balance = try presentOrAbsent(balance, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.embed(2, balance)
        }
    }

    package struct QueryDenomOwnersResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomOwnersResponse"
        package var denomOwners: [DenomOwner] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(denomOwners: [DenomOwner] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.denomOwners, self.pagination) = (denomOwners, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: denomOwners.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, denomOwners)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDenomOwnersByQueryRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomOwnersByQueryRequest"
        package var denom: String = ""
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(denom: String = "", pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.denom, self.pagination) = (denom, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDenomOwnersByQueryResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QueryDenomOwnersByQueryResponse"
        package var denomOwners: [DenomOwner] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(denomOwners: [DenomOwner] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.denomOwners, self.pagination) = (denomOwners, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: denomOwners.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, denomOwners)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QuerySendEnabledRequest: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySendEnabledRequest"
        package var denoms: [String] = []
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(denoms: [String] = [], pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.denoms, self.pagination) = (denoms, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [99])
            while let field = try fields.next() {
                switch field.number {
                case 1: denoms.append(try field.string())
                case 99: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.strings(1, denoms)
            if let pagination { writer.embed(99, pagination) }
        }
    }

    package struct QuerySendEnabledResponse: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.QuerySendEnabledResponse"
        package var sendEnabled: [SendEnabled] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(sendEnabled: [SendEnabled] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.sendEnabled, self.pagination) = (sendEnabled, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [99])
            while let field = try fields.next() {
                switch field.number {
                case 1: sendEnabled.append(try field.message())
                case 99: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, sendEnabled)
            if let pagination { writer.embed(99, pagination) }
        }
    }

    package enum Msg {
        package static let send = ChainMethod<MsgSend, MsgSendResponse>("/cosmos.bank.v1beta1.Msg/Send")
        package static let multiSend = ChainMethod<MsgMultiSend, MsgMultiSendResponse>(
            "/cosmos.bank.v1beta1.Msg/MultiSend"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.bank.v1beta1.Msg/UpdateParams"
        )
        package static let setSendEnabled = ChainMethod<MsgSetSendEnabled, MsgSetSendEnabledResponse>(
            "/cosmos.bank.v1beta1.Msg/SetSendEnabled"
        )
    }

    package struct MsgSend: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.MsgSend"
        package var fromAddress: AccountAddress
        package var toAddress: AccountAddress
        package var amount: [Coin] = []

        package init(fromAddress: AccountAddress, toAddress: AccountAddress, amount: [Coin] = []) {
            (self.fromAddress, self.toAddress, self.amount) = (fromAddress, toAddress, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var fromAddress: AccountAddress?
            var toAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: fromAddress = try field.address()
                case 2: toAddress = try field.address()
                case 3: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.fromAddress = try required(fromAddress, 1)
            self.toAddress = try required(toAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, fromAddress.description)
            writer.string(2, toAddress.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgSendResponse: FieldlessMessage {
        package static let name = "cosmos.bank.v1beta1.MsgSendResponse"

        package init() {}
    }

    package struct MsgMultiSend: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.MsgMultiSend"
        package var inputs: [Input] = []
        package var outputs: [Output] = []

        package init(inputs: [Input] = [], outputs: [Output] = []) {
            (self.inputs, self.outputs) = (inputs, outputs)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: inputs.append(try field.message())
                case 2: outputs.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, inputs)
            writer.embed(2, outputs)
        }
    }

    package struct MsgMultiSendResponse: FieldlessMessage {
        package static let name = "cosmos.bank.v1beta1.MsgMultiSendResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.MsgUpdateParams"
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
        package static let name = "cosmos.bank.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }

    package struct MsgSetSendEnabled: ChainMessage {
        package static let name = "cosmos.bank.v1beta1.MsgSetSendEnabled"
        package var authority: AccountAddress
        package var sendEnabled: [SendEnabled] = []
        package var useDefaultFor: [String] = []

        package init(authority: AccountAddress, sendEnabled: [SendEnabled] = [], useDefaultFor: [String] = []) {
            (self.authority, self.sendEnabled, self.useDefaultFor) = (authority, sendEnabled, useDefaultFor)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: sendEnabled.append(try field.message())
                case 3: useDefaultFor.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.embed(2, sendEnabled)
            writer.strings(3, useDefaultFor)
        }
    }

    package struct MsgSetSendEnabledResponse: FieldlessMessage {
        package static let name = "cosmos.bank.v1beta1.MsgSetSendEnabledResponse"

        package init() {}
    }
}
