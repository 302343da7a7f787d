import Attestation
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import PublicCryptography
import SecretCryptography
import Wire

/// The validator's key, which never leaves, and the votes and proposals that it signs: one for each place (height,
/// round, step), and none for an earlier one.
///
/// The attack: the host asks for two votes that conflict, with a restart in between, from a disk that was set back, or
/// of two enclaves that were started from one record. So what was signed last is the platform's record before the
/// signature leaves, and the record names the one before it. The host keeps nothing of it. The record holds the place,
/// the time and a hash of the bytes; the signature need not be there, since Ed25519 makes the same again.
///
/// Or it opens the enclave for a network that it made up, where it can prove what it likes, and has the key used,
/// spoilt or handed over there. So from the first signature on, the record is of the key in one network.
///
/// What is worth a vote is the host's to decide, and whether to ask at all. The control lane's thread owns it.
final class ConsensusSigner {
    final class OpenKey {
        let key: SecretKey
        let publicKey: [UInt8]
        let address: [UInt8]

        init(_ key: consuming SecretKey) {
            publicKey = Ed25519Signer.publicKey(of: key)
            address = ValidatorAddress(publicKey: publicKey).bytes
            self.key = key
        }

        /// Whose record it is once the key has signed in the network with this hash of its identity; the address
        /// before.
        func owner(in network: Hash32) -> [UInt8] { Array(SHA256.hash(address + network.bytes).bytes[0..<20]) }
    }

    private let platform: any Platform
    private let facts: PlatformFacts
    private(set) var open: OpenKey?
    /// The platform's record, as far as it is known.
    private var last: JournalRecord?
    /// Another enclave moved the record: one of the two is a clone.
    private(set) var isMoved = false

    init(platform: any Platform, facts: PlatformFacts) { (self.platform, self.facts) = (platform, facts) }

    // MARK: - The key

    /// A new key, sealed. Nothing rests on it before it was opened.
    func make() throws(Failure) -> ConsensusKey {
        try requireNoKey()
        return try describe(OpenKey(SecretKey.random(home: .pages)), sealedWith: SignedPlace.none)
    }

    /// The key of a file, sealed with what it signed last. The bytes have lain in the host's memory and in the frame:
    /// that nobody else has them is the operator's word.
    func importKey(_ imported: ImportedConsensusKey) throws(Failure) -> ConsensusKey {
        try requireNoKey()
        let place = SignedPlace(height: imported.height, round: imported.round, step: imported.step)
        guard let place, let key = SecretKey(copying: imported.privateKey, home: .pages) else { throw .voteMalformed }
        return try describe(OpenKey(key), sealedWith: place)
    }

    /// From the first time on, the platform's record is this key's, and no other can be made or opened here: else each
    /// of two keys would have a record of its own, and the host a choice.
    ///
    /// - Parameter network: hash of the identity for which the enclave is open; `nil` before that, when another key
    ///   than the record's is found out only as it signs.
    func open(_ sealedKey: [UInt8], network: Hash32?) throws(Failure) -> ConsensusKey {
        guard open == nil else { throw .alreadyOpen }
        let (key, place) = try unsealed(sealedKey)
        var record = try readVotes()
        guard !record.isHandedOver else { throw .consensusKeyHandedOver }
        let isOwn = network.map { record.signer == key.owner(in: $0) } ?? record.isOfNetwork
        guard record == .none || record.signer == key.address || isOwn else { throw .consensusKeyRefused }
        // What was signed elsewhere counts, whichever of several seals is opened first.
        if record == .none || place > record.place {
            let last = record
            record = place.record(
                of: record.isOfNetwork ? record.signer : key.address, flags: record.flags, time: .goZero,
                digest: Hash32.zero)
            try write(record, after: last)
        }
        (open, last) = (key, record)
        return try describe(key, sealedKey: sealedKey, at: record.place)
    }

    /// Of the key that is sealed in it, which is not opened for use: nothing rests on it yet.
    func publicKey(of sealedKey: [UInt8]) throws(Failure) -> [UInt8] { try unsealed(sealedKey).key.publicKey }

    func unsealed(_ sealedKey: [UInt8]) throws(Failure) -> (key: OpenKey, place: SignedPlace) {
        guard
            let opened = SealedConsensusKey.open(
                sealedKey, sealingKey: try sealingKey(), measurement: platform.measurement),
            let place = SignedPlace(encoded: opened.record)
        else { throw .consensusKeyRefused }
        return (OpenKey(opened.takeKey()), place)
    }

    /// That a key was here and may come back is another answer than that one is here: who would take a key over is told
    /// before it leaves.
    private func requireNoKey() throws(Failure) {
        guard open == nil else { throw .consensusKeyExists }
        let record = try readVotes()
        guard record == .none else { throw record.isHandedOver ? .consensusKeyHandedOver : .consensusKeyExists }
    }

    private func sealingKey() throws(Failure) -> SecretKey {
        do { return try platform.sealingKey(label: "consensus-key") } catch { throw .platformFailed }
    }

    func describe(_ key: OpenKey, sealedWith place: SignedPlace) throws(Failure) -> ConsensusKey {
        let sealed = SealedConsensusKey.seal(
            key.key, place: place.encoded, sealingKey: try sealingKey(), measurement: platform.measurement)
        return try describe(key, sealedKey: sealed, at: place)
    }

