import ChainInterface
import ClientRequests
import DecidedBlocks
import Logging
import PublicCryptography
import StrictJSON
import Synchronization

/// CometBFT's RPC: JSON-RPC over POST, one request or a batch, and its methods as paths over GET.
///
/// What it says of decided blocks proves itself, so that whoever asks needs to believe nothing. What transactions came
/// to, and state, it tells of announced heights alone, as REST does. Peers, the round and the mempool are the engine's
/// to tell (`EngineQuestion`).
package struct RPCDoor: Sendable {
    let chain: any ChainAccess
    let blocks: any DecidedChain
    let router: QueryRouter
    let heights: AnnouncedHeights
    let engine: EngineAnswers?
    let evidence: EvidenceIntake?
    let genesis: GenesisText
    let commitWaits = CommitWaits()
    private let logger: Logger

    /// Takes evidence in CometBFT's JSON, or says why not; gives what it is told apart by.
    package typealias EvidenceIntake = @Sendable (JSONValue) async throws(EvidenceRefused) -> Hash32

    /// Why evidence is not taken, for who handed it in.
    package struct EvidenceRefused: Error {
        package var reason: String
        package init(_ reason: String) { self.reason = reason }
    }

    /// What the engine alone knows.
    package enum EngineQuestion: Equatable, Sendable {
        case networkInfo
        case consensusState
        /// With the rounds of peers.
        case consensusDump
        /// The oldest so many of the transactions that wait.
        case waiting(limit: Int)
        case waitingCount
    }

    /// What the engine cannot say yet.
    package static let notReady: any Error = RPCFault.failed("the engine has not begun yet")
    package static func refused(byEngine words: String) -> any Error { RPCFault.failed(words) }

    /// Answers in CometBFT's JSON. Throws `RPCFault`, or what is an internal error.
    package typealias EngineAnswers = @Sendable (EngineQuestion) async throws -> JSONValue

    /// `heights` runs beside the door; `engine` and `evidence` are `nil` where nobody answers for the engine.
    package init(
        _ chain: any ChainAccess, blocks: any DecidedChain, router: QueryRouter, heights: AnnouncedHeights,
        engine: EngineAnswers? = nil, evidence: EvidenceIntake? = nil, logger: Logger
    ) {
        (self.chain, self.blocks, self.router, self.heights) = (chain, blocks, router, heights)
        (self.engine, self.evidence, self.logger) = (engine, evidence, logger)
        genesis = GenesisText(chain.genesis)
    }

    /// What all answers of a batch have together; what comes behind is refused.
    private static let batchBytesMax = 32 << 20

    static let jsonLimits = JSONLimits(
        bytesMax: APILimits.bodyBytesMax, valuesMax: APILimits.bodyValuesMax, repeatedNames: .lastCounts)
}

// MARK: - HTTP

extension RPCDoor {
    package func respond(to request: RESTRequest) async -> RESTResponse {
        let target: RequestTarget
        do throws(StatusError) { target = try RequestTarget(request.target) } catch {
            return Self.answer([Self.response(.failure(.malformed(error.message)), id: nil)], status: 400, method: nil)
        }
        guard let name = target.segments.first else { return await respond(toBody: request) }
        guard target.segments.count == 1, let method = Self.methods[name] else {
            // The words of Go's server, for everything that is no path of it.
            return RESTResponse(
                status: 404, height: nil, body: Array("404 page not found\n".utf8),
                contentType: "text/plain; charset=utf-8")
        }
        guard !method.isForSockets else {
            return Self.answer(
                [Self.response(.failure(.unknownMethod), id: .ofPath)], status: 404, method: "rpc/" + name)
        }
        let parameters = target.parameters.map { RPCRequest.Parameters.Named($0.name, .string($0.value)) }
        let result = await result(
            of: RPCRequest(id: .ofPath, method: name, parameters: .path(parameters)), client: request.client)
        var status = 200
        if case .failure = result { status = 500 }
        return Self.answer([Self.response(result, id: .ofPath)], status: status, method: "rpc/" + name)
    }

    private func respond(toBody request: RESTRequest) async -> RESTResponse {
        guard !request.body.isEmpty else { return Self.listOfMethods }
        let requests: [RPCRequest]
        do throws(RPCFault) { requests = try RPCRequest.read(request.body, limits: Self.jsonLimits) } catch {
            return Self.answer([Self.response(.failure(error), id: nil)], status: 500, method: nil)
        }
        var answers: [[UInt8]] = []
        var byteCount = 0
        for asked in requests {
            let result: Result<JSONValue, RPCFault> =
                byteCount < Self.batchBytesMax
                ? await self.result(of: asked, client: request.client)
                : .failure(.failed("the answers of this batch are longer than \(Self.batchBytesMax) bytes"))
            answers.append(Self.response(result, id: asked.id))
            byteCount += answers[answers.count - 1].count
        }
        let first = requests.first.flatMap { Self.methods[$0.method] == nil ? nil : "rpc/" + $0.method }
        return Self.answer(answers, status: 200, method: requests.count > 1 ? "rpc/batch" : first)
    }

