import CSodium
import ChainFormats
import DecidedBlocks
import DurableFiles
import PublicCryptography
import StrictJSON
import Wire

/// CometBFT's `priv_validator_key.json`.
struct SignerKeyFile {
    /// Seed and public key, as libsodium and Go lay it out.
    static let secretKeyByteCount = 64

    var publicKey: [UInt8]
    var secretKey: [UInt8]

    static func read(_ path: String) throws -> SignerKeyFile {
        guard let bytes = try DurableFile.read(path) else { throw SignerFileError.missing(path) }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 16)),
            json["pub_key"]?["type"]?.string == "tendermint/PubKeyEd25519",
            json["priv_key"]?["type"]?.string == "tendermint/PrivKeyEd25519",
            let publicKey = json["pub_key"]?["value"]?.string.flatMap(Base64.decode),
            let secretKey = json["priv_key"]?["value"]?.string.flatMap(Base64.decode),
            publicKey.count == Ed25519.publicKeyByteCount, secretKey.count == secretKeyByteCount
        else { throw SignerFileError.malformed(path) }
        // A public key that is not the secret's would make signatures that reveal it.
        var derived = [UInt8](repeating: 0, count: Ed25519.publicKeyByteCount)
        var again = [UInt8](repeating: 0, count: secretKeyByteCount)
        crypto_sign_seed_keypair(&derived, &again, Array(secretKey.prefix(32)))
        guard derived == publicKey, again == secretKey else { throw SignerFileError.keyMismatch }
        return SignerKeyFile(publicKey: publicKey, secretKey: secretKey)
    }

    func write(_ path: String) throws {
        let text = """
            {
              "address": "\(ValidatorAddress(publicKey: publicKey))",
              "pub_key": {
                "type": "tendermint/PubKeyEd25519",
                "value": "\(Base64.encode(publicKey))"
              },
              "priv_key": {
                "type": "tendermint/PrivKeyEd25519",
                "value": "\(Base64.encode(secretKey))"
              }
            }

            """
        try DurableFile.replace(path, with: Array(text.utf8))
    }
}

/// CometBFT's `priv_validator_state.json`: the last thing that was signed.
package struct SignerState: Equatable, Sendable {
    enum Step: UInt8 {
        case none = 0
        case propose = 1
        case prevote = 2
        case precommit = 3
    }

    var height: Int64 = 0
    var round: Int32 = 0
    var step = Step.none
    var signature: [UInt8] = []
    var signBytes: [UInt8] = []

    /// Nothing was signed.
    package init() {}

    init(height: Int64, round: Int32, step: Step, signature: [UInt8] = [], signBytes: [UInt8] = []) {
        (self.height, self.round, self.step) = (height, round, step)
        (self.signature, self.signBytes) = (signature, signBytes)
    }

    /// A missing file is refused: whoever deletes it says so by writing an empty state.
    static func read(_ path: String) throws -> SignerState {
        guard let bytes = try DurableFile.read(path) else { throw SignerFileError.missing(path) }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 16)),
            let height = json["height"]?.string.flatMap({ Int64($0) }), height >= 0,
            let round: Int32 = json["round"]?.integer(), round >= 0,
            let number: UInt8 = json["step"]?.integer(), let step = Step(rawValue: number)
        else { throw SignerFileError.malformed(path) }
        var state = SignerState(height: height, round: round, step: step)
        if let text = json["signature"]?.string {
            guard let signature = Base64.decode(text) else { throw SignerFileError.malformed(path) }
            state.signature = signature
        }
        if let text = json["signbytes"]?.string {
            guard let signBytes = Hexadecimal.decode(text) else { throw SignerFileError.malformed(path) }
            state.signBytes = signBytes
        }
        return state
    }

    func write(_ path: String, isDurable: Bool = true) throws {
        var text = "{\n  \"height\": \"\(height)\",\n  \"round\": \(round),\n  \"step\": \(step.rawValue)"
        if !signature.isEmpty { text += ",\n  \"signature\": \"\(Base64.encode(signature))\"" }
        if !signBytes.isEmpty { text += ",\n  \"signbytes\": \"\(Hexadecimal.encode(signBytes, uppercase: true))\"" }
        try DurableFile.replace(path, with: Array((text + "\n}\n").utf8), isDurable: isDurable)
    }

    /// The vote of which the sign bytes are, if they are of one on this chain.
    func vote(of address: ValidatorAddress, chainID: String) -> Vote? {
        guard step == .prevote || step == .precommit, let time = timestamp, let blockID = try? signedBlockID() else {
            return nil
        }
        let vote = Vote(
            kind: step == .prevote ? .prevote : .precommit, height: height, round: round, blockID: blockID,
            timestamp: time, validatorAddress: address, validatorIndex: 0, signature: signature)
        return vote.signBytes(chainID: chainID) == signBytes ? vote : nil
    }

    /// Field 4 of a canonical vote, which one for nil does not have.
    private func signedBlockID() throws -> BlockID?? {
        guard let start = signBytes.firstIndex(where: { $0 < 0x80 }) else { return nil }
        var reader = ProtobufReader(signBytes[(start + 1)...])
        while let field = try reader.next() {
            if field.number == 4 { return try BlockID(protobuf: field.slice()) }
        }
        return .some(nil)
    }

    /// The time inside the sign bytes: field 5 of a canonical vote, 6 of a canonical proposal.
    var timestamp: Timestamp? {
        var length = 0
        while length < signBytes.count, signBytes[length] >= 0x80 { length += 1 }
        guard length < signBytes.count else { return nil }
        var reader = ProtobufReader(signBytes[(length + 1)...])
        do throws(ProtobufError) {
            while let field = try reader.next() {
                if field.number == (step == .propose ? 6 : 5) { return try Timestamp(protobuf: field.slice()) }
            }
        } catch {
            return nil
        }
        return nil
    }
}
