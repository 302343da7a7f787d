import Attestation
import ContractEngine
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import StateProofs
import Synchronization
import Wire

/// What the lanes of one enclave share: the network's keys, the chain's identity, the verified head, and the modules
/// that are ready to run. Everything that changes is behind one lock; keys never change after they were opened.
package final class EnclaveCore: Sendable {
    /// State that queries may see: proved by a header, so that every node would answer alike.
    struct Announced: Sendable {
        var height: Int64
        var time: Timestamp
        var commitment: StoreCommitment
        /// The header after it.
        var provedBy: VerifiedHeader
    }

    /// The network's keys and the identity they belong to; made once, by bootstrap, founding, unsealing or joining, and
    /// for each key epoch anew. What an epoch's keys are in goes with the last who uses this.
    final class Vault: Sendable {
        let keys: NetworkKeys
        let identity: ChainIdentity
        /// Where the chain stood when this enclave was given the seeds; `nil` for the one that made them, and for those
        /// who founded the network. It believes nothing of the chain up to here that does not lead here.
        let granted: ChainHead?
        /// The program of the enclave that made the network's keys, if that was another than this one.
        let founder: Hash32?
        /// Kept for the sealed record, which carries them over a restart, and for enclaves that join.
        private let seeds: NetworkSeeds

        private let opensEarlierInputs: Bool

        init(
            seeds: consuming NetworkSeeds, identity: ChainIdentity, granted: ChainHead? = nil, founder: Hash32? = nil,
            opensEarlierInputs: Bool = true
        ) {
            (self.granted, self.founder, self.opensEarlierInputs) = (granted, founder, opensEarlierInputs)
            keys = NetworkKeys(seeds, opensEarlierInputs: opensEarlierInputs)
            self.seeds = seeds
            self.identity = identity
        }

        /// The same in a later epoch, or without what the present one needs no more; this one, if it is that already.
        /// `nil` for an epoch whose seeds are gone.
        func advanced(to epoch: UInt16, withEarlier: Bool, opensEarlierInputs: Bool) -> Vault? {
            guard
                seeds.epoch != epoch || seeds.isWithEarlier != withEarlier
                    || withEarlier && opensEarlierInputs != self.opensEarlierInputs
            else { return self }
            guard let advanced = seeds.advanced(to: epoch, withEarlier: withEarlier) else { return nil }
            return Vault(
                seeds: advanced, identity: identity, granted: granted, founder: founder,
                opensEarlierInputs: opensEarlierInputs)
        }

        fileprivate var oldestEpoch: UInt16? { seeds.oldestEpoch }

        var anchor: ChainAnchor {
            ChainAnchor(
                chainID: identity.chainID,
                genesisTime: certain(
                    Timestamp(seconds: identity.genesisSeconds, nanoseconds: identity.genesisNanoseconds),
                    "an identity has a time that is one"),
                initialHeight: Int64(identity.initialHeight),
                initialValidatorsHash: certain(
                    Hash32(identity.initialValidatorsHash), "an identity has a hash of 32 bytes"))
        }

        fileprivate func seal(
            head: ChainHead?, results: BlockResults, epoch: KeyEpoch?, under seal: RecordSeal
        ) -> [UInt8] {
            SealedRecord.seal(
                seeds, identity: identity.encoded, head: head?.protobuf ?? [], results: results.encoded,
                granted: granted?.protobuf ?? [], founder: founder?.bytes ?? [], epoch: epoch?.protobuf ?? [],
                sealingKey: seal.key, header: seal.header)
        }

        /// The seeds for an enclave that was appraised, in the block whose header this is.
        func grant(to registration: VerifiedRegistration, in header: VerifiedHeader) -> [UInt8]? {
            SeedGrant.wrap(
                seeds, told: header.head.protobuf, for: registration,
                at: .init(identityHash: SHA256.hash(identity.encoded), headerHash: header.hash))
        }

        /// The seeds for a founder, who is told which founding they are of.
        func grant(to founder: VerifiedRegistration, founding: Hash32) -> [UInt8]? {
            SeedGrant.wrap(
                seeds, told: founding.bytes, for: founder,
                at: .init(identityHash: SHA256.hash(identity.encoded), headerHash: founding))
        }
    }

    private struct State {
        var vault: Vault?
        var head: ChainHead?
        /// Digests of the results of the block at the head, as far as this enclave ran or skipped them.
        var results = BlockResults()
        /// As this enclave left it at the head, if it ran that block.
        var epoch: KeyEpoch?
        var announced: Announced?
        var lease: FreshnessLease?
        var isStopped = false
    }

    let platform: any Platform
    let engine: WasmEngine
    let mode: EnclaveMode
    /// The platform's word, and whether this enclave's keys are hidden from the kernel. Made, and the memory for keys
    /// with it, before the process confines itself.
    let facts: PlatformFacts
    package let modules: ModuleWorkshop
    private let ownSeal: RecordSeal
    /// `nil` if nobody signed this image.
    private let publishersSeal: RecordSeal?
    private let state = Mutex(State())

    package init(platform: any Platform, engine: WasmEngine, mode: EnclaveMode) throws(PlatformError) {
        self.platform = platform
        self.mode = mode
        self.engine = engine
        facts = SecretPages.hideKeys ? platform.facts.union(.hidesKeys) : platform.facts
        modules = try ModuleWorkshop(engine: engine, platform: platform)
        let version = try platform.securityVersion()
        ownSeal = try RecordSeal(of: .measurement, version: version, on: platform)
        do throws(PlatformError) {
            publishersSeal = try RecordSeal(of: .publisher, version: version, on: platform)
        } catch {
            guard error == .refused || error == .unsupported else { throw error }
            publishersSeal = nil
        }
    }

    // MARK: - Opening

    func open(_ vault: Vault, head: ChainHead?, results: BlockResults, epoch: KeyEpoch? = nil) throws(Failure) {
        // Whoever asked for it: an enclave that tells where contracts stop has no part in a chain that people rely on.
        guard mode == .standard || vault.identity.profile == .development, vault.identity.suits(platform.facts) else {
            throw .identityRefused
        }
        let isFirst = state.withLock { state in
            guard state.vault == nil else { return false }
            state.vault = vault
            state.head = head
            state.results = results
            state.epoch = epoch
            state.lease = FreshnessLease(vault.identity)
            return true
        }
        guard isFirst else { throw .alreadyOpen }
    }

    var vault: Vault {
        get throws(Failure) { try vaultAndAnnounced.vault }
    }

    /// Both of one moment: the keys of another epoch than the state's open nothing of it.
    var vaultAndAnnounced: (vault: Vault, announced: Announced?) {
        get throws(Failure) {
            let (vault, announced, isStopped) = state.withLock { ($0.vault, $0.announced, $0.isStopped) }
            guard !isStopped else { throw .stopped }
            guard let vault else { throw .notOpen }
            return (vault, announced)
        }
    }

    // MARK: - The head

    var head: ChainHead? { state.withLock { $0.head } }
    var results: BlockResults { state.withLock { $0.results } }
    var epoch: KeyEpoch? { state.withLock { $0.epoch } }

    /// `transactions` are those of the block whose header proves the state, and `vault` has the keys of that.
    func announce(_ announced: Announced, transactions: [Hash32], vault: Vault) {
        state.withLock { state in
            state.vault = vault
            state.announced = announced
            state.lease?.renew(by: announced.provedBy.header, transactions: transactions)
        }
    }

    /// Uses the lease for one thing that only an enclave at the chain's head should let out.
    ///
    /// - Returns: the height of the block that granted it; zero on a chain without leases.
    func useLease(at announced: Announced) throws(Failure) -> Int64 {
        let height: Int64? = state.withLock { state in
            state.lease == nil ? 0 : state.lease?.use(at: announced.time)
        }
        guard let height else { throw .leaseMissing }
        return height
    }

    var lease: EnclaveLease { state.withLock { $0.lease?.told ?? EnclaveLease() } }

    /// The seeds that `vault` has not are gone with this.
    func end(_ head: ChainHead, results: BlockResults, vault: Vault, epoch: KeyEpoch?) {
        state.withLock { state in
            state.vault = vault
            state.epoch = epoch
            state.head = head
            state.results = results
        }
    }

    /// The head has gone over blocks that this enclave did not run: nothing is known of their results, and the state
    /// that could be asked is one of long ago.
    func advance(to head: ChainHead) {
        state.withLock { state in
            state.head = head
            state.results = BlockResults(isUnknown: true)
            state.epoch = nil
            state.announced = nil
        }
    }

    // MARK: - The sealed record

    /// What this enclave needs to go on after a restart, sealed on this platform: for its measurement, or, on a
    /// development chain, for the publisher's product. It opens for the same security version and for later ones.
    ///
    /// Where keys rotate it is sealed with a key of the oldest epoch inside, which is not kept: no memory of this
    /// enclave opens a record of an epoch that is over.
    func sealRecord(
        _ vault: Vault, head: ChainHead?, results: BlockResults, epoch: KeyEpoch? = nil
    ) throws(Failure) -> [UInt8] {
        let isPublishers = vault.identity.profile == .development
        var seal = isPublishers ? publishersSeal ?? ownSeal : ownSeal
        if let oldest = vault.oldestEpoch {
            do { seal = try seal.ofEpoch(oldest, on: platform) } catch { throw .platformFailed }
        }
        return vault.seal(head: head, results: results, epoch: epoch, under: seal)
    }

    /// A quote over what the enclave says of itself: report data is a hash of the identity and the keys, so it cannot
    /// be used for another chain or another key.
    func evidence(of vault: Vault) throws(Failure) -> [UInt8] {
        let reportData = ReportData.network(
            identity: vault.identity.encoded, ioPublicKey: vault.keys.ioPublicKey,
            seedExchangePublicKey: vault.keys.seedExchangePublicKey, founder: vault.founder, facts: facts)
        do { return try platform.quote(reportData: reportData) } catch { throw .platformFailed }
    }

    /// The host kept the record: it may be an old one, which is a valid one (Vouching bounds what that gains), and
    /// cannot be anything else.
    ///
    /// The attack: whoever can sign as the publisher seals seeds that he knows, under the publisher's key, with the
    /// identity of a chain that people rely on; and this enclave quotes the keys that follow from them. So such a chain
    /// has no record under that key. On a development chain the quote names the program that sealed (`Vault.founder`),
    /// and whether the chain approves this one is for those to see who are shown it.
    func openRecord(_ sealed: [UInt8]) throws(Failure) -> (Vault, ChainHead?, BlockResults, KeyEpoch?) {
        do {
            let header = try SealedRecord.Header(of: sealed)
            guard let owner = KeyOwner(rawValue: header.owner) else { throw Failure.sealedRecordRefused }
            let seal = try RecordSeal(
                of: owner, version: header.securityVersion, epoch: header.oldestEpoch, on: platform)
            let record = try SealedRecord.open(sealed, sealingKey: seal.key)
            let identity = try ChainIdentity(decoding: record.identity)
            guard owner == .measurement || identity.profile == .development else { throw Failure.sealedRecordRefused }
            let head = record.head.isEmpty ? nil : try ChainHead(protobuf: record.head)
            let results = try BlockResults(decoding: record.results)
            let granted = record.granted.isEmpty ? nil : try ChainHead(protobuf: record.granted)
            let founder = record.founder.isEmpty ? header.measurement : Hash32(record.founder)
            let epoch = record.epoch.isEmpty ? nil : try KeyEpoch(protobuf: record.epoch)
            guard (record.seeds.epoch != nil) == identity.rotatesKeys else { throw Failure.sealedRecordRefused }
            return (
                Vault(
                    seeds: record.takeSeeds(), identity: identity, granted: granted,
                    founder: founder == platform.measurement ? nil : founder), head, results, epoch
            )
        } catch {
            throw .sealedRecordRefused
        }
    }

    /// Refuses everything from now on. Called when two thirds of the validators signed something that this enclave
    /// knows to be false, or two headers for one height: going on could only serve a fork.
    func stop() {
        state.withLock { $0.isStopped = true }
    }
}

