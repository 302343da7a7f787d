import ChainFormats
import DecidedBlocks
import PublicCryptography
import StrictJSON
import Wire

/// A block and the precommits that decided it, as CometBFT's RPC says them. Nothing of it is proved yet.
package struct RPCBlock: Equatable, Sendable {
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package var field: String
        package var description: String { "CometBFT's RPC says a block whose \(field) is none" }
    }

    package var block: Block
    package var blockID: BlockID
    package var commit: Commit

    package init(block: Block, blockID: BlockID, commit: Commit) {
        (self.block, self.blockID, self.commit) = (block, blockID, commit)
    }

    /// From the answers of `/block` and `/commit` of one height.
    package init(block answer: JSONValue, commit answerOfCommit: JSONValue) throws(Malformed) {
        guard let block = answer["block"], let header = block["header"] else { throw Malformed(field: "block") }
        guard let blockID = try Self.blockID(answer["block_id"], "block_id") else { throw Malformed(field: "block_id") }
        self.blockID = blockID
        // Go says null where a list is empty.
        let transactions = try Self.list(block["data"]?["txs"], "data.txs", atMost: Block.byteCountMax).map {
            element throws(Malformed) in HashedTransaction(try Self.base64(element, "data.txs"))
        }
        let evidence = try Self.list(block["evidence"]?["evidence"], "evidence", atMost: 10_000).map {
            element throws(Malformed) in try Self.evidence(element)
        }
        self.block = Block(
            header: try Self.header(header), transactions: transactions, evidence: evidence,
            lastCommit: try Self.commit(block["last_commit"], "last_commit"))
        commit = try Self.commit(answerOfCommit["signed_header"]?["commit"], "commit")
    }

    /// Header, commit and set of a height, from the answers of `/commit` and of the pages of `/validators`.
    package static func lightBlock(commit answer: JSONValue, validators: [JSONValue]) throws(Malformed)
        -> UnverifiedHeader
    {
        guard let header = answer["signed_header"]?["header"] else { throw Malformed(field: "header") }
        guard let set = ValidatorSet(ordered: try self.validators(.array(validators))) else {
            throw Malformed(field: "validators")
        }
        return UnverifiedHeader(
            header: try Self.header(header), commit: try Self.commit(answer["signed_header"]?["commit"], "commit"),
            validators: set)
    }

    // MARK: - Parts

    private static func header(_ json: JSONValue) throws(Malformed) -> Header {
        guard let chainID = json["chain_id"]?.string, chainID.utf8.count <= Header.chainIDByteCountMax else {
            throw Malformed(field: "chain_id")
        }
        return Header(
            blockVersion: UInt64(bitPattern: try optionalInteger(json["version"]?["block"], "version.block")),
            appVersion: UInt64(bitPattern: try optionalInteger(json["version"]?["app"], "version.app")),
            chainID: chainID, height: try integer(json["height"], "height"), time: try time(json["time"], "time"),
            lastBlockID: try blockID(json["last_block_id"], "last_block_id"),
            lastCommitHash: try hash(json["last_commit_hash"], "last_commit_hash"),
            dataHash: try hash(json["data_hash"], "data_hash"),
            validatorsHash: try someHash(json["validators_hash"], "validators_hash"),
            nextValidatorsHash: try someHash(json["next_validators_hash"], "next_validators_hash"),
            consensusHash: try someHash(json["consensus_hash"], "consensus_hash"),
            appHash: try hexadecimal(json["app_hash"], "app_hash", atMost: Header.appHashByteCountMax),
            lastResultsHash: try hash(json["last_results_hash"], "last_results_hash"),
            evidenceHash: try hash(json["evidence_hash"], "evidence_hash"),
            proposerAddress: try someAddress(json["proposer_address"], "proposer_address"))
    }

    private static func commit(_ json: JSONValue?, _ name: String) throws(Malformed) -> Commit {
        guard let json else { throw Malformed(field: name) }
        let signatures = try list(json["signatures"], name, atMost: Commit.signatureCountMax).map {
            element throws(Malformed) in try signature(element, name)
        }
        return Commit(
            height: try integer(json["height"], name), round: try round(json["round"], name),
            blockID: try blockID(json["block_id"], name), signatures: signatures)
    }

    private static func signature(_ json: JSONValue, _ name: String) throws(Malformed) -> CommitSignature {
        guard let number: UInt32 = json["block_id_flag"]?.integer(), let flag = BlockIDFlag(rawValue: number) else {
            throw Malformed(field: name)
        }
        guard flag != .absent else { return .absent }
        let signature = try base64(json["signature"], name)
        guard (1...CommitSignature.signatureByteCountMax).contains(signature.count) else {
            throw Malformed(field: name)
        }
        return CommitSignature(
            flag: flag, validatorAddress: try someAddress(json["validator_address"], name),
            timestamp: try time(json["timestamp"], name), signature: signature)
    }

    /// `nil` for the empty one, which says that there is no block.
    private static func blockID(_ json: JSONValue?, _ name: String) throws(Malformed) -> BlockID? {
        guard let json else { throw Malformed(field: name) }
        guard let hash = try hash(json["hash"], name) else { return nil }
        guard let total: UInt32 = json["parts"]?["total"]?.integer(), total > 0 else { throw Malformed(field: name) }
        return BlockID(
            hash: hash, parts: PartSetHeader(total: total, hash: try someHash(json["parts"]?["hash"], name)))
    }

    package static func evidence(_ json: JSONValue) throws(Malformed) -> Evidence {
        let name = "evidence"
        guard let value = json["value"] else { throw Malformed(field: name) }
        switch json["type"]?.string {
        case "tendermint/DuplicateVoteEvidence":
            return Evidence(
                .duplicateVote(
                    DoubleVote(
                        first: try vote(value["vote_a"]), second: try vote(value["vote_b"]),
                        totalPower: try integer(value["TotalVotingPower"], name),
                        validatorPower: try integer(value["ValidatorPower"], name),
                        time: try time(value["Timestamp"], name))))
        case "tendermint/LightClientAttackEvidence":
            return Evidence(.lightClientAttack(try attack(value)))
        default: throw Malformed(field: name)
        }
    }

    private static func attack(_ json: JSONValue) throws(Malformed) -> LightClientAttack {
        let name = "evidence"
        let (signed, set) = (
            json["ConflictingBlock"]?["signed_header"], json["ConflictingBlock"]?["validator_set"]
        )
        guard let headerJSON = signed?["header"] else { throw Malformed(field: name) }
        let proposer = try set?["proposer"].flatMap { $0.isNull ? nil : $0 }.map {
            json throws(Malformed) in try validator(json).address
        }
        guard let validators = ValidatorSet(ordered: try self.validators(set?["validators"]), proposer: proposer)
        else { throw Malformed(field: name) }
        return LightClientAttack(
            conflicting: UnverifiedHeader(
                header: try header(headerJSON), commit: try commit(signed?["commit"], name), validators: validators),
            commonHeight: try integer(json["CommonHeight"], name),
            byzantine: try self.validators(json["ByzantineValidators"]),
            totalPower: try integer(json["TotalVotingPower"], name), time: try time(json["Timestamp"], name))
    }

    package static func validators(_ json: JSONValue?) throws(Malformed) -> [Validator] {
        try list(json, "validators", atMost: ValidatorSet.countMax).map { element throws(Malformed) in
            try validator(element)
        }
    }

    private static func validator(_ json: JSONValue) throws(Malformed) -> Validator {
        let name = "validators"
        guard json["pub_key"]?["type"]?.string == "tendermint/PubKeyEd25519",
            let priority = json["proposer_priority"]?.string.flatMap({ Int64($0) }),
            let validator = Validator(
                publicKey: try base64(json["pub_key"]?["value"], name), power: try integer(json["voting_power"], name),
                proposerPriority: priority)
        else { throw Malformed(field: name) }
        return validator
    }

    private static func vote(_ json: JSONValue?) throws(Malformed) -> Vote {
        let name = "evidence"
        guard let json, let number: UInt32 = json["type"]?.integer(), let kind = VoteKind(rawValue: number),
            let index: Int32 = json["validator_index"]?.integer()
        else { throw Malformed(field: name) }
        return Vote(
            kind: kind, height: try integer(json["height"], name), round: try round(json["round"], name),
            blockID: try blockID(json["block_id"], name), timestamp: try time(json["timestamp"], name),
            validatorAddress: try someAddress(json["validator_address"], name), validatorIndex: index,
            signature: try base64(json["signature"], name), voteExtension: try base64(json["extension"], name),
            extensionSignature: try base64(json["extension_signature"], name))
    }

    // MARK: - Values

    private static func list(_ json: JSONValue?, _ name: String, atMost countMax: Int) throws(Malformed) -> [JSONValue]
    {
        guard let json, !json.isNull else { return [] }
        guard let list = json.array, list.count <= countMax else { throw Malformed(field: name) }
        return list
    }

    private static func integer(_ json: JSONValue?, _ name: String) throws(Malformed) -> Int64 {
        guard let value = json?.string.flatMap({ Int64($0) }), value >= 0 else { throw Malformed(field: name) }
        return value
    }

    private static func optionalInteger(_ json: JSONValue?, _ name: String) throws(Malformed) -> Int64 {
        guard let json else { return 0 }
        return try integer(json, name)
    }

    private static func round(_ json: JSONValue?, _ name: String) throws(Malformed) -> Int32 {
        guard let value: Int32 = json?.integer(), value >= 0 else { throw Malformed(field: name) }
        return value
    }

    private static func time(_ json: JSONValue?, _ name: String) throws(Malformed) -> Timestamp {
        guard let value = json?.string.flatMap({ Timestamp(rfc3339: $0) }) else { throw Malformed(field: name) }
        return value
    }

    private static func base64(_ json: JSONValue?, _ name: String) throws(Malformed) -> [UInt8] {
        guard let json, !json.isNull else { return [] }
        guard let bytes = json.string.flatMap(Base64.decode) else { throw Malformed(field: name) }
        return bytes
    }

    private static func hexadecimal(
        _ json: JSONValue?, _ name: String, atMost countMax: Int
    ) throws(Malformed) -> [UInt8] {
        guard let bytes = json?.string.flatMap(Hexadecimal.decode), bytes.count <= countMax else {
            throw Malformed(field: name)
        }
        return bytes
    }

    private static func hash(_ json: JSONValue?, _ name: String) throws(Malformed) -> Hash32? {
        let bytes = try hexadecimal(json, name, atMost: 32)
        guard !bytes.isEmpty else { return nil }
        guard let hash = Hash32(bytes) else { throw Malformed(field: name) }
        return hash
    }

    private static func someHash(_ json: JSONValue?, _ name: String) throws(Malformed) -> Hash32 {
        guard let hash = try hash(json, name) else { throw Malformed(field: name) }
        return hash
    }

    private static func someAddress(_ json: JSONValue?, _ name: String) throws(Malformed) -> ValidatorAddress {
        guard let address = ValidatorAddress(try hexadecimal(json, name, atMost: 20)) else {
            throw Malformed(field: name)
        }
        return address
    }
}
