import PublicCryptography
import SignedTransactions
import Wire

/// Who signs a transaction, and how: with one key, or as members of a multisignature.
package indirect enum FixtureSigner: Sendable {
    case single(FixtureKey, SignMode)
    /// The members, and which of them sign.
    case members([FixtureSigner], threshold: UInt32, signing: [Int])

    package var key: AccountKey {
        switch self {
        case .single(let key, _): .secp256k1(key.publicKey)
        case .members(let members, let threshold, _): .multisignature(threshold: threshold, members.map(\.key))
        }
    }

    package var address: AccountAddress { key.address }

    package var mode: ModeInfo {
        switch self {
        case .single(_, let mode): return .single(mode)
        case .members(let members, _, let signing):
            var bits = [UInt8](repeating: 0, count: (members.count + 7) / 8)
            for index in signing { bits[index / 8] |= 0x80 >> (index % 8) }
            return .multi(bits: bits, extraBits: UInt32(members.count % 8), signing.map { members[$0].mode })
        }
    }

    fileprivate func sign(_ digest: (SignMode) -> Hash32) -> [UInt8] {
        switch self {
        case .single(let key, let mode): return key.sign(digest: digest(mode))
        case .members(let members, _, let signing):
            let signatures = signing.map { members[$0].sign(digest) }
            return ProtobufWriter.encode { writer in
                for signature in signatures { writer.message(1, signature) }
            }
        }
    }
}

/// A transaction that its signers sign in any of the sign modes.
package struct SignedTransaction: Sendable {
    package struct Part: Sendable {
        package var signer: FixtureSigner
        package var accountNumber: UInt64
        package var sequence: UInt64
        package var bringsKey: Bool

        package init(_ signer: FixtureSigner, accountNumber: UInt64, sequence: UInt64, bringsKey: Bool = true) {
            (self.signer, self.accountNumber) = (signer, accountNumber)
            (self.sequence, self.bringsKey) = (sequence, bringsKey)
        }
    }

    package var messages: [AnyMessage]
    package var parts: [Part]
    package var chainID = FixtureTransaction.chainID
    package var memo = ""
    package var timeoutHeight: UInt64 = 0
    package var fee = Fee(amount: [Coin(2_500, "uscrt")], gasLimit: 900_000)

    package init(_ messages: [AnyMessage], by parts: [Part]) {
        (self.messages, self.parts) = (messages, parts)
    }

    package var bytes: [UInt8] {
        let body = TransactionBody(messages: messages, memo: memo, timeoutHeight: timeoutHeight)
        let authentication = AuthenticationInfo(
            signers: parts.map {
                SignerInfo(
                    publicKey: $0.bringsKey ? $0.signer.key.any : nil, mode: $0.signer.mode, sequence: $0.sequence)
            }, fee: fee
        ).encoded
        let signatures = parts.map { part in part.signer.sign { digest($0, body, authentication, part) } }
        return TransactionEnvelope(body: body.encoded, authentication: authentication, signatures: signatures).bytes
    }

    private func digest(
        _ mode: SignMode, _ body: TransactionBody, _ authentication: [UInt8], _ part: Part
    ) -> Hash32 {
        guard mode != .direct else {
            return SHA256.hash(
                SignDocument.direct(
                    bodyBytes: body.encoded, authenticationBytes: authentication, chainID: chainID,
                    accountNumber: part.accountNumber))
        }
        let document =
            AminoDocument.bytes(
                body: body, fee: fee, chainID: chainID, accountNumber: part.accountNumber, sequence: part.sequence)
            ?? []
        guard mode == .eip191 else { return SHA256.hash(document) }
        let text = AminoDocument.indented(document) ?? []
        return Keccak256.hash(Array("\u{19}Ethereum Signed Message:\n\(text.count)".utf8) + text)
    }
}