/// A key under which records are sealed, and what stands before those.
private final class RecordSeal: Sendable {
    let header: SealedRecord.Header
    let key: SecretKey

    private let owner: KeyOwner

    init(
        of owner: KeyOwner, version: UInt16, epoch: UInt16? = nil, on platform: any Platform
    ) throws(PlatformError) {
        self.owner = owner
        header = .init(
            owner: owner.rawValue, securityVersion: version, measurement: platform.measurement, oldestEpoch: epoch)
        let label = "network-record" + (epoch.map { "/\($0)" } ?? "")
        key = try platform.sealingKey(label: label, of: owner, version: version)
    }

    /// The same for records whose oldest seed is of this epoch.
    func ofEpoch(_ epoch: UInt16, on platform: any Platform) throws(PlatformError) -> RecordSeal {
        try RecordSeal(of: owner, version: header.securityVersion, epoch: epoch, on: platform)
    }
}

/// What one block's transactions came to, as far as the enclave has a say: the leaf of each that it ran, and which ones
/// the host skipped, which therefore must have failed.
struct BlockResults: Equatable, Sendable {
    /// Index and hash of the result's leaf, ascending.
    var ran: [(index: UInt32, leaf: Hash32)] = []
    var skipped: [UInt32] = []
    /// Of a block that others ran, and this enclave went past.
    var isUnknown = false

