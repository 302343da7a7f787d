import ChainFormats
import ChainInterface
import DecidedBlocks
import Logging
import PublicCryptography
import StrictJSON
import Wire

/// CometBFT's RPC, as far as light clients, nodes that begin with a state, and clients of the chain ask it: JSON-RPC
/// over POST, and its methods as paths over GET. No subscriptions.
///
/// What it says of decided blocks proves itself, so that whoever asks needs to believe nothing; all else is what REST
/// answers.
package struct RPCDoor: Sendable {
    private let chain: any ChainAccess
    private let blocks: any DecidedChain
    private let router: QueryRouter
    private let evidence: EvidenceIntake?
    private let logger: Logger

    /// Takes evidence in CometBFT's JSON, or says why not; gives what it is told apart by.
    package typealias EvidenceIntake = @Sendable (JSONValue) async throws(EvidenceRefused) -> Hash32

    /// Why evidence is not taken, for who handed it in.
    package struct EvidenceRefused: Error {
        package var reason: String
        package init(_ reason: String) { self.reason = reason }
    }

    package init(
        _ chain: any ChainAccess, blocks: any DecidedChain, router: QueryRouter, evidence: EvidenceIntake? = nil,
        logger: Logger
    ) {
        (self.chain, self.blocks, self.router, self.evidence) = (chain, blocks, router, evidence)
        self.logger = logger
    }

    package func respond(to request: RESTRequest) async -> RESTResponse {
        var id = JSONValue.number(-1)
        var name: String?
        do throws(RPCFault) {
            let call = try RPCCall(request, id: &id)
            name = RPCDoor.methods[call.method] == nil ? nil : "rpc/" + call.method
            let result = try await answer(call)
            return Self.response(["jsonrpc": "2.0", "id": id, "result": result], status: 200, method: name)
        } catch {
            let json: JSONValue = [
                "jsonrpc": "2.0", "id": id,
                "error": [
                    "code": .number(Int64(error.code)), "message": .string(error.message), "data": .string(error.data),
                ],
            ]
            return Self.response(json, status: request.verb == "POST" ? 200 : 500, method: name)
        }
    }

    private static func response(_ json: JSONValue, status: Int, method: String?) -> RESTResponse {
        RESTResponse(method: method, status: status, height: nil, body: JSONWriter.bytes(of: json))
    }

    private typealias Method = @Sendable (RPCDoor, RPCCall) async throws -> JSONValue

    private static let methods: [String: Method] = [
        "health": { _, _ in .object([]) },
        "status": { door, _ in try door.status() },
        "header": { door, call in
            let (height, _) = try door.height(call)
            guard let header = try door.blocks.decidedHeader(at: height) else { throw RPCFault.notHere(height) }
            return ["header": RPCForm.header(header)]
        },
        "block": { door, call in
            let (height, _) = try door.height(call)
            guard let found = try door.blocks.decidedBlock(at: height) else { throw RPCFault.notHere(height) }
            let block = try Block.received(found.protobuf).block
            return ["block_id": RPCForm.blockID(found.id), "block": RPCForm.block(block)]
        },
        "blockchain": { door, _ in
            guard let heights = try door.blocks.decidedHeights() else { throw RPCFault.failed("there is no block yet") }
            return ["last_height": .string("\(heights.upperBound)"), "block_metas": .array([])]
        },
        "commit": { door, call in
            let (height, _) = try door.height(call)
            guard let header = try door.blocks.decidedHeader(at: height), let found = try door.blocks.commit(of: height)
            else { throw RPCFault.notHere(height) }
            return [
                "signed_header": ["header": RPCForm.header(header), "commit": RPCForm.commit(found.commit)],
                "canonical": .bool(found.isCanonical),
            ]
        },
        "validators": { door, call in try door.validators(call) },
        "consensus_params": { door, call in
            let (height, _) = try door.height(call)
            guard let parameters = try door.blocks.parameters(of: height) else { throw RPCFault.notHere(height) }
            return [
                "block_height": .string("\(height)"),
                "consensus_params": RPCForm.parameters(
                    parameters, appVersion: try door.blocks.decidedHeader(at: height)?.appVersion ?? 0),
            ]
        },
        "abci_info": { door, _ in
            let height = door.chain.announcedHeight
            let next = try door.blocks.decidedHeader(at: height + 1)
            return [
                "response": [
                    "data": .string(door.chain.node.applicationName),
                    "version": .string(door.chain.node.applicationVersion), "last_block_height": .string("\(height)"),
                    "last_block_app_hash": .string(Base64.encode(next?.appHash ?? [])),
                ]
            ]
        },
        "abci_query": { door, call in
            let answer = await door.router.query(
                path: try call.text("path") ?? "", data: try call.bytes("data", inJSON: .hexadecimal) ?? [],
                height: try call.integer("height") ?? 0, proves: try call.flag("prove") ?? false)
            return ["response": RPCForm.answer(answer)]
        },
        "broadcast_tx_sync": { door, call in try await door.broadcast(call, waits: true) },
        "broadcast_tx_async": { door, call in try await door.broadcast(call, waits: false) },
        "broadcast_evidence": { door, call in
            guard let evidence = try call.json("evidence") else { throw RPCFault.invalid("no evidence was provided") }
            guard let intake = door.evidence else { throw RPCFault.failed("another engine decides here: ask its RPC") }
            do throws(EvidenceRefused) {
                return ["hash": RPCForm.hexadecimal(try await intake(evidence).bytes)]
            } catch {
                throw RPCFault.failed("failed to add evidence: \(error.reason)")
            }
        },
    ]

    private func answer(_ call: RPCCall) async throws(RPCFault) -> JSONValue {
        guard let method = Self.methods[call.method] else { throw .unknownMethod }
        do {
            return try await method(self, call)
        } catch let fault as RPCFault {
            throw fault
        } catch let refusal as ChainRefusal {
            throw .failed(refusal.status.message)
        } catch let error as StatusError {
            throw .failed(error.message)
        } catch {
            logger.error("an RPC request failed", metadata: ["method": "\(call.method)", "error": "\(error)"])
            throw .failed("internal error")
        }
    }

    // MARK: - Heights

    /// The height that is asked for, of those that are here; the last one where none is. In CometBFT's words, which
    /// its light client reads.
    private func height(_ call: RPCCall, ahead: Int64 = 0) throws -> (height: Int64, last: Int64) {
        guard let heights = try blocks.decidedHeights() else {
            throw RPCFault.failed("height must be less than or equal to the current blockchain height 0")
        }
        guard let height = try call.integer("height") else { return (heights.upperBound, heights.upperBound) }
        guard height > 0 else { throw RPCFault.failed("height must be greater than 0, but got \(height)") }
        guard height <= heights.upperBound + ahead else {
            throw RPCFault.failed(
                "height \(height) must be less than or equal to the current blockchain height \(heights.upperBound)")
        }
        return (height, heights.upperBound)
    }

    private static let pageMax: Int64 = 100

    private func validators(_ call: RPCCall) throws -> JSONValue {
        let (height, _) = try height(call, ahead: 1)
        guard let set = try blocks.validatorSet(of: height) else { throw RPCFault.notHere(height) }
        let size = min(max(try call.integer("per_page") ?? 30, 1), Self.pageMax)
        let page = try call.integer("page") ?? 1
        let pages = (Int64(set.count) - 1) / size + 1
        guard (1...pages).contains(page) else {
            throw RPCFault.failed("page should be within [1, \(pages)] range, given \(page)")
        }
        let shown = set.validators.dropFirst(Int((page - 1) * size)).prefix(Int(size))
        return [
            "block_height": .string("\(height)"), "validators": .array(shown.map(RPCForm.validator)),
            "count": .string("\(shown.count)"), "total": .string("\(set.count)"),
        ]
    }

    // MARK: - The node

    private func status() throws -> JSONValue {
        let node = chain.node
        var place: [(String, JSONValue)] = []
        for (name, height) in [
            ("latest", try blocks.decidedHeights()?.upperBound), ("earliest", try blocks.decidedHeights()?.lowerBound),
        ] {
            let header = try height.flatMap { try blocks.decidedHeader(at: $0) }
            place += [
                ("\(name)_block_hash", RPCForm.hexadecimal(header?.hash().bytes ?? [])),
                ("\(name)_app_hash", RPCForm.hexadecimal(header?.appHash ?? [])),
                ("\(name)_block_height", .string("\(height ?? 0)")),
                ("\(name)_block_time", .string("\(header?.time ?? .goZero)")),
            ]
        }
        place.append(("catching_up", .bool(chain.isSyncing)))
        return [
            "node_info": [
                "protocol_version": ["p2p": "8", "block": .string("\(Header.blockProtocol)"), "app": "0"],
                "id": .string(node.nodeID), "listen_addr": .string(node.listenAddress),
                "network": .string(chain.chainID), "version": .string(node.consensusVersion), "channels": "",
                "moniker": .string(node.moniker),
                "other": ["tx_index": "on", "rpc_address": .string(node.rpcAddress)],
            ],
            "sync_info": .object(place),
            // Who holds the validator's key does not tell it here.
            "validator_info": ["address": "", "pub_key": .null, "voting_power": "0"],
        ]
    }

    private func broadcast(_ call: RPCCall, waits: Bool) async throws -> JSONValue {
        guard let transaction = try call.bytes("tx", inJSON: .base64), !transaction.isEmpty else {
            throw RPCFault.invalid("tx must be given")
        }
        let outcome = try await chain.broadcast(transaction, waitsForCheck: waits)
        return [
            "code": .number(Int64(outcome.code)), "data": "", "log": .string(outcome.log),
            "codespace": .string(outcome.codespace), "hash": RPCForm.hexadecimal(outcome.hash.bytes),
        ]
    }
}

/// Why a call has no result, as JSON-RPC 2.0 numbers it.
struct RPCFault: Error, Equatable {
    var code: Int
    var message: String
    var data: String

    static let unknownMethod = RPCFault(code: -32601, message: "Method not found", data: "")
    static func invalid(_ text: String) -> RPCFault { RPCFault(code: -32602, message: "Invalid params", data: text) }
    static func malformed(_ text: String) -> RPCFault { RPCFault(code: -32600, message: "Invalid Request", data: text) }
    static func failed(_ text: String) -> RPCFault { RPCFault(code: -32603, message: "Internal error", data: text) }
    /// CometBFT's words.
    static func notHere(_ height: Int64) -> RPCFault { failed("height \(height) is not available") }
}
