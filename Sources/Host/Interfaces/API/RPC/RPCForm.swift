import ChainFormats
import DecidedBlocks
import PublicCryptography
import StrictJSON
import Wire

/// CometBFT's JSON of what a chain decides: 64-bit numbers are texts, hashes hexadecimal in upper case, bytes Base64.
package enum RPCForm {
    package static func hexadecimal(_ bytes: [UInt8]) -> JSONValue {
        .string(Hexadecimal.encode(bytes, uppercase: true))
    }
    static func hash(_ hash: Hash32?) -> JSONValue { hexadecimal(hash?.bytes ?? []) }
    static func base64(_ bytes: [UInt8]) -> JSONValue { bytes.isEmpty ? .null : .string(Base64.encode(bytes)) }
    static func integer(_ value: some FixedWidthInteger) -> JSONValue { .string("\(value)") }

    package static func blockID(_ blockID: BlockID?) -> JSONValue {
        [
            "hash": hash(blockID?.hash),
            "parts": ["total": .number(Int64(blockID?.parts.total ?? 0)), "hash": hash(blockID?.parts.hash)],
        ]
    }

    static func header(_ header: Header) -> JSONValue {
        var version: [(String, JSONValue)] = [("block", integer(header.blockVersion))]
        if header.appVersion != 0 { version.append(("app", integer(header.appVersion))) }
        return [
            "version": .object(version), "chain_id": .string(header.chainID), "height": integer(header.height),
            "time": .string("\(header.time)"), "last_block_id": blockID(header.lastBlockID),
            "last_commit_hash": hash(header.lastCommitHash), "data_hash": hash(header.dataHash),
            "validators_hash": hash(header.validatorsHash), "next_validators_hash": hash(header.nextValidatorsHash),
            "consensus_hash": hash(header.consensusHash), "app_hash": hexadecimal(header.appHash),
            "last_results_hash": hash(header.lastResultsHash), "evidence_hash": hash(header.evidenceHash),
            "proposer_address": hexadecimal(header.proposerAddress.bytes),
        ]
    }

    package static func commit(_ commit: Commit) -> JSONValue {
        [
            "height": integer(commit.height), "round": .number(Int64(commit.round)),
            "block_id": blockID(commit.blockID),
            "signatures": .array(
                commit.signatures.map { slot in
                    [
                        "block_id_flag": .number(Int64(slot.flag.rawValue)),
                        "validator_address": hexadecimal(slot.validatorAddress?.bytes ?? []),
                        "timestamp": .string("\(slot.timestamp)"), "signature": base64(slot.signature),
                    ]
                }),
        ]
    }

    package static func validator(_ validator: Validator) -> JSONValue {
        [
            "address": hexadecimal(validator.address.bytes),
            "pub_key": publicKey(validator.publicKey),
            "voting_power": integer(validator.power), "proposer_priority": integer(validator.proposerPriority),
        ]
    }

    static func publicKey(_ key: [UInt8]) -> JSONValue {
        ["type": "tendermint/PubKeyEd25519", "value": .string(Base64.encode(key))]
    }

    package static func block(_ block: Block) -> JSONValue {
        [
            "header": header(block.header),
            "data": ["txs": .array(block.transactions.map { .string(Base64.encode($0.bytes)) })],
            "evidence": ["evidence": .array(block.evidence.compactMap(evidence))],
            "last_commit": commit(block.lastCommit),
        ]
    }

    /// `nil` for what is not understood: then the block that is put together again is not the one that was decided.
    package static func evidence(_ evidence: Evidence) -> JSONValue? {
        switch evidence.content {
        case .duplicateVote(let duplicate)?:
            return [
                "type": "tendermint/DuplicateVoteEvidence",
                "value": [
                    "vote_a": vote(duplicate.first), "vote_b": vote(duplicate.second),
                    "TotalVotingPower": integer(duplicate.totalPower),
                    "ValidatorPower": integer(duplicate.validatorPower),
                    "Timestamp": .string("\(duplicate.time)"),
                ],
            ]
        case .lightClientAttack(let attack)?:
            let set = attack.conflicting.validators
            let proposer = set.proposerAddress.flatMap { set.index(of: $0) }.map { set.validators[$0] }
            return [
                "type": "tendermint/LightClientAttackEvidence",
                "value": [
                    "ConflictingBlock": [
                        "signed_header": [
                            "header": header(attack.conflicting.header), "commit": commit(attack.conflicting.commit),
                        ],
                        "validator_set": [
                            "validators": .array(set.validators.map(validator)),
                            "proposer": proposer.map(validator) ?? .null,
                        ],
                    ],
                    "CommonHeight": integer(attack.commonHeight),
                    "ByzantineValidators": .array(attack.byzantine.map(validator)),
                    "TotalVotingPower": integer(attack.totalPower), "Timestamp": .string("\(attack.time)"),
                ],
            ]
        case nil: return nil
        }
    }

    static func vote(_ vote: Vote) -> JSONValue {
        [
            "type": .number(Int64(vote.kind.rawValue)), "height": integer(vote.height),
            "round": .number(Int64(vote.round)), "block_id": blockID(vote.blockID),
            "timestamp": .string("\(vote.timestamp)"),
            "validator_address": hexadecimal(vote.validatorAddress.bytes),
            "validator_index": .number(Int64(vote.validatorIndex)), "signature": base64(vote.signature),
            "extension": base64(vote.voteExtension), "extension_signature": base64(vote.extensionSignature),
        ]
    }

    static func parameters(_ parameters: ConsensusParameters, appVersion: UInt64) -> JSONValue {
        [
            "block": ["max_bytes": integer(parameters.blockBytesMax), "max_gas": integer(parameters.blockGasMax)],
            "evidence": [
                "max_age_num_blocks": integer(parameters.evidence.ageBlocksMax),
                "max_age_duration": integer(parameters.evidence.ageNanosecondsMax),
                "max_bytes": integer(parameters.evidence.bytesMax),
            ],
            "validator": ["pub_key_types": ["ed25519"]], "version": ["app": integer(appVersion)],
            "abci": ["vote_extensions_enable_height": "0"],
        ]
    }

    static func answer(_ answer: QueryRouter.Answer) -> JSONValue {
        let operations = answer.proof.map { operation -> JSONValue in
            [
                "type": .string(operation.type), "key": base64(operation.key), "data": base64(operation.data),
            ]
        }
        return [
            "code": .number(Int64(answer.code)), "log": .string(answer.log), "info": "", "index": "0",
            "key": base64(answer.key), "value": base64(answer.value),
            "proofOps": operations.isEmpty ? .null : ["ops": .array(operations)],
            "height": integer(answer.height), "codespace": .string(answer.codespace),
        ]
    }
}
