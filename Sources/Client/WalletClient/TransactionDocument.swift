import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// A transaction as a file that goes from hand to hand until all have signed: the JSON of `cosmos.tx.v1beta1.Tx`, as
/// nodes show it and the Cosmos SDK's commands write it.
package struct TransactionDocument: Sendable {
    /// As `MessageText` reads them.
    package var messages: [JSONValue]
    package var note: String
    package var timeoutHeight: UInt64
    package var fee: Fee
    package var signers: [SignerInfo]
    package var signatures: [[UInt8]]

    package init(messages: [JSONValue], note: String, fee: Fee) {
        (self.messages, self.note, self.fee) = (messages, note, fee)
        (timeoutHeight, signers, signatures) = (0, [], [])
    }

    package func body() throws -> TransactionBody {
        TransactionBody(messages: try messages.map(MessageText.message), memo: note, timeoutHeight: timeoutHeight)
    }

    /// The transaction as it is sent.
    package func bytes() throws -> [UInt8] {
        TransactionEnvelope(
            body: try body().encoded, authentication: AuthenticationInfo(signers: signers, fee: fee).encoded,
            signatures: signatures
        ).bytes
    }

    /// Who must sign, in this order.
    package func requiredSigners() throws -> [AccountAddress] {
        var signers: [AccountAddress] = []
        for message in try body().messages {
            for signer in try message.signers() where !signers.contains(signer) { signers.append(signer) }
        }
        if let payer = AccountAddress(bech32: fee.payer), !signers.contains(payer) { signers.append(payer) }
        return signers
    }
}

// MARK: - As JSON

extension TransactionDocument {
    package var json: JSONValue {
        .object([
            (
                "body",
                .object([
                    ("messages", .array(messages)), ("memo", .string(note)),
                    ("timeout_height", .string(String(timeoutHeight))), ("extension_options", .array([])),
                    ("non_critical_extension_options", .array([])),
                ])
            ),
            (
                "auth_info",
                .object([
                    ("signer_infos", .array(signers.map(Self.json))),
                    (
                        "fee",
                        .object([
                            (
                                "amount",
                                .array(
                                    fee.amount.map {
                                        ["denom": .string($0.denomination), "amount": .string(String($0.amount))]
                                    })
                            ), ("gas_limit", .string(String(fee.gasLimit))), ("payer", .string(fee.payer)),
                            ("granter", .string(fee.granter)),
                        ])
                    ), ("tip", .null),
                ])
            ), ("signatures", .array(signatures.map { .string(Base64.encode($0)) })),
        ])
    }

    private static func json(_ signer: SignerInfo) -> JSONValue {
        let key = signer.publicKey.flatMap { try? AccountKey($0) }
        return .object([
            ("public_key", key.map(\.json) ?? .null), ("mode_info", json(signer.mode)),
            ("sequence", .string(String(signer.sequence))),
        ])
    }

    private static func json(_ mode: ModeInfo) -> JSONValue {
        switch mode {
        case .single(let mode): return ["single": ["mode": .string(mode.name)]]
        case .multi(let bits, let extraBits, let modes):
            let array: JSONValue = .object([
                ("extra_bits_stored", .number(UInt64(extraBits))), ("elems", .string(Base64.encode(bits))),
            ])
            return ["multi": .object([("bitarray", array), ("mode_infos", .array(modes.map(json)))])]
        }
    }

    /// - Throws: `ClientError.invalidInput` with the member that is wrong. What this client could not sign is refused.
    package init(_ json: JSONValue) throws {
        guard let body = json["body"], let messages = body["messages"]?.array else {
            throw Self.wrong("body.messages", "must be a list of messages")
        }
        for option in ["extension_options", "non_critical_extension_options"] {
            guard (body[option]?.array ?? []).isEmpty else {
                throw Self.wrong(
                    "body." + option, "are not known to this client, which signs nothing that it does not know")
            }
        }
        let fee = json["auth_info"]?["fee"]
        let coins = try (fee?["amount"]?.array ?? []).map { coin in
            guard let denomination = coin["denom"]?.string, Coin.isDenomination(denomination),
                let amount = coin["amount"]?.string.flatMap({ Coin.amount($0.utf8) })
            else { throw Self.wrong("auth_info.fee.amount", "must be coins") }
            return Coin(amount, denomination)
        }
        self.init(
            messages: messages, note: body["memo"]?.string ?? "",
            fee: Fee(
                amount: coins, gasLimit: try Self.number(fee?["gas_limit"], "auth_info.fee.gas_limit"),
                payer: fee?["payer"]?.string ?? "", granter: fee?["granter"]?.string ?? ""))
        guard !messages.isEmpty else { throw Self.wrong("body.messages", "is empty") }
        timeoutHeight = try Self.number(body["timeout_height"], "body.timeout_height")
        guard let infos = (json["auth_info"]?["signer_infos"] ?? .array([])).array,
            let signatures = (json["signatures"] ?? .array([])).array
        else { throw Self.wrong("auth_info.signer_infos", "and signatures must be lists") }
        signers = try infos.map(Self.signer)
        self.signatures = try signatures.map { try Self.bytes($0, "signatures") }
        guard signers.count == self.signatures.count else {
            throw Self.wrong("signatures", "must be as many as auth_info.signer_infos")
        }
    }

