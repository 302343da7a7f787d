import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import StrictJSON

// What transactions and blocks came to, and what a node says of itself.

extension RPCForm {
    static func event(_ event: Event) -> JSONValue {
        [
            "type": .string(event.type),
            "attributes": .array(
                event.attributes.map { ["key": .string($0.key), "value": .string($0.value), "index": true] }),
        ]
    }

    static func result(_ result: TransactionResult) -> JSONValue {
        [
            "code": .number(result.code), "data": base64(result.data), "log": .string(result.log), "info": "",
            "gas_wanted": integer(result.gasWanted), "gas_used": integer(result.gasUsed),
            "events": .array(result.events.map(event)), "codespace": .string(result.codespace),
        ]
    }

    static func check(_ outcome: CheckOutcome) -> JSONValue {
        [
            "code": .number(outcome.code), "data": .null, "log": .string(outcome.log), "info": "",
            "gas_wanted": integer(outcome.gasWanted), "gas_used": integer(outcome.gasUsed), "events": .array([]),
            "codespace": .string(outcome.codespace),
        ]
    }

    static func broadcast(_ outcome: CheckOutcome) -> JSONValue {
        [
            "code": .number(outcome.code), "data": "", "log": .string(outcome.log),
            "codespace": .string(outcome.codespace), "hash": hash(outcome.hash),
        ]
    }

    /// `found` is `nil` where the check refused it.
    static func committed(_ outcome: CheckOutcome, _ found: CommittedTransaction?) -> JSONValue {
        [
            "check_tx": check(outcome), "tx_result": result(found?.place.result ?? TransactionResult()),
            "hash": hash(outcome.hash), "height": integer(found?.place.height ?? 0),
        ]
    }

    static func transaction(_ transaction: CommittedTransaction, proof: (root: Hash32, MerkleProof)?) -> JSONValue {
        let place = transaction.place
        var members: [(String, JSONValue)] = [
            ("hash", hash(place.hash)), ("height", integer(place.height)), ("index", .number(place.position)),
            ("tx_result", result(place.result)), ("tx", .string(Base64.encode(transaction.bytes))),
        ]
        if let (root, proof) = proof {
            members.append(
                (
                    "proof",
                    [
                        "root_hash": hash(root), "data": .string(Base64.encode(transaction.bytes)),
                        "proof": [
                            "total": integer(proof.total), "index": integer(proof.index),
                            "leaf_hash": base64(proof.leafHash.bytes),
                            "aunts": .array(proof.aunts.map { base64($0.bytes) }),
                        ],
                    ]
                ))
        }
        return .object(members)
    }

    /// What is empty is null, as where Go reads an encoding.
    static func results(_ results: CommittedResults) -> JSONValue {
        func list(_ elements: [JSONValue]) -> JSONValue { elements.isEmpty ? .null : .array(elements) }
        return [
            "height": integer(results.height), "txs_results": list(results.transactions.map(result)),
            "finalize_block_events": list(results.events.map(event)),
            "validator_updates": list(results.validatorUpdates.map(validatorUpdate)),
            "consensus_param_updates": results.parameterUpdates.map(parameterUpdates) ?? .null,
            "app_hash": base64(results.appHash),
        ]
    }

    static func validatorUpdate(_ update: ValidatorUpdate) -> JSONValue {
        var members: [(String, JSONValue)] = [
            (
                "pub_key",
                [
                    "Sum": [
                        "type": "tendermint.crypto.PublicKey_Ed25519",
                        "value": ["ed25519": .string(Base64.encode(update.publicKey))],
                    ]
                ]
            )
        ]
        if update.power != 0 { members.append(("power", integer(update.power))) }
        return .object(members)
    }

    static func parameterUpdates(_ updates: ConsensusParameterUpdates) -> JSONValue {
        var members: [(String, JSONValue)] = []
        if let block = updates.block {
            members.append(
                ("block", ["max_bytes": integer(block.bytesMax), "max_gas": integer(block.gasMax)]))
        }
        if let evidence = updates.evidence {
            members.append(
                (
                    "evidence",
                    [
                        "max_age_num_blocks": integer(evidence.ageBlocksMax),
                        "max_age_duration": integer(evidence.ageNanosecondsMax),
                        "max_bytes": integer(evidence.bytesMax),
                    ]
                ))
        }
        if let types = updates.publicKeyTypes {
            members.append(("validator", ["pub_key_types": .array(types.map { .string($0) })]))
        }
        if let version = updates.appVersion { members.append(("version", ["app": integer(version)])) }
        if let height = updates.voteExtensionsHeight {
            members.append(("abci", ["vote_extensions_enable_height": integer(height)]))
        }
        return .object(members)
    }

    /// What a node says to peers of itself (`DefaultNodeInfo`). Where nobody can connect the address has no port.
    package static func nodeInfo(_ node: NodeDescription, network: String, appVersion: UInt64) -> JSONValue {
        nodeInfo(
            id: node.nodeID, listenAddress: node.listenAddress.isEmpty ? "tcp://127.0.0.1:0" : node.listenAddress,
            network: network, version: node.consensusVersion, channels: node.channels, moniker: node.moniker,
            indexes: "on", rpcAddress: node.rpcAddress, protocols: (8, Header.blockProtocol, appVersion))
    }

    package static func nodeInfo(
        id: String, listenAddress: String, network: String, version: String, channels: [UInt8], moniker: String,
        indexes: String, rpcAddress: String, protocols: (peer: UInt64, block: UInt64, app: UInt64)
    ) -> JSONValue {
        [
            "protocol_version": [
                "p2p": integer(protocols.peer), "block": integer(protocols.block), "app": integer(protocols.app),
            ],
            "id": .string(id), "listen_addr": .string(listenAddress), "network": .string(network),
            "version": .string(version), "channels": hexadecimal(channels), "moniker": .string(moniker),
            "other": ["tx_index": .string(indexes), "rpc_address": .string(rpcAddress)],
        ]
    }

    /// What waits for a block. Without the transactions where only their number was asked for.
    package static func waiting(_ transactions: [[UInt8]]?, total: (count: Int, bytes: Int)) -> JSONValue {
        [
            "n_txs": integer(transactions?.count ?? total.count), "total": integer(total.count),
            "total_bytes": integer(total.bytes),
            "txs": transactions.map { .array($0.map { .string(Base64.encode($0)) }) } ?? .null,
        ]
    }
}
