import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// For which account's next transaction, on which chain, something is signed.
package struct SigningPlace: Equatable, Sendable {
    package var chainID: String
    package var account: ChainClient.Account

    package init(chainID: String, account: ChainClient.Account) { (self.chainID, self.account) = (chainID, account) }
}

extension ChainClient.Account: Equatable {
    package static func == (left: ChainClient.Account, right: ChainClient.Account) -> Bool {
        left.number == right.number && left.sequence == right.sequence
    }
}

extension TransactionDocument {
    /// Signs for an account of one key: bytes (`direct`), or the text of them (`legacyAminoJSON`).
    package mutating func sign(by wallet: Wallet, mode: SignMode, at place: SigningPlace) throws {
        let required = try requiredSigners()
        guard required == [wallet.address] else {
            let names = required.map(\.description).joined(separator: ", ")
            throw ClientError(
                .invalidInput,
                required.count == 1
                    ? "the transaction is signed by \(names), and this key is of \(wallet.address)"
                    : "the transaction is signed by \(required.count) accounts (\(names)), which this client does not do"
            )
        }
        signers = [
            SignerInfo(
                publicKey: AccountKey.secp256k1(wallet.publicKey).any, mode: .single(mode),
                sequence: place.account.sequence)
        ]
        let text: [UInt8]
        switch mode {
        case .direct:
            text = SignDocument.direct(
                bodyBytes: try body().encoded,
                authenticationBytes: AuthenticationInfo(signers: signers, fee: fee).encoded, chainID: place.chainID,
                accountNumber: place.account.number)
        case .legacyAminoJSON: text = try aminoText(at: place)
        default: throw ClientError(.invalidInput, "this client does not sign in the mode \(mode.name)")
        }
        signatures = [try wallet.signature(of: text)]
        try verify(at: place)
    }

    /// One member's part of what an account of several keys signs: the text, since the bytes say who else signs.
    package func signature(
        by wallet: Wallet, for account: AccountAddress, at place: SigningPlace
    ) throws -> MemberSignature {
        let required = try requiredSigners()
        guard required == [account] else {
            throw ClientError(
                .invalidInput,
                "the transaction is signed by \(required.map(\.description).joined(separator: ", ")), and not by \(account)"
            )
        }
        return MemberSignature(
            publicKey: wallet.publicKey, sequence: place.account.sequence,
            signature: try wallet.signature(of: try aminoText(at: place)))
    }

    /// Puts the parts together. Whoever signed something else, or is no member, is named.
    package mutating func combine(
        _ parts: [MemberSignature], of key: AccountKey, at place: SigningPlace
    ) throws {
        guard case .multisignature(let threshold, let members) = key else {
            throw ClientError(.invalidInput, "the account \(key.address) has one key; `cloister tx sign` signs for it")
        }
        let digest = SHA256.hash(try aminoText(at: place))
        var found: [Int: [UInt8]] = [:]
        for part in parts {
            let signer = AccountKey.secp256k1(part.publicKey)
            guard let index = members.firstIndex(of: signer) else {
                throw ClientError(.invalidInput, "\(signer.address) is no member of \(key.address)")
            }
            guard Secp256k1.verify(signature: part.signature, digest: digest, publicKey: part.publicKey) else {
                throw ClientError(
                    .invalidInput,
                    """
                    \(signer.address) signed something else: another transaction, chain, account number or sequence (here \
                    \(place.chainID), \(place.account.number), \(place.account.sequence))
                    """)
            }
            found[index] = part.signature
        }
        guard found.count >= Int(threshold) else {
            throw ClientError(.invalidInput, "\(found.count) of \(members.count) have signed, and \(threshold) must")
        }
        let signing = found.keys.sorted()
        var bits = [UInt8](repeating: 0, count: (members.count + 7) / 8)
        for index in signing { bits[index / 8] |= 0x80 >> UInt8(index % 8) }
        signers = [
            SignerInfo(
                publicKey: key.any,
                mode: .multi(
                    bits: bits, extraBits: UInt32(members.count % 8),
                    Array(repeating: .single(.legacyAminoJSON), count: signing.count)),
                sequence: place.account.sequence)
        ]
        let all = ProtobufWriter.encode { writer in
            for index in signing { writer.message(1, found[index] ?? []) }
        }
        signatures = [all]
        try verify(at: place)
    }

    private func aminoText(at place: SigningPlace) throws -> [UInt8] {
        let text = AminoDocument.bytes(
            body: try body(), fee: fee, chainID: place.chainID, accountNumber: place.account.number,
            sequence: place.account.sequence)
        guard let text else {
            throw ClientError(.invalidInput, "a message of the transaction has no text that could be signed")
        }
        return text
    }

    /// As the chain will.
    private func verify(at place: SigningPlace) throws {
        let transaction: Transaction
        do { transaction = try Transaction(decoding: try bytes()) } catch let error as TransactionError {
            throw ClientError(.invalidInput, "the chain would not read this transaction: \(error)")
        }
        let result = SignatureCheck.verify(
            transaction, signerIndex: 0, chainID: place.chainID, accountNumber: place.account.number,
            sequence: place.account.sequence)
        guard result == .valid else {
            throw ClientError(.invalidInput, "the chain would not take this signature: \(result)")
        }
    }
}

/// What one member of an account of several keys signed, as a file between `tx sign --multisig` and `tx multisign`: the
/// Cosmos SDK's `SignatureDescriptors`.
package struct MemberSignature: Equatable, Sendable {
    package var publicKey: [UInt8]
    package var sequence: UInt64
    package var signature: [UInt8]

    package init(publicKey: [UInt8], sequence: UInt64, signature: [UInt8]) {
        (self.publicKey, self.sequence, self.signature) = (publicKey, sequence, signature)
    }

    package var json: JSONValue {
        let single: JSONValue = .object([
            ("mode", .string(SignMode.legacyAminoJSON.name)), ("signature", .string(Base64.encode(signature))),
        ])
        let descriptor: JSONValue = .object([
            ("public_key", AccountKey.secp256k1(publicKey).json), ("data", ["single": single]),
            ("sequence", .string(String(sequence))),
        ])
        return ["signatures": [descriptor]]
    }

    /// All that a file has.
    package static func all(of json: JSONValue) throws -> [MemberSignature] {
        guard let parts = json["signatures"]?.array, !parts.isEmpty else {
            throw ClientError(.invalidInput, "no signatures, as `cloister tx sign --multisig` writes them")
        }
        return try parts.map { part in
            guard let single = part["data"]?["single"], single["mode"]?.string == SignMode.legacyAminoJSON.name,
                let signature = single["signature"]?.string.flatMap({ Base64.decode($0) }),
                case .secp256k1(let key) = try AccountKey(json: part["public_key"] ?? .null),
                let sequence = part["sequence"]?.string.flatMap({ UInt64($0) }) ?? part["sequence"]?.uint64
            else {
                throw ClientError(
                    .invalidInput, "a member signs with one key, in the mode \(SignMode.legacyAminoJSON.name)")
            }
            return MemberSignature(publicKey: key, sequence: sequence, signature: signature)
        }
    }
}
