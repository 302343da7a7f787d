/// A client of a Cloister or Secret Network node's REST interface: reads the chain, signs and sends transactions, and
/// does the encryption of contract calls for its user.
///
/// It trusts the node as far as a light wallet does: amounts and states are the node's word, while what a contract is
/// asked and answers is sealed under a key that the node does not have. Whose key that is, `NetworkTrust` makes sure.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import PublicCryptography
import SignedTransactions
import StrictJSON

/// What went wrong on the way to or from the chain, in words for a person and a code for a program.
package struct ClientError: Error, CustomStringConvertible, Sendable {
    package enum Code: Sendable {
        case unreachable, refused, notFound, transactionFailed, invalidInput, badAnswer, timedOut
        /// The key that a node gives out is not proved to be the enclave's, or is not the one that is known.
        case evidenceRefused, keyChanged
        /// An answer is of an older state than the user was shown before, or wants.
        case stale
    }

    package var code: Code
    package var description: String
    /// Lines of our own below it; the description itself may quote others, so that it is one line when it is shown.
    package var details: [String]

    package init(_ code: Code, _ description: String, details: [String] = []) {
        self.code = code
        self.description = description
        self.details = details
    }
}

/// A node's REST interface.
package struct ChainClient: Sendable {
    private static let answerBytesMax = 16 * 1024 * 1024

    /// Lives as long as the process. A node that refuses the connection is told at once, not tried until the time is
    /// up.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Of who may ask no node: whatever is asked is an error that says so.
    package static let none = ChainClient(node: "")

    package let node: String
    private let timeout: TimeAmount

    package init(node: String, timeoutSeconds: Int64 = 30) {
        var node = node[...]
        while node.hasSuffix("/") { node = node.dropLast() }
        self.node = String(node)
        timeout = .seconds(timeoutSeconds)
    }

    // MARK: - HTTP

    package func get(_ path: String) async throws -> JSONValue {
        try await send(HTTPClientRequest(url: node + path))
    }

    /// With what the enclave says of its answer or of its refusal, if the node passes anything on.
    func getStamped(_ path: String) async throws -> (answer: Result<JSONValue, ClientError>, stamp: [UInt8]?) {
        let (answer, headers) = try await exchange(HTTPClientRequest(url: node + path))
        return (answer, headers.first(name: "X-Cloister-Answer-Stamp").flatMap { Base64.decode($0) })
    }

    package func post(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        var request = HTTPClientRequest(url: node + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: JSONWriter.bytes(of: body)))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws -> JSONValue {
        try await exchange(request).answer.get()
    }

    private func exchange(
        _ request: HTTPClientRequest
    ) async throws -> (answer: Result<JSONValue, ClientError>, headers: HTTPHeaders) {
        guard !node.isEmpty else {
            throw ClientError(.invalidInput, "this needs to ask a node, which --offline forbids")
        }
        let response: HTTPClientResponse
        let bytes: [UInt8]
        do {
            response = try await Self.http.execute(request, timeout: timeout)
            bytes = Array(buffer: try await response.body.collect(upTo: Self.answerBytesMax))
        } catch {
            throw ClientError(.unreachable, "no answer from \(node): \(error)")
        }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: Self.answerBytesMax)) else {
            throw ClientError(.badAnswer, "\(node) answered \(response.status.code) with something that is not JSON")
        }
        guard (200..<300).contains(Int(response.status.code)) else {
            let message = json["message"]?.string ?? JSONWriter.text(of: json)
            return (
                .failure(ClientError(response.status.code == 404 ? .notFound : .refused, message)), response.headers
            )
        }
        return (.success(json), response.headers)
    }

    // MARK: - The chain

    package struct Account: Sendable {
        package var number: UInt64
        package var sequence: UInt64

        package init(number: UInt64, sequence: UInt64) { (self.number, self.sequence) = (number, sequence) }
    }

    package func chainID() async throws -> String {
        let info = try await get("/cosmos/base/tendermint/v1beta1/node_info")
        return try text(info["default_node_info"]?["network"], "chain id")
    }

    package func account(_ address: AccountAddress) async throws -> Account {
        let account = try await get("/cosmos/auth/v1beta1/accounts/\(address)")["account"]
        let base = account?["base_account"] ?? account
        guard let number = Self.number(base?["account_number"]), let sequence = Self.number(base?["sequence"]) else {
            throw ClientError(.badAnswer, "the node's account record of \(address) has no number or sequence")
        }
        return Account(number: number, sequence: sequence)
    }

    /// The network's public key, to which messages of contracts are encrypted: the node's word (see `NetworkTrust`).
    package func ioPublicKey() async throws -> [UInt8] {
        let key = try text(try await get("/registration/v1beta1/tx-key")["key"], "tx-key")
        guard let bytes = Base64.decode(key), bytes.count == 32 else {
            throw ClientError(.badAnswer, "the node's tx-key is not 32 bytes")
        }
        return bytes
    }

    package func codeHash(ofCode codeID: UInt64) async throws -> String {
        try text(try await get("/compute/v1beta1/code_hash/by_code_id/\(codeID)")["code_hash"], "code hash")
    }

    package func codeHashBytes(ofCode codeID: UInt64) async throws -> [UInt8] {
        let text = try await codeHash(ofCode: codeID)
        guard let hash = Hexadecimal.decode(text), hash.count == 32 else {
            throw ClientError(.badAnswer, "not a code hash: \(text)")
        }
        return hash
    }

    package func codeHash(ofContract contract: AccountAddress) async throws -> String {
        try text(try await get("/compute/v1beta1/code_hash/by_contract_address/\(contract)")["code_hash"], "code hash")
    }

    // MARK: - Transactions

    package struct Broadcast: Sendable {
        package var hash: String
        package var code: UInt64
        package var log: String
        /// What most likely went wrong, if it was not taken.
        package var hint: String?
    }

    package func broadcast(_ transaction: [UInt8]) async throws -> Broadcast {
        let answer = try await post(
            "/cosmos/tx/v1beta1/txs",
            ["tx_bytes": .string(Base64.encode(transaction)), "mode": "BROADCAST_MODE_SYNC"].object)
        guard let response = answer["tx_response"], let code = Self.number(response["code"]) else {
            throw ClientError(.badAnswer, "the node did not say what became of the transaction")
        }
        return Broadcast(
            hash: try text(response["txhash"], "txhash"), code: code, log: response["raw_log"]?.string ?? "",
            hint: code == 0 ? nil : Mistakes.hint(response))
    }

    /// The transaction's answer once it is in a block, as the node tells it (`tx` and `tx_response`).
    package func waitForTransaction(_ hash: String, timeoutSeconds: Double = 60) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
        while true {
            do {
                return try await get("/cosmos/tx/v1beta1/txs/\(hash)")
            } catch let error as ClientError where error.code == .notFound {
                guard ContinuousClock.now < deadline else {
                    throw ClientError(
                        .timedOut, "transaction \(hash) was not in a block within \(Int(timeoutSeconds)) s")
                }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func text(_ value: JSONValue?, _ what: String) throws -> String {
        guard let text = value?.string else { throw ClientError(.badAnswer, "the node's answer has no \(what)") }
        return text
    }

    private static func number(_ value: JSONValue?) -> UInt64? {
        value?.uint64 ?? value?.string.flatMap { UInt64($0) }
    }
}

extension Dictionary where Key == String, Value == JSONValue {
    /// A JSON object with its members in the order of their names.
    package var object: JSONValue { .object(sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }
}
