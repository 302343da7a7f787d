import SignedTransactions
import Wire

/// The store `acc`.
package enum AccountStore {
    package static let accountPrefix: [UInt8] = [1]
    package static let numberPrefix: [UInt8] = [3]
    /// The number that the next account gets, `StateKey.number`.
    package static let nextNumberKey = Array("globalAccountNumber".utf8)

    package static func accountKey(_ address: AccountAddress) -> [UInt8] { accountPrefix + address.bytes }
    /// Holds the address of the account with a number.
    package static func numberKey(_ number: UInt64) -> [UInt8] { numberPrefix + StateKey.number(number) }
}

/// An account on chain: `cosmos.auth.v1beta1.BaseAccount`, or a `ModuleAccount` or vesting account around one, inside
/// an `Any`.
package struct AccountRecord: Equatable, Sendable {
    package struct Module: Equatable, Sendable {
        package var name: String
        package var permissions: [String]

        package init(name: String, permissions: [String]) {
            (self.name, self.permissions) = (name, permissions)
        }
    }

    package static let baseTypeURL = "/cosmos.auth.v1beta1.BaseAccount"
    package static let moduleTypeURL = "/cosmos.auth.v1beta1.ModuleAccount"

    package var address: AccountAddress
    package var publicKey: AnyMessage?
    package var accountNumber: UInt64
    package var sequence: UInt64
    package var module: Module?
    package var vesting: VestingCoins?

    package init(
        address: AccountAddress, publicKey: AnyMessage? = nil, accountNumber: UInt64, sequence: UInt64 = 0,
        module: Module? = nil, vesting: VestingCoins? = nil
    ) {
        self.address = address
        self.publicKey = publicKey
        self.accountNumber = accountNumber
        self.sequence = sequence
        (self.module, self.vesting) = (module, vesting)
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        let any = try AnyMessage(decoding: bytes[...])
        switch any.typeURL {
        case AccountRecord.baseTypeURL:
            try self.init(base: any.value, module: nil)
        case AccountRecord.moduleTypeURL:
            var base = ArraySlice<UInt8>()
            var module = Module(name: "", permissions: [])
            var fields = TransactionFields(any.value, repeated: [3])
            while let field = try fields.next() {
                switch field.number {
                case 1: base = try field.slice()
                case 2: module.name = try field.string()
                case 3: module.permissions.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            try self.init(base: base, module: module)
        default:
            guard let (base, vesting) = try VestingCoins.read(any) else { throw .unknownMessageType(any.typeURL) }
            try self.init(base: base, module: nil)
            self.vesting = vesting
        }
    }

    /// What of the account of a record vests, without reading an account of another kind.
    package static func vesting(of record: [UInt8]) throws(TransactionError) -> VestingCoins? {
        try VestingCoins.read(try AnyMessage(decoding: record[...]))?.vesting
    }

    private init(base: ArraySlice<UInt8>, module: Module?) throws(TransactionError) {
        var address: AccountAddress?
        var publicKey: AnyMessage?
        var (accountNumber, sequence): (UInt64, UInt64) = (0, 0)
        var fields = TransactionFields(base)
        while let field = try fields.next() {
            switch field.number {
            case 1: address = try field.addressText()
            case 2: publicKey = try AnyMessage(decoding: try field.slice())
            case 3: accountNumber = try field.uint64()
            case 4: sequence = try field.uint64()
            default: try fields.unknown(field)
            }
        }
        guard let address else { throw .invalidAddress }
        self.init(
            address: address, publicKey: publicKey, accountNumber: accountNumber, sequence: sequence, module: module)
    }

    /// The account as an `Any`, which is also what queries answer.
    package var any: AnyMessage {
        let base = ProtobufWriter.encode { writer in
            writer.string(1, address.description)
            if let publicKey { writer.message(2, publicKey.encoded) }
            writer.uint64(3, accountNumber)
            writer.uint64(4, sequence)
        }
        if let vesting { return vesting.any(around: base) }
        guard let module else { return AnyMessage(typeURL: AccountRecord.baseTypeURL, value: base) }
        return AnyMessage(
            typeURL: AccountRecord.moduleTypeURL,
            value: ProtobufWriter.encode { writer in
                writer.message(1, base)
                writer.string(2, module.name)
                for permission in module.permissions { writer.message(3, Array(permission.utf8)) }
            })
    }

    package var encoded: [UInt8] { any.encoded }
}