    private static func signer(_ json: JSONValue) throws -> SignerInfo {
        let place = "auth_info.signer_infos"
        let key = json["public_key"].flatMap { $0.isNull ? nil : $0 }
        return SignerInfo(
            publicKey: try key.map { try AccountKey(json: $0).any },
            mode: try mode(json["mode_info"] ?? .null, depth: 0),
            sequence: try number(json["sequence"], place + ".sequence"))
    }

    private static func mode(_ json: JSONValue, depth: Int) throws -> ModeInfo {
        let place = "auth_info.signer_infos.mode_info"
        if let single = json["single"] {
            guard let mode = single["mode"]?.string.flatMap(SignMode.init(name:)) else {
                throw wrong(place, "must name a mode, as SIGN_MODE_DIRECT")
            }
            return .single(mode)
        }
        guard depth < ModeInfo.depthMax, let multi = json["multi"], let modes = multi["mode_infos"]?.array else {
            throw wrong(place, "must be single or multi")
        }
        let extraBits = multi["bitarray"]?["extra_bits_stored"]
        return .multi(
            bits: try bytes(multi["bitarray"]?["elems"] ?? .null, place + ".bitarray"),
            extraBits: UInt32(truncatingIfNeeded: try number(extraBits, place + ".bitarray")),
            try modes.map { try mode($0, depth: depth + 1) })
    }

    private static func number(_ json: JSONValue?, _ place: String) throws -> UInt64 {
        guard let json, !json.isNull else { return 0 }
        guard let number = json.uint64 ?? json.string.flatMap({ UInt64($0) }) else {
            throw wrong(place, "must be a number")
        }
        return number
    }

    private static func bytes(_ json: JSONValue, _ place: String) throws -> [UInt8] {
        guard let bytes = json.string.flatMap({ Base64.decode($0) }) else { throw wrong(place, "must be Base64") }
        return bytes
    }

    static func wrong(_ place: String, _ what: String) -> ClientError {
        ClientError(.invalidInput, "the transaction's \(place) \(what)")
    }
}

extension SignMode {
    /// As the Cosmos SDK's protocol has it.
    package var name: String {
        switch self {
        case .unspecified: "SIGN_MODE_UNSPECIFIED"
        case .direct: "SIGN_MODE_DIRECT"
        case .textual: "SIGN_MODE_TEXTUAL"
        case .directAuxiliary: "SIGN_MODE_DIRECT_AUX"
        case .legacyAminoJSON: "SIGN_MODE_LEGACY_AMINO_JSON"
        case .eip191: "SIGN_MODE_EIP_191"
        }
    }

    init?(name: String) {
        let all: [SignMode] = [.direct, .textual, .directAuxiliary, .legacyAminoJSON, .eip191]
        guard let mode = all.first(where: { $0.name == name }) else { return nil }
        self = mode
    }
}

// MARK: - Keys

extension AccountKey {
    /// With `@type`, as nodes show it and `keys show --pubkey` of the Cosmos SDK's commands prints it.
    package var json: JSONValue {
        switch self {
        case .secp256k1(let key):
            .object([("@type", .string(AccountKey.secp256k1TypeURL)), ("key", .string(Base64.encode(key)))])
        case .multisignature(let threshold, let keys):
            .object([
                ("@type", .string(AccountKey.multisignatureTypeURL)), ("threshold", .number(UInt64(threshold))),
                ("public_keys", .array(keys.map(\.json))),
            ])
        }
    }

    /// Of itself, or of those of which some sign.
    package var keyCount: Int {
        switch self {
        case .secp256k1: 1
        case .multisignature(_, let keys): keys.reduce(0) { $0 + $1.keyCount }
        }
    }

    package init(json: JSONValue) throws {
        self = try Self.key(json, depth: 0)
    }

    private static func key(_ json: JSONValue, depth: Int) throws -> AccountKey {
        let wrong = ClientError(
            .invalidInput,
            "a public key is {\"@type\":\"\(secp256k1TypeURL)\",\"key\":\"Base64\"}, or one of several keys")
        let key: AccountKey
        switch json["@type"]?.string {
        case secp256k1TypeURL:
            guard let bytes = json["key"]?.string.flatMap({ Base64.decode($0) }) else { throw wrong }
            key = .secp256k1(bytes)
        case multisignatureTypeURL:
            guard depth < depthMax, let threshold = json["threshold"]?.uint64.flatMap(UInt32.init(exactly:)),
                let keys = json["public_keys"]?.array
            else { throw wrong }
            key = .multisignature(threshold: threshold, try keys.map { try Self.key($0, depth: depth + 1) })
        default: throw wrong
        }
        // Its own reader knows what a chain would refuse: a point that is none, a threshold that nobody reaches.
        do { return try AccountKey(key.any) } catch { throw wrong }
    }
}
