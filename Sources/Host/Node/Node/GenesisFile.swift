import Attestation
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveProtocol
import PublicCryptography
import Registration
import StrictJSON
import Wire

/// The genesis file of a home, which must stay the one that the chain began with: what it says is in blocks and state
/// already, so an edit would change nothing now, and would split this node from others when it runs from the beginning.
struct GenesisFile {
    let document: GenesisDocument
    private let home: NodeHome
    private let hash: Hash32

    init(_ home: NodeHome) throws {
        guard let bytes = try DurableFile.read(home.genesis) else { throw GenesisError.missing(home.genesis) }
        self.home = home
        hash = SHA256.hash(bytes)
        if let kept = try DurableFile.read(home.genesisHash) {
            let kept = String(decoding: kept, as: UTF8.self).prefix { !$0.isWhitespace }
            guard kept == Hexadecimal.encode(hash.bytes) else {
                throw NodeFault(
                    "this is not the genesis file that the chain began with", exit: .data, path: home.genesis,
                    cause:
                        "its SHA-256 is \(Hexadecimal.encode(hash.bytes)); \(home.genesisHash) has \(kept.prefix(64))",
                    remedy: "put that file back; to begin another chain, make another folder with `cloister-node init`")
            }
        }
        document = try GenesisDocument(json: bytes)
    }

    /// The same, with what the network's birth added to it, if the chain has not begun.
    ///
    /// A file that a network was born of is complete: whoever has it can join, or verify. One that was another
    /// network's, whose state was exported, has that one's keys. What founders have begun was complete before.
    func completed(by session: EnclaveSession) throws -> GenesisFile {
        guard try DurableFile.read(home.genesisHash) == nil, !session.hasJoined, !document.isFounded,
            let input = Hash32(session.opened.ioPublicKey), let node = Hash32(session.opened.seedExchangePublicKey),
            let measurement = Hash32(session.opened.measurement)
        else { return self }
        var policy =
            try RegistrationPolicy(inGenesis: document.appState)
            ?? RegistrationPolicy(measurements: [], evidenceBlocksMax: RegistrationPolicy.evidenceBlocksBound)
        policy.roots = session.identity.attestationRoots
        if !policy.measurements.contains(measurement) { policy.measurements.append(measurement) }
        var complete = document
        let name = RegistrationModule().name
        let keys = JSONValue(RegistrationModule.ExchangeKeys(input: input, node: node))
        let terms = ["lease", "epochs"].compactMap { term in document.appState[name]?[term].map { (term, $0) } }
        complete.appState = .object(
            (document.appState.object ?? []).filter { $0.0 != name }
                + [
                    (
                        name,
                        .object(
                            (keys.object ?? []) + terms + [
                                ("params", JSONValue(policy)),
                                ("evidence", .string(Base64.encode(session.opened.evidence))),
                            ])
                    )
                ])
        guard complete != document else { return self }
        try complete.write(home.genesis)
        return try GenesisFile(home)
    }

    /// To be called when the chain has begun.
    func remember() throws {
        guard try DurableFile.read(home.genesisHash) == nil else { return }
        try DurableFile.replace(home.genesisHash, with: Array((Hexadecimal.encode(hash.bytes) + "\n").utf8))
    }
}
