import PublicCryptography
import Wire

/// Why bytes are not a transaction.
package enum TransactionError: Error, Equatable, Sendable {
    case malformed(ProtobufError)
    /// A field that the sender says must be understood, and that we do not know.
    case unknownField(UInt32)
    case duplicateField(UInt32)
    /// The outermost message has more than one encoding of the same parts, so its hash would not be unique.
    case notCanonical
    case extensionOption
    case noMessages
    case tooManyMessages
    case nestedTooDeeply
    case invalidAddress
    case invalidAmount
    case unknownMessageType(String)
    case unknownPublicKeyType(String)
    case unknownSignMode
    /// More than a transaction may have; how many there were when reading ended.
    case tooManySignatures(Int)
    /// As many signatures as signer infos and signers are needed.
    case wrongSignatureCount
}

/// Reads a message of a transaction under the Cosmos SDK's policy (`unknownproto`): an unknown field is refused, unless
/// it is where unknown fields are allowed and its number has bit 11 set, which its author meant as "may be ignored".
///
/// Stricter than the SDK in one thing: a field that is not repeated may appear once, so that two decoders cannot
/// disagree on which of two values counts.
package struct TransactionFields {
    static let ignorableBit: UInt32 = 1 << 10

    private var reader: ProtobufReader
    private let ignoresUnknown: Bool
    /// Numbers that must not come again; bit n for field n.
    private var seen: UInt64 = 0
    private let single: UInt64

    /// The numbers of known fields are below 64, but for the options of a body, which are repeated.
    package init(_ bytes: ArraySlice<UInt8>, repeated: [UInt32] = [], ignoresUnknown: Bool = true) {
        reader = ProtobufReader(bytes)
        self.ignoresUnknown = ignoresUnknown
        single = ~repeated.reduce(0) { $1 < 64 ? $0 | 1 << UInt64($1) : $0 }
    }

    package mutating func next() throws(TransactionError) -> TransactionField? {
        let field: ProtobufReader.Field?
        do throws(ProtobufError) { field = try reader.next() } catch { throw .malformed(error) }
        guard let field else { return nil }
        if field.number < 64 {
            let bit: UInt64 = 1 << UInt64(field.number)
            guard seen & single & bit == 0 else { throw .duplicateField(field.number) }
            seen |= bit
        }
        return TransactionField(wire: field)
    }

    /// To be called for every field number that the message does not define.
    package func unknown(_ field: TransactionField) throws(TransactionError) {
        guard ignoresUnknown, field.number & TransactionFields.ignorableBit != 0 else {
            throw .unknownField(field.number)
        }
    }
}

package struct TransactionField {
    let wire: ProtobufReader.Field

    package var number: UInt32 { wire.number }

    package func uint64() throws(TransactionError) -> UInt64 {
        do throws(ProtobufError) { return try wire.uint64() } catch { throw .malformed(error) }
    }

    package func uint32() throws(TransactionError) -> UInt32 {
        do throws(ProtobufError) { return try wire.uint32() } catch { throw .malformed(error) }
    }

    package func slice() throws(TransactionError) -> ArraySlice<UInt8> {
        do throws(ProtobufError) { return try wire.slice() } catch { throw .malformed(error) }
    }

    package func bytes() throws(TransactionError) -> [UInt8] { Array(try slice()) }

    package func string() throws(TransactionError) -> String {
        do throws(ProtobufError) { return try wire.string() } catch { throw .malformed(error) }
    }

    /// The name of a type. Other letters than ASCII's can be equal to it: the Kelvin sign is a K to Swift's `String`,
    /// and a transaction that names its key so would be another one with the same signature.
    package func typeName() throws(TransactionError) -> String {
        let text = try string()
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text } else { throw .malformed(.illegalValue(field: number)) }
    }

    /// `google.protobuf.Timestamp`.
    package func time() throws(TransactionError) -> Timestamp {
        var fields = ProtobufReader(try slice())
        do throws(ProtobufError) { return try Timestamp(fields: &fields) } catch { throw .malformed(error) }
    }

    /// A canonical address as its 20 bytes.
    package func addressBytes() throws(TransactionError) -> AccountAddress {
        guard let address = AccountAddress(try slice()) else { throw .invalidAddress }
        return address
    }

    /// An address in Bech32, in lower case, as we would write it: text and address then determine each other.
    package func addressText() throws(TransactionError) -> AccountAddress {
        guard let address = AccountAddress(canonicalText: try string()) else { throw .invalidAddress }
        return address
    }
}

extension AccountAddress {
    /// `nil` also for the upper-case form, which Bech32 allows and nobody writes.
    package init?(canonicalText text: String) {
        guard let address = AccountAddress(bech32: text), address.description == text else { return nil }
        self = address
    }

    /// The account behind the operator address of a validator: the same 20 bytes under another prefix.
    package init?(validatorText text: String) {
        guard let (prefix, bytes) = Bech32.decode(text), prefix == AccountAddress.validatorPrefix,
            let address = AccountAddress(bytes), address.validatorText == text
        else { return nil }
        self = address
    }

    package static let validatorPrefix = prefix + "valoper"

    package var validatorText: String { Bech32.encode(prefix: AccountAddress.validatorPrefix, bytes) }
}
