import DecidedBlocks
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

/// What one block does to the network's keys: in which epoch it runs, which seeds it needs, and which values of the
/// epoch before it puts under the present one's key (docs/decisions/0048).
///
/// All of it follows from the record of the epoch in the state before the block, which its header proves, from the
/// chain's identity, and from the block's height. So every enclave does the same, also when a block is run again, and
/// nobody chooses when a key goes.
struct KeyRotation {
    /// As the state before the block has it.
    let recorded: KeyEpoch
    /// As the block leaves it.
    private(set) var left: KeyEpoch
    /// With the seeds of the state before the block, and of the block.
    let vaultBefore: EnclaveCore.Vault
    let vault: EnclaveCore.Vault
    private let isNew: Bool
    private(set) var renewedValues: [StateWrite] = []

    /// `nil` where keys stay.
    ///
    /// The attack: a host shows the record of another epoch, so that keys go before all values are under newer ones,
    /// or never. The record is proved; and an enclave that ran the block before knows what it wrote there itself.
    ///
    /// - Parameter record: the proved one.
    init?(_ record: [UInt8]?, at height: Int64, _ core: EnclaveCore) throws(Failure) {
        let known = try core.vault
        let identity = known.identity
        guard identity.rotatesKeys else { return nil }
        guard let recorded = try Self.recorded(record, at: height, identity) else {
            core.stop()
            throw Failure.exchangeKeysDiffer
        }
        self.recorded = recorded
        if let expected = core.epoch, expected != recorded {
            core.stop()
            throw Failure.exchangeKeysDiffer
        }
        // Blocks that this enclave did not run may have gone on to later epochs. None leads back.
        let isWithEarlier =
            recorded.number > 0
            && (recorded.renewedUpTo != nil || height < recorded.height + Int64(identity.epochGraceBlocks))
        let isOpening = height < recorded.height + Int64(identity.epochGraceBlocks)
        guard
            let before = known.advanced(
                to: recorded.number, withEarlier: isWithEarlier, opensEarlierInputs: isOpening)
        else { throw Failure.epochGone }
        vaultBefore = before
        // A seed is destroyed before the next one comes: two there are, never more.
        isNew =
            !isWithEarlier && recorded.renewedUpTo == nil && recorded.number < NetworkSeeds.epochMax
            && height >= recorded.height + Int64(identity.epochBlocks)
        guard isNew else {
            vault = before
            left = recorded
            return
        }
        left = KeyEpoch(number: recorded.number + 1, height: height, renewedUpTo: Hash32.zero)
        guard let next = before.advanced(to: left.number, withEarlier: true, opensEarlierInputs: true) else {
            throw Failure.epochGone
        }
        vault = next
    }

    /// Only the chain's first block finds none.
    private static func recorded(
        _ record: [UInt8]?, at height: Int64, _ identity: ChainIdentity
    ) throws(Failure) -> KeyEpoch? {
        guard let record else {
            return height == Int64(identity.initialHeight) ? KeyEpoch(number: 0, height: height) : nil
        }
        guard let epoch = try? KeyEpoch(protobuf: record), epoch.height <= height else { throw .stateRecordMalformed }
        return epoch
    }

    // MARK: - Values of the epoch before

    /// Puts the next values under the present epoch's key: those that lie behind where the record says, without a gap.
    ///
    /// The attack: a host passes over a value, so that its key is kept for ever, or destroyed with the value's being
    /// left. What it shows proves by itself that it is all there is up to its last key; and where values are left a
    /// block does not begin without at least one.
    mutating func renew(_ shown: StateProof?, in state: ProvenState) throws(Failure) {
        guard let start = recorded.renewedUpTo else {
            guard shown == nil else { throw Failure.proofForOtherKeys }
            return
        }
        guard let root = state.commitment.root(of: StoreName.compute), root != SparseMerkleTree.emptyRoot else {
            left.renewedUpTo = nil
            return
        }
        guard let shown, shown.store == StoreName.compute else { throw Failure.proofForOtherKeys }
        let surroundings: MultiProof.Surroundings
        do {
            surroundings = try MultiProof.verifyRange(
                root: root, keys: shown.keys, values: shown.values, proof: shown.proof)
        } catch {
            throw Failure.proofInvalid
        }
        let paths = shown.keys.map { SparseMerkleTree.path(of: $0) }
        let (first, last) = (paths.min() ?? Hash32.zero, paths.max() ?? Hash32.zero)
        guard first <= start || surroundings.isFirst, start < last || surroundings.isLast else {
            throw Failure.proofForOtherKeys
        }
        left.renewedUpTo = surroundings.isLast ? nil : last
        var stale: [(key: [UInt8], value: [UInt8], place: (address: AccountAddress, name: Hash32))] = []
        for (key, value) in zip(shown.keys, shown.values) {
            guard let value, let place = ComputeStore.place(ofStateKey: key),
                let header = StoredValue.Header(of: value),
                header.epoch < vault.keys.epoch
            else { continue }
            stale.append((key, value, place))
        }
        let identities = try state.values(
            StoreName.compute, stale.map { ComputeStore.identityKey($0.place.address) })
        for ((key, value, place), identity) in zip(stale, identities) {
            guard let contract = identity.flatMap({ try? ContractKey(decoding: $0) }),
                contract.original.count == NetworkKeys.contractKeyByteCount
            else { throw Failure.stateRecordMalformed }
            // A key that is not this contract's opens nothing.
            var keys = vault.keys.stateKeys(contractKey: contract.original)
            guard let renewed = keys.renewed(value, hashedAs: place.name, contract: place.address) else {
                throw Failure.valueNotAuthentic
            }
            renewedValues.append(StateWrite(key: key, value: renewed))
        }
    }

    // MARK: - What the block writes

    /// To the store `register`, for clients, for enclaves that join, and for the next block.
    func registerWrites(hadRecord: Bool) throws(Failure) -> [StateWrite] {
        guard left != recorded || !hadRecord else { return [] }
        let record = StateWrite(key: RegisterStore.epochKey, value: left.protobuf)
        guard isNew, let key = Hash32(vault.keys.ioPublicKey) else { return [record] }
        return [StateWrite(key: RegisterStore.ioExchangeKey, value: RegisterStore.encodeMasterKey(key)), record]
    }

    /// The io key that the block begins with, and evidence of it; `nil` where it keeps the one there was.
    func statement(_ core: EnclaveCore) throws(Failure) -> (ioPublicKey: [UInt8], evidence: [UInt8])? {
        isNew ? (vault.keys.ioPublicKey, try core.evidence(of: vault)) : nil
    }
}
