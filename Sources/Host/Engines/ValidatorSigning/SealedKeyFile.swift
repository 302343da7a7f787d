import DecidedBlocks
import DurableFiles
import EnclaveProtocol
import PublicCryptography
import StrictJSON
import Wire

/// The file of a validator's key that its enclave sealed, in the shape of CometBFT's key file, with what the enclave
/// gave in the place of the private key.
///
/// The host can use nothing of it. Public key and address are for people: what counts is which key the enclave opens.
package struct SealedKeyFile: Equatable {
    package var publicKey: [UInt8]
    package var sealedKey: [UInt8]
    /// The enclave's quote over the public key.
    package var evidence: [UInt8]

    package init(_ key: ConsensusKey) {
        (publicKey, sealedKey, evidence) = (key.publicKey, key.sealedKey, key.evidence)
    }

    package var address: ValidatorAddress { ValidatorAddress(publicKey: publicKey) }

    package init(path: String) throws {
        guard let bytes = try DurableFile.read(path) else { throw SignerFileError.missing(path) }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 16)),
            json["pub_key"]?["type"]?.string == "tendermint/PubKeyEd25519",
            let publicKey = json["pub_key"]?["value"]?.string.flatMap(Base64.decode),
            publicKey.count == Ed25519.publicKeyByteCount,
            let sealedKey = json["sealed_key"]?.string.flatMap(Base64.decode),
            let evidence = json["evidence"]?.string.flatMap(Base64.decode)
        else { throw SignerFileError.malformed(path) }
        (self.publicKey, self.sealedKey, self.evidence) = (publicKey, sealedKey, evidence)
    }

    package func write(_ path: String) throws {
        let text = """
            {
              "address": "\(address)",
              "pub_key": {
                "type": "tendermint/PubKeyEd25519",
                "value": "\(Base64.encode(publicKey))"
              },
              "sealed_key": "\(Base64.encode(sealedKey))",
              "evidence": "\(Base64.encode(evidence))"
            }

            """
        try DurableFile.replace(path, with: Array(text.utf8))
    }
}
