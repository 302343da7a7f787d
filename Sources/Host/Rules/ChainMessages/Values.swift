import PublicCryptography
import SignedTransactions
import Wire

/// An address that is text on the wire.
package protocol TextAddress: Hashable, Sendable, CustomStringConvertible {
    init?(bech32 text: String)
}

extension AccountAddress: TextAddress {}

/// The operator address of a validator: the account's 20 bytes under another prefix.
package struct OperatorAddress: TextAddress {
    package var account: AccountAddress

    package init(_ account: AccountAddress) {
        self.account = account
    }

    package init?(bech32 text: String) {
        guard let (prefix, bytes) = Bech32.decode(text), prefix == AccountAddress.validatorPrefix,
            let account = AccountAddress(bytes)
        else { return nil }
        self.init(account)
    }

    package var description: String { account.validatorText }
}

/// The address of a validator's consensus key: the first 20 bytes of its SHA-256.
package struct ConsensusAddress: TextAddress {
    package static let prefix = AccountAddress.prefix + "valcons"

    package let bytes: [UInt8]

    /// `nil` unless there are exactly 20 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == AccountAddress.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    package init?(bech32 text: String) {
        guard let (prefix, bytes) = Bech32.decode(text), prefix == ConsensusAddress.prefix else { return nil }
        self.init(bytes)
    }

    package var description: String { Bech32.encode(prefix: ConsensusAddress.prefix, bytes) }
}

// MARK: - Messages that are values of ours

extension AnyMessage: ChainMessage {
    package static let name = "google.protobuf.Any"

    package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
        self.init(typeURL: "", value: [][...])
        var fields = MessageFields(bytes, policy, singular: [1, 2])
        while let field = try fields.next() {
            switch field.number {
            case 1: typeURL = try field.string()
            case 2: value = try field.slice()
            default: try fields.unknown(field)
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.string(1, typeURL)
        writer.bytes(2, value)
    }
}

extension Coin: ChainMessage {
    package static let name = "cosmos.base.v1beta1.Coin"

    package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
        var denomination = ""
        var amount: UInt128?
        var fields = MessageFields(bytes, policy, singular: [1, 2])
        while let field = try fields.next() {
            switch field.number {
            case 1: denomination = try field.string()
            case 2: amount = try field.integer()
            default: try fields.unknown(field)
            }
        }
        self.init(try required(amount, 2), denomination)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.string(1, denomination)
        writer.string(2, String(amount))
    }
}

extension Timestamp: ChainMessage {
    package static let name = "google.protobuf.Timestamp"

    package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        var fields = MessageFields(bytes, policy, singular: [1, 2])
        while let field = try fields.next() {
            switch field.number {
            case 1: seconds = try field.int64()
            case 2: nanoseconds = try field.int32()
            default: try fields.unknown(field)
            }
        }
        guard let count = UInt32(exactly: nanoseconds), let time = Timestamp(seconds: seconds, nanoseconds: count)
        else { throw .invalidTime(field: 1) }
        self = time
    }

    /// Go's zero time, where the original has none.
    package static func absent(_ policy: FieldPolicy) -> Timestamp { .goZero }
}

extension Duration: ChainMessage {
    package static let name = "google.protobuf.Duration"
    private static let attosecondsPerNanosecond: Int64 = 1_000_000_000

    /// As many nanoseconds as a 64-bit number counts, like the original's.
    package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        var fields = MessageFields(bytes, policy, singular: [1, 2])
        while let field = try fields.next() {
            switch field.number {
            case 1: seconds = try field.int64()
            case 2: nanoseconds = try field.int32()
            default: try fields.unknown(field)
            }
        }
        let isOneSign = seconds == 0 || nanoseconds == 0 || (seconds < 0) == (nanoseconds < 0)
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (total, carries) = whole.addingReportingOverflow(Int64(nanoseconds))
        guard isOneSign, nanoseconds > -1_000_000_000, nanoseconds < 1_000_000_000, !isTooLong, !carries else {
            throw .invalidTime(field: 1)
        }
        self = .nanoseconds(total)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, components.seconds)
        writer.int64(2, components.attoseconds / Duration.attosecondsPerNanosecond)
    }
}

/// A message that only says that it is there.
package protocol FieldlessMessage: ChainMessage {
    init()
}

extension FieldlessMessage {
    package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
        self.init()
        var fields = MessageFields(bytes, policy, singular: [])
        while let field = try fields.next() { try fields.unknown(field) }
    }

    package func write(to writer: inout ProtobufWriter) {}
}

package struct EmptyMessage: FieldlessMessage {
    package static let name = "google.protobuf.Empty"

    package init() {}
}
