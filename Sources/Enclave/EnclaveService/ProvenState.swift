import EnclaveProtocol
import PublicCryptography
import StateProofs
import Wire

/// The state after one height as a verified header commits to it. Every value that leaves here was proved, present or
/// absent, against that header's app hash; the host is asked for what has not been proved yet.
///
/// Memory is bounded: beyond `rememberedBytesMax` proved values are forgotten, and asked for again.
final class ProvenState {
    private static let rememberedBytesMax = 64 * 1024 * 1024

    private struct Place: Hashable {
        var store: String
        var key: ByteKey

        init(_ store: String, _ key: [UInt8]) { (self.store, self.key) = (store, ByteKey(key)) }

        // Keys of different stores begin differently, so the store need not be hashed.
        func hash(into hasher: inout Hasher) { key.hash(into: &hasher) }
    }

    let commitment: StoreCommitment
    let version: Int64
    private let session: LaneSession
    private let memory: LaneMemory
    private var proved: [Place: [UInt8]?] = [:]
    private(set) var rememberedBytes = 0

    init(commitment: StoreCommitment, version: Int64, session: LaneSession, memory: LaneMemory) {
        self.commitment = commitment
        self.version = version
        self.session = session
        self.memory = memory
    }

    func value(_ store: String, _ key: [UInt8]) throws(Failure) -> [UInt8]? {
        if let known = proved[Place(store, key)] { return known }
        return try values(store, [key])[0]
    }

    /// The values of `keys`, in their order; one question to the host for all that are not known yet, or one for each
    /// `ServiceLimits.keysPerQuestionMax`.
    ///
    /// A value is taken from the answer itself or from memory, never from memory alone after an answer: the host
    /// chooses how full the memory is, and so when it is emptied.
    func values(_ store: String, _ keys: [[UInt8]]) throws(Failure) -> [[UInt8]?] {
        var found = [ByteKey: [UInt8]?](minimumCapacity: keys.count)
        var missing = [[UInt8]]()
        for key in keys where found[ByteKey(key)] == nil {
            if let known = proved[Place(store, key)] {
                found[ByteKey(key)] = .some(known)
            } else {
                found[ByteKey(key)] = .some(nil)
                missing.append(key)
            }
        }
        while !missing.isEmpty {
            let batch = Array(missing.prefix(ServiceLimits.keysPerQuestionMax))
            missing.removeFirst(batch.count)
            for (key, value) in zip(batch, try ask(store, batch)) { found[ByteKey(key)] = .some(value) }
        }
        return keys.map { certain(found[ByteKey($0)], "each key was found or asked for") }
    }

    /// The values of distinct keys, from the host, proved.
    private func ask(_ store: String, _ keys: [[UInt8]]) throws(Failure) -> [[UInt8]?] {
        var question = StateRead()
        question.reads = [StoreKeys(store: store, keys: keys)]
        question.version = UInt64(version)
        guard case .state(let proofs) = try session.ask(.readState(question)) else { throw Failure.unexpectedMessage }
        // The host must answer exactly what was asked: an omitted key would read as absent.
        guard proofs.count == 1, proofs[0].store == store, proofs[0].keys == keys else {
            throw Failure.proofForOtherKeys
        }
        try admit(proofs)
        return proofs[0].values
    }

    /// Takes proved values that the host sent ahead of being asked. A false proof is refused, whatever it is about.
    func admit(_ proofs: [StateProof]) throws(Failure) {
        for proof in proofs {
            guard let root = commitment.root(of: proof.store) else { throw .proofForOtherKeys }
            guard !proof.keys.isEmpty else { continue }
            do {
                try MultiProof.verify(
                    root: root, keys: proof.keys, values: proof.values, proof: proof.proof, tops: &memory.treeTops)
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
        proved[Place(store, key)] = .some(value)
    }
}
