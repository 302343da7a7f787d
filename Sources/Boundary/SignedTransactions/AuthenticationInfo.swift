import Wire

/// Who signs a transaction, how, and who pays: `cosmos.tx.v1beta1.AuthInfo`. Nothing unknown is ignored in it.
package struct AuthenticationInfo: Equatable, Sendable {
    package var signers: [SignerInfo]
    package var fee: Fee

    package init(signers: [SignerInfo], fee: Fee) {
        (self.signers, self.fee) = (signers, fee)
    }

    package init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        self.init(signers: [], fee: Fee())
        var signatureCount = 0
        var fields = TransactionFields(bytes, repeated: [1], ignoresUnknown: false)
        while let field = try fields.next() {
            switch field.number {
            case 1:
                let signer = try SignerInfo(decoding: try field.slice())
                signers.append(signer)
                // An empty multisignature is somebody's who must sign, too.
                signatureCount += max(signer.mode.signatureCount, 1)
                guard signatureCount <= Transaction.signaturesMax else { throw .tooManySignatures(signatureCount) }
            case 2: fee = try Fee(decoding: try field.slice())
            // Field 3 was the tip of a mode that no longer exists; it is refused as unknown.
            default: try fields.unknown(field)
            }
        }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for signer in signers { writer.message(1, signer.encoded) }
            writer.message(2, fee.encoded)
        }
    }
}

package struct SignerInfo: Equatable, Sendable {
    /// Absent if the account already has a key on chain.
    package var publicKey: AnyMessage?
    package var mode: ModeInfo
    package var sequence: UInt64

    package init(publicKey: AnyMessage?, mode: ModeInfo, sequence: UInt64) {
        (self.publicKey, self.mode, self.sequence) = (publicKey, mode, sequence)
    }

    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var mode: ModeInfo?
        self.init(publicKey: nil, mode: .single(.unspecified), sequence: 0)
        var fields = TransactionFields(bytes, ignoresUnknown: false)
        while let field = try fields.next() {
            switch field.number {
            case 1: publicKey = try AnyMessage(decoding: try field.slice(), ignoresUnknown: false)
            case 2: mode = try ModeInfo(decoding: try field.slice(), depth: 0)
            case 3: sequence = try field.uint64()
            default: try fields.unknown(field)
            }
        }
        guard let mode else { throw .unknownSignMode }
        self.mode = mode
    }

    fileprivate var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            if let publicKey { writer.message(1, publicKey.encoded) }
            writer.message(2, mode.encoded)
            writer.uint64(3, sequence)
        }
    }
}

/// What a signature is over.
package enum SignMode: UInt32, Sendable {
    case unspecified = 0
    case direct = 1
    case textual = 2
    case directAuxiliary = 3
    case legacyAminoJSON = 127
    case eip191 = 191
}

package indirect enum ModeInfo: Equatable, Sendable {
    /// Multisignatures within multisignatures go no deeper.
    package static let depthMax = 4

    case single(SignMode)
    /// `bits` tells which of a multisignature's keys signed: the bytes of a compact bit array and how many bits of the
    /// last one count (0 for all).
    case multi(bits: [UInt8], extraBits: UInt32, [ModeInfo])

    /// How many signatures there are below.
    package var signatureCount: Int {
        switch self {
        case .single: 1
        case .multi(_, _, let modes): modes.reduce(0) { $0 + $1.signatureCount }
        }
    }

    fileprivate init(decoding bytes: ArraySlice<UInt8>, depth: Int) throws(TransactionError) {
        guard depth <= ModeInfo.depthMax else { throw .nestedTooDeeply }
        var result: ModeInfo?
        var fields = TransactionFields(bytes, ignoresUnknown: false)
        while let field = try fields.next() {
            guard result == nil else { throw .duplicateField(field.number) }
            switch field.number {
            case 1: result = .single(try ModeInfo.singleMode(try field.slice()))
            case 2: result = try ModeInfo.multiMode(try field.slice(), depth: depth)
            default: try fields.unknown(field)
            }
        }
        guard let result else { throw .unknownSignMode }
        self = result
    }

    private static func singleMode(_ bytes: ArraySlice<UInt8>) throws(TransactionError) -> SignMode {
        var mode = SignMode.unspecified
        var fields = TransactionFields(bytes, ignoresUnknown: false)
        while let field = try fields.next() {
            guard field.number == 1 else { throw .unknownField(field.number) }
            guard let known = SignMode(rawValue: try field.uint32()) else { throw .unknownSignMode }
            mode = known
        }
        return mode
    }

    private static func multiMode(_ bytes: ArraySlice<UInt8>, depth: Int) throws(TransactionError) -> ModeInfo {
        var (bits, extraBits): ([UInt8], UInt32) = ([], 0)
        var modes = [ModeInfo]()
        var signatureCount = 0
        var fields = TransactionFields(bytes, repeated: [2], ignoresUnknown: false)
        while let field = try fields.next() {
            switch field.number {
            case 1:
                var array = TransactionFields(try field.slice(), ignoresUnknown: false)
                while let part = try array.next() {
                    switch part.number {
                    case 1: extraBits = try part.uint32()
                    case 2: bits = try part.bytes()
                    default: try array.unknown(part)
                    }
                }
            case 2:
                let mode = try ModeInfo(decoding: try field.slice(), depth: depth + 1)
                modes.append(mode)
                signatureCount += max(mode.signatureCount, 1)
                guard signatureCount <= Transaction.signaturesMax else { throw .tooManySignatures(signatureCount) }
            default: try fields.unknown(field)
            }
        }
        return .multi(bits: bits, extraBits: extraBits, modes)
    }

    fileprivate var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            switch self {
            case .single(let mode):
                writer.message(1) { $0.uint64(1, UInt64(mode.rawValue)) }
            case .multi(let bits, let extraBits, let modes):
                writer.message(2) { writer in
                    writer.message(1) { writer in
                        writer.uint64(1, UInt64(extraBits))
                        writer.bytes(2, bits)
                    }
                    for mode in modes { writer.message(2, mode.encoded) }
                }
            }
        }
    }
}

package struct Fee: Equatable, Sendable {
    package var amount: [Coin]
    package var gasLimit: UInt64
    /// Empty for the first signer.
    package var payer: String
    /// Empty for none.
    package var granter: String

    package init(amount: [Coin] = [], gasLimit: UInt64 = 0, payer: String = "", granter: String = "") {
        (self.amount, self.gasLimit, self.payer, self.granter) = (amount, gasLimit, payer, granter)
    }

    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        self.init()
        var fields = TransactionFields(bytes, repeated: [1], ignoresUnknown: false)
        while let field = try fields.next() {
            switch field.number {
            case 1: amount.append(try Coin(decoding: try field.slice(), ignoresUnknown: false))
            case 2: gasLimit = try field.uint64()
            case 3: payer = try field.string()
            case 4: granter = try field.string()
            default: try fields.unknown(field)
            }
        }
    }

    fileprivate var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for coin in amount { writer.message(1, coin.encoded) }
            writer.uint64(2, gasLimit)
            writer.string(3, payer)
            writer.string(4, granter)
        }
    }
}
