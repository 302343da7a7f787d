import ChainModel
import EnclaveProtocol
import PublicCryptography

/// The state after one height as a verified header commits to it. Every value that leaves here was proved, present or
/// absent, against that header's app hash; the host is asked for what has not been proved yet.
///
/// Memory is bounded: beyond `rememberedBytesMax` proved values are forgotten, and asked for again.
final class ProvenState {
    private static let rememberedBytesMax = 64 * 1024 * 1024

    private struct Place: Hashable {
        var store: String
        var key: [UInt8]
    }

    let commitment: StoreCommitment
    let version: Int64
    private let session: LaneSession
    private var proved: [Place: [UInt8]?] = [:]
    private var rememberedBytes = 0

    init(commitment: StoreCommitment, version: Int64, session: LaneSession) {
        self.commitment = commitment
        self.version = version
        self.session = session
    }

    func value(_ store: String, _ key: [UInt8]) throws -> [UInt8]? {
        try values(store, [key])[0]
    }

    /// The values of `keys`, in their order; one question to the host for all that are not known yet.
    func values(_ store: String, _ keys: [[UInt8]]) throws -> [[UInt8]?] {
        try require([StoreKeys(store: store, keys: keys)])
        return keys.map { proved[Place(store: store, key: $0)] ?? nil }
    }

    /// Has all these values proved with at most one question.
    func require(_ reads: [StoreKeys]) throws {
        var missing = [StoreKeys]()
        for read in reads {
            var keys = [[UInt8]]()
            for key in read.keys where proved[Place(store: read.store, key: key)] == nil && !keys.contains(key) {
                keys.append(key)
            }
            if !keys.isEmpty { missing.append(StoreKeys(store: read.store, keys: keys)) }
        }
        guard !missing.isEmpty else { return }
        var question = StateRead()
        question.reads = missing
        question.version = UInt64(version)
        guard case .state(let proofs) = try session.ask(.readState(question)) else { throw Failure.unexpectedMessage }
        // The host must answer exactly what was asked: an omitted store or key would read as absent.
        guard proofs.count == missing.count,
            zip(proofs, missing).allSatisfy({ $0.store == $1.store && $0.keys == $1.keys })
        else { throw Failure.proofForOtherKeys }
        try admit(proofs)
    }

    /// Takes proved values that the host sent ahead of being asked. A false proof is refused, whatever it is about.
    func admit(_ proofs: [StateProof]) throws(Failure) {
        for proof in proofs {
            guard let root = commitment.root(of: proof.store) else { throw .proofForOtherKeys }
            guard !proof.keys.isEmpty else { continue }
            do {
                try MultiProof.verify(root: root, keys: proof.keys, values: proof.values, proof: proof.proof)
            } catch {
                throw .proofInvalid
            }
            for (key, value) in zip(proof.keys, proof.values) { remember(proof.store, key, value) }
        }
    }

    private func remember(_ store: String, _ key: [UInt8], _ value: [UInt8]?) {
        let size = key.count + (value?.count ?? 0) + 128
        if rememberedBytes + size > ProvenState.rememberedBytesMax {
            proved.removeAll()
            rememberedBytes = 0
        }
        rememberedBytes += size
        proved[Place(store: store, key: key)] = .some(value)
    }
}
