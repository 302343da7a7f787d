import BlockStorage
import CSodium
import ChainFormats
import DecidedBlocks
import EmbeddedEngine
import PublicCryptography
import ValidatorSigning

/// What a node keeps over restarts, but for what its signer did.
struct SimulatedDisk {
    var blocks = SimulatedDatabase()
    var log = SimulatedLogFile()
    /// What the application committed last.
    var application = SimulatedApplication.Committed()

    /// A picture of it as it is.
    func copy() -> SimulatedDisk {
        SimulatedDisk(blocks: blocks.copy(), log: log.copy(), application: application)
    }
}

/// The block store's records. A write that throws leaves nothing; one that returned is durable.
final class SimulatedDatabase: BlockDatabase, @unchecked Sendable {
    // One thread has it. Nobody walks over it: it is asked by key.
    private var records: [[UInt8]: [UInt8]] = [:]

    func copy() -> SimulatedDatabase {
        let copy = SimulatedDatabase()
        copy.records = records
        return copy
    }

    func get(_ key: [UInt8]) throws -> [UInt8]? { records[key] }
    func byteCount(_ key: [UInt8]) throws -> Int? { records[key]?.count }

    func write(_ body: (any BlockWriter) throws -> Void) throws {
        let writer = Writer(records)
        try body(writer)
        for (key, value) in writer.changes { records[key] = value }
    }

    private final class Writer: BlockWriter {
        private let records: [[UInt8]: [UInt8]]
        /// In their order; `nil` removes.
        private(set) var changes: [(key: [UInt8], value: [UInt8]?)] = []

        init(_ records: [[UInt8]: [UInt8]]) { self.records = records }

        func get(_ key: [UInt8]) throws -> [UInt8]? {
            changes.last { $0.key == key }.map(\.value) ?? records[key]
        }
        func put(_ key: [UInt8], _ value: [UInt8]) throws { changes.append((key, value)) }
        func remove(_ key: [UInt8]) throws { changes.append((key, nil)) }
    }
}

/// The log's file. What was appended is durable, unless the machine lost its power while it was written.
final class SimulatedLogFile: LogFile {
    private var bytes: [UInt8] = []
    /// Of the next bytes only this part, of a hundred, arrives; then the node is gone.
    var tearsAt: Int?

    func copy() -> SimulatedLogFile {
        let copy = SimulatedLogFile()
        copy.bytes = bytes
        return copy
    }

    var isEmpty: Bool { bytes.isEmpty }
    var count: Int { bytes.count }

    func read() throws -> [UInt8] { bytes }

    func append(_ new: [UInt8]) throws {
        guard let percent = tearsAt else {
            bytes += new
            return
        }
        tearsAt = nil
        bytes += new.prefix(new.count * percent / 100)
        throw NodeCrashed()
    }

    func replace(with new: [UInt8]) throws { bytes = new }
    func keep(corrupted: [UInt8]) throws {}

    /// One bit is not what was written.
    func rot(at place: Int) { bytes[place] ^= 1 << (place % 8) }
}

/// A validator's key, which signs whatever a hostile validator likes.
final class SimulatedKey {
    let publicKey: [UInt8]
    let secretKey: [UInt8]
    let address: ValidatorAddress

    init(seed: UInt64, index: Int) {
        precondition(sodium_init() >= 0)
        var publicKey = [UInt8](repeating: 0, count: 32)
        var secretKey = [UInt8](repeating: 0, count: 64)
        let name = SHA256.hash(Array("simulated validator \(seed) \(index)".utf8)).bytes
        crypto_sign_seed_keypair(&publicKey, &secretKey, name)
        (self.publicKey, self.secretKey) = (publicKey, secretKey)
        address = ValidatorAddress(publicKey: publicKey)
    }

    func signature(of message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey)
        return signature
    }
}

/// The engine's signer, seen by the monitor.
final class SimulatedSigner: VoteSigner {
    private let signer: any VoteSigner
    private unowned let node: SimulatedNode

    /// `signer` is the one that the world has.
    init(_ node: SimulatedNode, _ signer: (any VoteSigner)? = nil) throws {
        self.node = node
        self.signer =
            try signer
            ?? ValidatorSigner(publicKey: node.key.publicKey, secretKey: node.key.secretKey, state: node.signed) {
                [unowned node] in node.signed = $0
            }
    }

    var publicKey: [UInt8] { signer.publicKey }
    var address: ValidatorAddress { signer.address }
    var lastSigned: (height: Int64, round: Int32) { signer.lastSigned }
    func lastVote(chainID: String) -> Vote? {
        node.defect == .forgottenVote ? nil : signer.lastVote(chainID: chainID)
    }

    func sign(_ vote: inout Vote, chainID: String) throws {
        try signer.sign(&vote, chainID: chainID)
        node.simulation.monitor.signed(vote, by: node)
    }

    func sign(_ proposal: inout Proposal, chainID: String) throws { try signer.sign(&proposal, chainID: chainID) }
}