    /// What one request comes to.
    func result(of request: RPCRequest, client: String) async -> Result<JSONValue, RPCFault> {
        do {
            guard let method = Self.methods[request.method], !method.isForSockets else { throw RPCFault.unknownMethod }
            return .success(try await method.run(self, try RPCCall(request, names: method.names), client))
        } catch let fault as RPCFault {
            return .failure(fault)
        } catch let refusal as ChainRefusal {
            return .failure(.failed(refusal.status.message))
        } catch let error as StatusError {
            return .failure(.failed(error.message))
        } catch {
            // The text may speak of our own files and states, so it goes to the log alone.
            logger.error("an RPC request failed", metadata: ["method": "\(request.method)", "error": "\(error)"])
            return .failure(.failed("internal error"))
        }
    }

    /// One answer. Who sent no id that could be read gets none.
    static func response(_ result: Result<JSONValue, RPCFault>, id: RPCID?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("jsonrpc", "2.0")
        if let id { writer.member("id", id.json) }
        switch result {
        case .success(let value): writer.member("result", value)
        case .failure(let fault):
            writer.name("error")
            writer.beginObject()
            writer.member("code", fault.code)
            writer.member("message", fault.message)
            if !fault.data.isEmpty { writer.member("data", fault.data) }
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }

    /// CometBFT gives a list only where there are several, whatever was asked; and nothing where nothing is.
    private static func answer(_ answers: [[UInt8]], status: Int, method: String?) -> RESTResponse {
        var body: [UInt8] = []
        if answers.count == 1 {
            body = answers[0]
        } else if !answers.isEmpty {
            body = [UInt8(ascii: "[")]
            for (index, answer) in answers.enumerated() {
                if index > 0 { body.append(UInt8(ascii: ",")) }
                body += answer
            }
            body.append(UInt8(ascii: "]"))
        }
        return RESTResponse(method: method, status: status, height: nil, body: body)
    }

    /// For people who look with a browser.
    private static let listOfMethods: RESTResponse = {
        let lines = methods.keys.sorted().map { name in
            let method = methods[name]!
            let parameters = method.names.map { $0 + "=_" }.joined(separator: "&")
            let path = name + (parameters.isEmpty ? "" : "?" + parameters)
            return method.isForSockets
                ? "<li>\(name) (over /websocket)</li>" : "<li><a href=\"/\(path)\">\(path)</a></li>"
        }
        let text =
            "<!DOCTYPE html><html><head><title>RPC</title></head><body><ul>\(lines.joined())</ul></body></html>\n"
        return RESTResponse(status: 200, height: nil, body: Array(text.utf8), contentType: "text/html; charset=utf-8")
    }()
}

// MARK: - Methods

/// A method of the RPC.
struct RPCMethod: Sendable {
    typealias Run = @Sendable (RPCDoor, RPCCall, _ client: String) async throws -> JSONValue

    /// Its parameters, in the order in which a list has them.
    var names: [String]
    /// Whether it speaks of a connection, and so is none of HTTP's.
    var isForSockets = false
    var run: Run

    init(_ names: String..., run: @escaping Run) { (self.names, self.run) = (names, run) }

    /// One whose work is done where the connection is.
    static func ofSockets(_ names: String...) -> RPCMethod {
        var method = RPCMethod { _, _, _ in throw RPCFault.unknownMethod }
        (method.names, method.isForSockets) = (names, true)
        return method
    }
}

extension RPCDoor {
    static let methods: [String: RPCMethod] = nodeMethods.merging(blockMethods) { first, _ in first }
        .merging(transactionMethods) { first, _ in first }.merging(socketMethods) { first, _ in first }

    private static let socketMethods: [String: RPCMethod] = [
        "subscribe": .ofSockets("query"), "unsubscribe": .ofSockets("query"), "unsubscribe_all": .ofSockets(),
    ]

