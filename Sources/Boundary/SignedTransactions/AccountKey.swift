import PublicCryptography
import Wire

/// The public key of an account.
package indirect enum AccountKey: Equatable, Sendable {
    package static let secp256k1TypeURL = "/cosmos.crypto.secp256k1.PubKey"
    package static let multisignatureTypeURL = "/cosmos.crypto.multisig.LegacyAminoPubKey"
    /// As `ModeInfo.depthMax`.
    package static let depthMax = ModeInfo.depthMax
    /// The SDK's default limit of single keys in one account's multisignature, nested ones included.
    package static let keysMax = 7

    /// 33 bytes that are a point on the curve.
    case secp256k1([UInt8])
    case multisignature(threshold: UInt32, [AccountKey])

    package init(_ any: AnyMessage) throws(TransactionError) {
        try self.init(any, depth: 0)
    }

    private init(_ any: AnyMessage, depth: Int) throws(TransactionError) {
        guard depth <= AccountKey.depthMax else { throw .nestedTooDeeply }
        switch any.typeURL {
        case AccountKey.secp256k1TypeURL:
            var key = [UInt8]()
            var fields = TransactionFields(any.value, ignoresUnknown: false)
            while let field = try fields.next() {
                guard field.number == 1 else { throw .unknownField(field.number) }
                key = try field.bytes()
            }
            guard Secp256k1.isCompressedKey(key) else { throw .malformed(.illegalValue(field: 1)) }
            self = .secp256k1(key)
        case AccountKey.multisignatureTypeURL:
            var threshold: UInt32 = 0
            var keys = [AccountKey]()
            var fields = TransactionFields(any.value, repeated: [2], ignoresUnknown: false)
            while let field = try fields.next() {
                switch field.number {
                case 1: threshold = try field.uint32()
                case 2:
                    guard keys.count < AccountKey.keysMax else { throw .malformed(.tooMany(field: 2)) }
                    let any = try AnyMessage(decoding: try field.slice(), ignoresUnknown: false)
                    keys.append(try AccountKey(any, depth: depth + 1))
                default: try fields.unknown(field)
                }
            }
            guard keys.reduce(0, { $0 + $1.singleKeyCount }) <= AccountKey.keysMax else {
                throw .malformed(.tooMany(field: 2))
            }
            guard threshold > 0, threshold <= keys.count else { throw .malformed(.illegalValue(field: 1)) }
            self = .multisignature(threshold: threshold, keys)
        default:
            throw .unknownPublicKeyType(any.typeURL)
        }
    }

    private var singleKeyCount: Int {
        switch self {
        case .secp256k1: 1
        case .multisignature(_, let keys): keys.reduce(0) { $0 + $1.singleKeyCount }
        }
    }

    package var any: AnyMessage {
        switch self {
        case .secp256k1(let key):
            AnyMessage(typeURL: AccountKey.secp256k1TypeURL, value: ProtobufWriter.encode { $0.bytes(1, key) })
        case .multisignature(let threshold, let keys):
            AnyMessage(
                typeURL: AccountKey.multisignatureTypeURL,
                value: ProtobufWriter.encode { writer in
                    writer.uint64(1, UInt64(threshold))
                    for key in keys { writer.message(2, key.any.encoded) }
                })
        }
    }

    /// RIPEMD-160 of SHA-256 of a single key; of a multisignature the first 20 bytes of SHA-256 of its Amino form.
    package var address: AccountAddress {
        switch self {
        case .secp256k1(let key): AccountAddress(digestOf: key)
        case .multisignature: AccountAddress(beginningOfDigestOf: aminoBytes)
        }
    }

    /// Amino binary: four bytes that name the type, then the fields.
    private var aminoBytes: [UInt8] {
        switch self {
        case .secp256k1(let key):
            return [0xeb, 0x5a, 0xe9, 0x87, UInt8(key.count)] + key
        case .multisignature(let threshold, let keys):
            return [0x22, 0xc1, 0xf7, 0xe2]
                + ProtobufWriter.encode { writer in
                    writer.uint64(1, UInt64(threshold))
                    for key in keys { writer.message(2, key.aminoBytes) }
                }
        }
    }
}
