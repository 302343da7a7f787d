/// A signed permission to query (SNIP-24). It is made in the wallet, without a transaction.
// sdk: message
struct Permit {
    var params: PermitParameters
    var signature: PermitSignature
}

/// What the wallet shows to its user: for which tokens and chain, and what it lets its holder ask.
// sdk: message
struct PermitParameters {
    var permitName: Text
    var allowedTokens: [Text]
    var chainID: Text
    var permissions: [Text]
}

/// The signature over the parameters, with the key that made it.
// sdk: message
struct PermitSignature {
    var pubKey: PermitPublicKey
    var signature: Bytes
}

/// A public key as amino JSON has it: its type and 33 bytes of a compressed point.
// sdk: message
struct PermitPublicKey {
    var type: Text
    var value: Bytes
}

extension Permit {
    private static let revoked = Map<Bool>("revoked_permit")

    /// The address that signed this permit, if it is for this contract and chain, grants `permission` (or "owner"), and
    /// was not revoked.
    func signer(_ environment: Environment, permission: Text) throws(ContractError) -> Text {
        guard params.chainID == environment.chainID else { throw ContractError("the permit is for another chain") }
        guard params.allowedTokens.contains(environment.contractAddress) else {
            throw ContractError("the permit is not for this contract")
        }
        guard params.permissions.contains(permission) || params.permissions.contains("owner") else {
            throw ContractError("the permit does not grant " + permission)
        }
        guard signature.pubKey.type == "tendermint/PubKeySecp256k1", signature.pubKey.value.bytes.count == 33,
            signature.signature.bytes.count == 64,
            Host.verify(
                signature: signature.signature.bytes, digest: SHA256.hash(signedBytes),
                publicKey: signature.pubKey.value.bytes),
            let address = Host.humanize(RIPEMD160.hash(SHA256.hash(signature.pubKey.value.bytes)))
        else { throw ContractError("the permit's signature is not valid") }
        let account = Text(address)
        guard !Permit.revoked.contains(account + "/" + params.permitName) else {
            throw ContractError("the permit was revoked")
        }
        return account
    }

    /// From now on no permit with this name of `account` is good.
    static func revoke(_ name: Text, of account: Text) { revoked.save(true, at: account + "/" + name) }

    /// What the wallet signed: a transaction that moves nothing, as sorted amino JSON.
    private var signedBytes: [UInt8] {
        let fee = JSON.object([.init("amount", "0"), .init("denom", "uscrt")])
        let value = JSON.object([
            .init("allowed_tokens", params.allowedTokens.json), .init("permissions", params.permissions.json),
            .init("permit_name", .string(params.permitName)),
        ])
        return JSON.object([
            .init("account_number", "0"), .init("chain_id", .string(params.chainID)),
            .init("fee", .object([.init("amount", .array([fee])), .init("gas", "1")])), .init("memo", ""),
            .init("msgs", .array([.object([.init("type", "query_permit"), .init("value", value)])])),
            .init("sequence", "0"),
        ]).encoded
    }
}
