import SignedTransactions
import Wire

/// The store `feegrant`.
package enum FeegrantStore {
    package static let grantPrefix: [UInt8] = [0]

    /// Before all grants to an account.
    package static func grantsPrefix(to grantee: AccountAddress) -> [UInt8] {
        grantPrefix + [UInt8(AccountAddress.byteCount)] + grantee.bytes
    }

    package static func grantKey(from granter: AccountAddress, to grantee: AccountAddress) -> [UInt8] {
        grantsPrefix(to: grantee) + [UInt8(AccountAddress.byteCount)] + granter.bytes
    }
}

/// What of a granter's coins a grantee may pay fees with: `cosmos.feegrant.v1beta1`, a value for its three kinds. Host
/// and enclave decide here alike whether it covers a fee, and what is left of it.
package struct FeeAllowance: Equatable, Sendable {
    /// A part that comes anew with each period.
    package struct Period: Equatable, Sendable {
        package var nanoseconds: Int64
        package var limit: Coins
        package var left: Coins
        /// When it comes anew.
        package var reset: Timestamp

        package init(nanoseconds: Int64, limit: Coins, left: Coins, reset: Timestamp) {
            (self.nanoseconds, self.limit, self.left, self.reset) = (nanoseconds, limit, left, reset)
        }
    }

    /// Why it does not cover a fee.
    package enum Refusal: Error, Equatable, Sendable { case expired, exceeded, exceededInPeriod, messageNotAllowed }

    private static let namespace = "/cosmos.feegrant.v1beta1."
    private static let basicURL = namespace + "BasicAllowance"
    private static let periodicURL = namespace + "PeriodicAllowance"
    private static let allowedURL = namespace + "AllowedMsgAllowance"

    /// In all; of none, any amount.
    package var limit: Coins
    package var expiration: Timestamp?
    package var period: Period?
    /// The types of message that a transaction may have; `nil` for any.
    package var messages: [String]?

    package init(limit: Coins, expiration: Timestamp? = nil, period: Period? = nil, messages: [String]? = nil) {
        (self.limit, self.expiration, self.period, self.messages) = (limit, expiration, period, messages)
    }

    /// What is left once a transaction with messages of these types has paid a fee at a time; `nil` if that is nothing.
    package func paying(_ fee: Coins, for types: [String], at time: Timestamp) throws(Refusal) -> FeeAllowance? {
        if let messages {
            guard Set(messages).isSuperset(of: types) else { throw .messageNotAllowed }
        }
        if let expiration, expiration < time { throw .expired }
        var rest = self
        if var period {
            if time >= period.reset {
                period.left = limit.isEmpty || limit.less(period.limit) != nil ? period.limit : limit
                period.reset = period.reset.adding(nanoseconds: period.nanoseconds)
                if period.reset < time { period.reset = time.adding(nanoseconds: period.nanoseconds) }
            }
            guard let left = period.left.less(fee) else { throw .exceededInPeriod }
            period.left = left
            rest.period = period
        }
        guard !limit.isEmpty else { return rest }
        guard let left = limit.less(fee) else { throw .exceeded }
        rest.limit = left
        return left.isEmpty ? nil : rest
    }

    // MARK: - Records

    /// Reads an allowance as users and records have it.
    package init(decoding any: AnyMessage, isInner: Bool = false) throws(TransactionError) {
        self.init(limit: .none)
        switch any.typeURL {
        case FeeAllowance.basicURL: try readBasic(any.value)
        case FeeAllowance.periodicURL:
            var lists = [[Coin]](repeating: [], count: 2)
            var period = Period(nanoseconds: 0, limit: .none, left: .none, reset: .goZero)
            var fields = TransactionFields(any.value, repeated: [3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: try readBasic(try field.slice())
                case 2: period.nanoseconds = try FeeAllowance.nanoseconds(try field.slice())
                case 3, 4: lists[Int(field.number) - 3].append(try Coin(decoding: try field.slice()))
                case 5: period.reset = try field.time()
                default: try fields.unknown(field)
                }
            }
            (period.limit, period.left) = (try Coins(read: lists[0]), try Coins(read: lists[1]))
            self.period = period
        // One that restricts another is one; the original would let it restrict one that restricts a third.
        case FeeAllowance.allowedURL where !isInner:
            var types = [String]()
            var inner: AnyMessage?
            var fields = TransactionFields(any.value, repeated: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: inner = try AnyMessage(decoding: try field.slice())
                case 2: types.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            guard let inner else { throw .unknownMessageType("") }
            try self.init(decoding: inner, isInner: true)
            messages = types
        default: throw .unknownMessageType(any.typeURL)
        }
    }

    private mutating func readBasic(_ bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var list = [Coin]()
        var fields = TransactionFields(bytes, repeated: [1])
        while let field = try fields.next() {
            switch field.number {
            case 1: list.append(try Coin(decoding: try field.slice()))
            case 2: expiration = try field.time()
            default: try fields.unknown(field)
            }
        }
        limit = try Coins(read: list)
    }

    /// Of a `google.protobuf.Duration`.
    private static func nanoseconds(_ bytes: ArraySlice<UInt8>) throws(TransactionError) -> Int64 {
        var (seconds, rest): (Int64, Int64) = (0, 0)
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: seconds = Int64(bitPattern: try field.uint64())
            case 2: rest = Int64(bitPattern: try field.uint64())
            default: try fields.unknown(field)
            }
        }
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isTooLong, seconds >= 0, (0..<1_000_000_000).contains(rest), whole <= .max - rest else {
            throw .invalidAmount
        }
        return whole + rest
    }

    package var any: AnyMessage {
        var any = AnyMessage(typeURL: FeeAllowance.basicURL, value: basic)
        if let period {
            any = AnyMessage(
                typeURL: FeeAllowance.periodicURL,
                value: ProtobufWriter.encode { writer in
                    writer.message(1, basic)
                    writer.message(2) { writer in
                        writer.int64(1, period.nanoseconds / 1_000_000_000)
                        writer.int64(2, period.nanoseconds % 1_000_000_000)
                    }
                    for coin in period.limit.list { writer.message(3, coin.encoded) }
                    for coin in period.left.list { writer.message(4, coin.encoded) }
                    writer.message(5) { period.reset.write(to: &$0) }
                })
        }
        guard let messages else { return any }
        return AnyMessage(
            typeURL: FeeAllowance.allowedURL,
            value: ProtobufWriter.encode { writer in
                writer.message(1, any.encoded)
                for type in messages { writer.message(2, Array(type.utf8)) }
            })
    }

    private var basic: [UInt8] {
        ProtobufWriter.encode { writer in
            for coin in limit.list { writer.message(1, coin.encoded) }
            if let expiration { writer.message(2) { expiration.write(to: &$0) } }
        }
    }
}

/// `cosmos.feegrant.v1beta1.Grant`.
package struct FeeGrant: Equatable, Sendable {
    package var granter: AccountAddress
    package var grantee: AccountAddress
    package var allowance: FeeAllowance

    package init(granter: AccountAddress, grantee: AccountAddress, allowance: FeeAllowance) {
        (self.granter, self.grantee, self.allowance) = (granter, grantee, allowance)
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        var (granter, grantee, allowance): (AccountAddress?, AccountAddress?, FeeAllowance?)
        var fields = TransactionFields(bytes[...])
        while let field = try fields.next() {
            switch field.number {
            case 1: granter = try field.addressText()
            case 2: grantee = try field.addressText()
            case 3: allowance = try FeeAllowance(decoding: try AnyMessage(decoding: try field.slice()))
            default: try fields.unknown(field)
            }
        }
        guard let granter, let grantee, let allowance else { throw .invalidAddress }
        self.init(granter: granter, grantee: grantee, allowance: allowance)
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            writer.message(3, allowance.any.encoded)
        }
    }
}