    static func == (left: BlockResults, right: BlockResults) -> Bool {
        left.skipped == right.skipped && left.isUnknown == right.isUnknown
            && left.ran.elementsEqual(right.ran, by: ==)
    }

    /// Whether there is nothing that a header could contradict.
    var isEmpty: Bool { ran.isEmpty && skipped.isEmpty }

    /// Whether the results that a header commits to are the ones that this enclave knows. The host may send any
    /// failures; one counts only if its hash is the proved one.
    func agree(with proved: [Hash32], failures: [FailedResult]) -> Bool {
        for (index, leaf) in ran {
            guard Int(index) < proved.count, proved[Int(index)] == leaf else { return false }
        }
        var failed = Set<UInt32>()
        for failure in failures where Int(failure.index) < proved.count {
            if MerkleTree.leafHash(failure.leaf) == proved[Int(failure.index)],
                let result = try? ExecutionResult(protobuf: failure.leaf), result.code != 0
            {
                failed.insert(failure.index)
            }
        }
        // A transaction that never reached the enclave cannot have succeeded.
        return skipped.allSatisfy { failed.contains($0) }
    }

    var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for (index, leaf) in ran {
                writer.message(1) { item in
                    item.uint64(1, UInt64(index))
                    item.bytes(2, leaf.bytes)
                }
            }
            for index in skipped { writer.message(2) { $0.uint64(1, UInt64(index)) } }
            if isUnknown { writer.message(3) { $0.uint64(1, 0) } }
        }
    }

    init(isUnknown: Bool = false) { self.isUnknown = isUnknown }

    init(decoding bytes: [UInt8]) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            var item = ProtobufReader(try field.slice())
            var index: UInt32 = 0
            var leaf: Hash32?
            while let part = try item.next() {
                switch part.number {
                case 1: index = try part.uint32()
                case 2: leaf = Hash32(try part.slice())
                default: throw .illegalValue(field: part.number)
                }
            }
            switch (field.number, leaf) {
            case (1, let leaf?): ran.append((index, leaf))
            case (2, nil): skipped.append(index)
            case (3, nil): isUnknown = true
            default: throw .illegalValue(field: field.number)
            }
        }
    }
}
