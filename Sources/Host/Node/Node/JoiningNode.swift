import Attestation
import ChainFormats
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging
import PublicCryptography
import Registration
import StrictJSON
import Synchronization
import Wire

/// A node's way into a network that exists: `init --join` writes down whom to ask, `register` has the chain wrap its
/// seeds for this node's enclave, and the next start opens them.
///
/// Whatever another node says is proved by the enclave, or is this operator's own choice: the genesis file.
package struct JoiningNode {
    let home: NodeHome
    let node: NodeAddress

    /// `nil` for a home whose network was made here.
    package init?(_ home: NodeHome) throws {
        guard let bytes = try DurableFile.read(home.joining) else { return nil }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 65_536)),
            let url = json["node"]?.string, let node = NodeAddress(url: url)
        else {
            throw NodeFault(
                "it does not say which node to ask", exit: .configuration, path: home.joining,
                remedy: "write {\"node\":\"http://HOST:PORT\"}")
        }
        self.init(home: home, node: node)
    }

    private init(home: NodeHome, node: NodeAddress) { (self.home, self.node) = (home, node) }

    /// What the seeds came as.
    var encryptedSeed: [UInt8]? { get throws { try DurableFile.read(home.encryptedSeed) } }

    // MARK: - init --join

    /// Makes the home of a node that will join the network of the node at `url`.
    ///
    /// - Parameters:
    ///   - file: the genesis file; what the other node serves unless given.
    ///   - hash: SHA-256 of it in hexadecimal, if the operator knows it.
    ///   - maker: the folder of a simulated platform under whose root this node's is made.
    package static func create(
        _ home: NodeHome, url: String, chainID: String?, genesisFile file: String?, hash: String?, maker: String? = nil,
        programs: ProgramFolder = ProgramFolder(), configuration: NodeConfiguration
    ) throws -> (chainID: String, genesisHash: String) {
        guard let node = NodeAddress(url: url) else {
            throw NodeFault(violations: ["--join \(url): must be http://HOST:PORT, a node's REST interface"])
        }
        let bytes: [UInt8]
        if let file {
            guard let read = try DurableFile.read(file) else { throw NodeFault("there is no such file", path: file) }
            bytes = read
        } else {
            guard let served = try node.get("/cloister/v1/genesis")["genesis"]?.string.flatMap({ Base64.decode($0) })
            else { throw NodeFault("\(node) serves no genesis file", exit: .failed) }
            bytes = served
        }
        let found = Hexadecimal.encode(SHA256.hash(bytes).bytes)
        guard hash == nil || hash?.lowercased() == found else {
            throw NodeFault(
                "the genesis file is not the expected one", exit: .data, cause: "its SHA-256 is \(found)",
                remedy: "ask who gave you the hash which of the two is wrong")
        }
        let genesis = try GenesisDocument(json: bytes).checked()
        guard genesis.hasNetworkKeys else {
            throw NodeFault(
                "this genesis file is from before the network was born: it lacks the network's keys", exit: .data,
                remedy: "take config/genesis.json of a node that has been started")
        }
        guard chainID == nil || chainID == genesis.chainID else {
            throw NodeFault(
                "the genesis file is of chain \(genesis.chainID), not \(chainID ?? "")", exit: .configuration)
        }
        // The marker first: without it, a home with a genesis would be one that makes a network of its own.
        for name in ["/config", "/data"] {
            try FileManager.default.createDirectory(
                atPath: home.folder + name, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        try DurableFile.replace(home.joining, with: JSONWriter.bytes(of: ["node": .string(node.description)]))
        if let maker { try home.makePlatform(under: maker, programs) }
        try home.prepare(chainID: genesis.chainID, configuration: configuration, programs: programs)
        try DurableFile.replace(home.genesis, with: bytes, mode: 0o644)
        return (genesis.chainID, found)
    }

    // MARK: - register

    /// Registers this node's enclave and waits until its seeds are here. May be ended at any point and called again:
    /// the registration key is the same each time, and what has been reached stands on the chain.
    package func register(
        _ configuration: NodeConfiguration, programs: ProgramFolder = ProgramFolder(), payment: RegistrationPayment,
        replaces: String?, patience: TimeInterval, logger: Logger, say: (String) -> Void
    ) throws {
        if try DurableFile.read(home.bootstrapRecord) != nil { return say("this node has the network's seeds already") }
        let lock = try HomeLock(home)
        defer { withExtendedLifetime(lock) {} }
        let genesis = try GenesisFile(home).document
        let key = try EnclaveRegistration(
            node: node, genesis: genesis, certificate: home.certificate, seed: home.encryptedSeed
        ).run(
            configuration.machine(in: home, chainID: genesis.chainID, programs: programs, logger: logger),
            configuration, payment: payment, replaces: replaces, patience: patience, say: say)
        say("the chain has wrapped its seeds for registration key \(key); start the node")
    }

    // MARK: - start

    /// Opens the network with the seeds that `register` brought.
    func open(
        _ enclave: any EnclaveBackend, _ identity: ChainIdentity, _ genesis: GenesisDocument
    ) throws -> OpenedEnclave {
        guard let seed = try encryptedSeed else {
            throw NodeFault(
                "this node has not been given its chain's seeds yet", exit: .configuration, path: home.encryptedSeed,
                remedy: "`cloister-node register` asks for them")
        }
        return try Self.join(enclave, identity, genesis, seed: seed, beginning: .genesis, home: home)
    }

    /// Opens seeds that the chain wrapped for this enclave.
    static func join(
        _ enclave: any EnclaveBackend, _ identity: ChainIdentity, _ genesis: GenesisDocument, seed: [UInt8],
        beginning: JoinBeginning, home: NodeHome
    ) throws -> OpenedEnclave {
        let register = genesis.appState["register"]
        guard let exchange = register?["node_exch_key"]?["bytes"]?.string.flatMap({ Base64.decode($0) }) else {
            throw NodeFault("the genesis file lacks the network's keys", exit: .data, path: home.genesis)
        }
        let evidence = register?["evidence"]?.string.flatMap { Base64.decode($0) } ?? []
        let quoted = register?["io_exch_key"]?["bytes"]?.string.flatMap { Base64.decode($0) } ?? []
        let opened = try enclave.withControl {
            try $0.join(
                JoinRequest(
                    identity: identity, seedExchangePublicKey: exchange, encryptedSeed: seed, beginning: beginning,
                    networkEvidence: evidence, quotedIoPublicKey: identity.rotatesKeys ? quoted : []))
        }
        // Where keys are exchanged, genesis has those of the first epoch.
        guard identity.rotatesKeys || quoted == opened.ioPublicKey else {
            throw NodeFault("the seeds are not those of the genesis file's network", exit: .data, path: home.genesis)
        }
        return opened
    }

    /// Headers that lead back from where this node was let in, which the enclave wants to see before it runs the chain:
    /// asked for once, and as far as it comes.
    final class Headers: Sendable {
        private let node: NodeAddress
        /// The last answer: the enclave asks for one after the other, downwards.
        private let known = Mutex<[Int64: [UInt8]]>([:])

        init(_ node: NodeAddress) { self.node = node }

        func header(_ height: Int64) throws -> [UInt8]? {
            if let header = known.withLock({ $0[height] }) { return header }
            let answer = try node.get("/cloister/v1/headers/\(height)")["headers"]?.array ?? []
            let headers = answer.compactMap { $0.string.flatMap { Base64.decode($0) } }
            known.withLock { known in
                known = [:]
                for (offset, header) in headers.enumerated() { known[height - Int64(offset)] = header }
            }
            return headers.first
        }
    }
}

extension GenesisDocument {
    /// Whether a network has been born of it, which wrote its public keys there.
    var hasNetworkKeys: Bool { appState["register"]?["io_exch_key"]?["bytes"]?.string != nil }
}

extension NodeAddress {
    /// `http://HOST:PORT`.
    init?(url: String) {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/"
        else { return nil }
        self.init(host: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port: parts.port ?? 80)
    }
}