    private func describe(_ key: OpenKey, sealedKey: [UInt8], at place: SignedPlace) throws(Failure) -> ConsensusKey {
        let reportData = ReportData.consensusKey(key.publicKey, facts: facts)
        do {
            return ConsensusKey(
                publicKey: key.publicKey, sealedKey: sealedKey,
                evidence: try platform.quote(reportData: reportData), height: place.height, round: place.round,
                step: place.step)
        } catch {
            throw .platformFailed
        }
    }

    // MARK: - Votes

    /// `chainID` is that of the chain which this enclave was opened for, `network` the hash of its identity.
    func sign(_ vote: VoteToSign, chainID: String, network: Hash32) throws(Failure) -> VoteSignature {
        guard let open else { throw .consensusKeyMissing }
        guard let content = VoteContent(vote) else { throw .voteMalformed }
        guard !isMoved else { throw .votesMoved }
        let last = try lastRecord()
        guard !last.isHandedOver else { throw .consensusKeyHandedOver }
        let owner = open.owner(in: network)
        guard last.signer == owner || last.signer == open.address else { throw .votesMoved }
        guard content.place >= last.place else { throw .voteRegression }
        if content.place == last.place {
            // The same vote with another time gets the first one's, as from CometBFT's own signer.
            let bytes = content.signBytes(at: last.time, chainID: chainID)
            guard SHA256.hash(bytes) == last.digest else { throw .voteConflict }
            return signature(of: bytes, by: open, at: last.time)
        }
        let bytes = content.signBytes(at: content.time, chainID: chainID)
        let record = content.place.record(
            of: owner, flags: last.flags | JournalRecord.ofNetwork, time: content.time, digest: SHA256.hash(bytes))
        try write(record, after: last)
        return signature(of: bytes, by: open, at: content.time)
    }

    private func signature(of bytes: [UInt8], by open: OpenKey, at time: Timestamp) -> VoteSignature {
        VoteSignature(
            signature: Ed25519Signer.sign(bytes, privateKey: open.key), seconds: time.seconds,
            nanoseconds: time.nanoseconds)
    }

    private func lastRecord() throws(Failure) -> JournalRecord {
        if let last { return last }
        let record = try readVotes()
        last = record
        return record
    }

    func readVotes() throws(Failure) -> JournalRecord {
        do { return try platform.readVotes() } catch { throw .platformFailed }
    }

    func write(_ record: JournalRecord, after last: JournalRecord) throws(Failure) {
        do {
            try platform.writeVotes(record, after: last)
            self.last = record
        } catch {
            // Whether it was stored is not known: it is read again before anything else is signed.
            self.last = nil
            guard error == .refused else { throw .platformFailed }
            isMoved = true
            throw .votesMoved
        }
    }
}

/// Where in the chain something was signed; they follow each other as CometBFT's signer counts them.
struct SignedPlace: Equatable, Comparable {
    static let none = certain(SignedPlace(height: 0, round: 0, step: 0), "all are in their range")

    let height: UInt64
    let round: UInt32
    /// 1 proposal, 2 prevote, 3 precommit; 0 where nothing was.
    let step: UInt32

    init?(height: UInt64, round: UInt32, step: UInt32) {
        guard height <= UInt64(Int64.max), round <= UInt32(Int32.max), step <= 3 else { return nil }
        (self.height, self.round, self.step) = (height, round, step)
    }

    static func < (left: SignedPlace, right: SignedPlace) -> Bool {
        (left.height, left.round, left.step) < (right.height, right.round, right.step)
    }

    /// Of a sealed key.
    var encoded: [UInt8] { height.bigEndianBytes + round.bigEndianBytes + step.bigEndianBytes }

    init?(encoded: [UInt8]) {
        self.init(
            height: UInt64(bigEndianBytes: encoded[0..<8]), round: UInt32(bigEndianBytes: encoded[8..<12]),
            step: UInt32(bigEndianBytes: encoded[12..<16]))
    }

    /// What the platform keeps: the header hash's place holds whose record it is (20 bytes), the seconds (8) and the
    /// nanoseconds (4); the count is round and step, below the flags.
    func record(of owner: [UInt8], flags: UInt64, time: Timestamp, digest: Hash32) -> JournalRecord {
        JournalRecord(
            height: height,
            headerHash: certain(
                Hash32(owner + UInt64(bitPattern: time.seconds).bigEndianBytes + time.nanoseconds.bigEndianBytes),
                "20, 8 and 4 bytes"),
            count: flags | UInt64(round) << 2 | UInt64(step), digest: digest)
    }
}

/// Only an enclave of this program wrote what the platform keeps.
extension JournalRecord {
    /// Whether that is a key in a network; and below it how often the key left an enclave or came to one.
    static let ofNetwork: UInt64 = 1 << 62
    static let passage: UInt64 = 1 << 33

    var signer: [UInt8] { Array(headerHash.bytes[0..<20]) }
    var flags: UInt64 { count & ~(JournalRecord.passage - 1) }
    var isOfNetwork: Bool { count & JournalRecord.ofNetwork != 0 }

    fileprivate var time: Timestamp {
        Timestamp(
            seconds: Int64(bitPattern: UInt64(bigEndianBytes: headerHash.bytes[20..<28])),
            nanoseconds: UInt32(bigEndianBytes: headerHash.bytes[28..<32])) ?? .goZero
    }

    var place: SignedPlace {
        let count = count & (JournalRecord.passage - 1)
        return SignedPlace(height: height, round: UInt32(clamping: count >> 2), step: UInt32(count & 3)) ?? .none
    }
}