    private static let nodeMethods: [String: RPCMethod] = [
        "health": RPCMethod { _, _, _ in .object([]) },
        "status": RPCMethod { door, _, _ in try door.status() },
        "net_info": RPCMethod { door, _, _ in try await door.ask(.networkInfo) },
        "genesis": RPCMethod { door, _, _ in ["genesis": try door.genesis.whole()] },
        "genesis_chunked": RPCMethod("chunk") { door, call, _ in
            try door.genesis.chunk(try call.integer("chunk") ?? 0)
        },
        "consensus_state": RPCMethod { door, _, _ in try await door.ask(.consensusState) },
        "dump_consensus_state": RPCMethod { door, _, _ in try await door.ask(.consensusDump) },
        "abci_info": RPCMethod { door, _, _ in try door.applicationInfo() },
        "abci_query": RPCMethod("path", "data", "height", "prove") { door, call, client in
            let answer = await door.router.query(
                path: try call.text("path") ?? "", data: try call.bytes("data", inJSON: .hexadecimal) ?? [],
                height: try call.integer("height") ?? 0, proves: try call.flag("prove") ?? false, client: client)
            return ["response": RPCForm.answer(answer)]
        },
        "broadcast_evidence": RPCMethod("evidence") { door, call, _ in
            guard let evidence = try call.json("evidence", limits: RPCDoor.jsonLimits) else {
                throw RPCFault.failed("no evidence was provided")
            }
            guard let intake = door.evidence else { throw RPCFault.failed("this node takes no evidence") }
            do throws(EvidenceRefused) {
                return ["hash": .string(Base64.encode(try await intake(evidence).bytes))]
            } catch {
                throw RPCFault.failed("failed to add evidence: \(error.reason)")
            }
        },
    ]

    func ask(_ question: EngineQuestion) async throws -> JSONValue {
        guard let engine else { throw RPCFault.failed("this node does not speak for its engine") }
        return try await engine(question)
    }

    private func applicationInfo() throws -> JSONValue {
        let height = chain.announcedHeight
        let next = try blocks.decidedHeader(at: height + 1)
        var members: [(String, JSONValue)] = [
            ("data", .string(chain.node.applicationName)), ("version", .string(chain.node.applicationVersion)),
        ]
        if let version = next?.appVersion, version != 0 { members.append(("app_version", .string("\(version)"))) }
        members += [
            ("last_block_height", .string("\(height)")),
            ("last_block_app_hash", .string(Base64.encode(next?.appHash ?? []))),
        ]
        return ["response": .object(members)]
    }

    private func status() throws -> JSONValue {
        let node = chain.node
        let heights = try blocks.decidedHeights()
        var place: [(String, JSONValue)] = []
        for (name, height) in [("latest", heights?.upperBound), ("earliest", heights?.lowerBound)] {
            let header = try height.flatMap { try blocks.decidedHeader(at: $0) }
            place += [
                ("\(name)_block_hash", RPCForm.hexadecimal(header?.hash().bytes ?? [])),
                ("\(name)_app_hash", RPCForm.hexadecimal(header?.appHash ?? [])),
                ("\(name)_block_height", .string("\(height ?? 0)")),
                // Go's moment zero is that of Unix here.
                ("\(name)_block_time", .string(header.map { "\($0.time)" } ?? "1970-01-01T00:00:00Z")),
            ]
        }
        place.append(("catching_up", .bool(chain.isSyncing)))
        let last = heights?.upperBound ?? 0
        let key = node.validatorKey
        let address = key.isEmpty ? nil : ValidatorAddress(publicKey: key)
        let member = try blocks.validatorSet(of: last + 1)?.validators.first { $0.address == address }
        return [
            "node_info": RPCForm.nodeInfo(node, network: chain.chainID, appVersion: try appVersion(last)),
            "sync_info": .object(place),
            "validator_info": [
                "address": RPCForm.hexadecimal(address?.bytes ?? []),
                "pub_key": key.isEmpty ? .null : RPCForm.publicKey(key),
                "voting_power": .string("\(member?.power ?? 0)"),
            ],
        ]
    }

    func appVersion(_ height: Int64) throws -> UInt64 {
        try blocks.decidedHeader(at: height)?.appVersion ?? chain.genesis.appVersion
    }
}

/// The genesis document as JSON, written once it is asked for.
final class GenesisText: Sendable {
    /// CometBFT cuts there, and gives no document whole that is longer.
    private static let chunkBytes = 16 << 20

    private let document: GenesisDocument
    private let written = Mutex<[UInt8]?>(nil)

    init(_ document: GenesisDocument) { self.document = document }

    private var bytes: [UInt8] {
        written.withLock { written in
            if let written { return written }
            let bytes = document.jsonBytes
            written = bytes
            return bytes
        }
    }

    private var chunkCount: Int { max(1, (bytes.count + Self.chunkBytes - 1) / Self.chunkBytes) }

    func whole() throws(RPCFault) -> JSONValue {
        guard chunkCount == 1 else {
            throw .failed("genesis response is large, please use the genesis_chunked API instead")
        }
        return document.json
    }

    func chunk(_ number: Int64) throws(RPCFault) -> JSONValue {
        guard (0..<Int64(chunkCount)).contains(number) else {
            throw .failed("there are \(chunkCount - 1) chunks, \(number) is invalid")
        }
        let start = Int(number) * Self.chunkBytes
        return [
            "chunk": .string("\(number)"), "total": .string("\(chunkCount)"),
            "data": .string(Base64.encode(Array(bytes[start..<min(start + Self.chunkBytes, bytes.count)]))),
        ]
    }
}
