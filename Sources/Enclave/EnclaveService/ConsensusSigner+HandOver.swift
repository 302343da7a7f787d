import EnclavePlatform
import EnclaveProtocol
import PublicCryptography
import SecretCryptography
import Wire

extension ConsensusSigner {
    /// The key, and what was signed with it last, for the enclave with this registration key; from then on nothing more
    /// is signed here.
    ///
    /// - Parameter verify: throws unless that enclave may have it; not asked once it was given.
    func handOver(
        _ sealedKey: [UInt8], to successor: Hash32, network: Hash32, verify: () throws(Failure) -> Void
    ) throws(Failure) -> (OpenKey, JournalRecord) {
        let (sealed, place) = try unsealed(sealedKey)
        let key = open ?? sealed
        guard key.address == sealed.address, !isMoved else { throw Failure.consensusKeyRefused }
        let owner = key.owner(in: network)
        let mark = JournalRecord.mark(of: successor, after: owner)
        var record = try readVotes()
        if !record.isHandedOver {
            // A key that has signed in no network is of none, and whose network this is the host may have chosen.
            guard record.signer == owner else { throw Failure.consensusKeyRefused }
            try verify()
            let last = record
            // As when it is opened: what was signed elsewhere counts.
            if place > record.place {
                record = place.record(of: owner, flags: record.flags, time: .goZero, digest: Hash32.zero)
            }
            record = record.passed(to: mark)
            try write(record, after: last)
        }
        guard record.signer == mark else { throw Failure.consensusKeyHandedOver }
        return (key, record.takenBack(by: owner))
    }

    /// Keeps what was signed with the key elsewhere as the platform's record, and seals the key.
    ///
    /// The attack: the host keeps what was handed to this enclave, has it hand the key on, and shows it the old
    /// wrapping again. Each time that the key leaves or comes is counted, in the record that goes with it: an old
    /// wrapping has never more than the record of who took it over once, and one that comes back has, even if nothing
    /// was signed meanwhile.
    func takeOver(_ key: OpenKey, signed: JournalRecord, network: Hash32) throws(Failure) -> ConsensusKey {
        guard open == nil else { throw .alreadyOpen }
        let owner = key.owner(in: network)
        guard signed.signer == owner, signed.isOfNetwork, !signed.isHandedOver, !signed.hasPassedTooOften else {
            throw .handedKeyRefused
        }
        let taken = signed.flags + 2 * JournalRecord.passage
        let record = try readVotes()
        if record.flags < taken {
            guard record == .none || record.isHandedOver || record.signer == owner else { throw .consensusKeyExists }
            let latest = record.place > signed.place ? record : signed
            try write(latest.with(owner, count: taken | latest.count & (JournalRecord.passage - 1)), after: record)
        } else {
            guard !record.isHandedOver else { throw .consensusKeyHandedOver }
            guard record.signer == owner else { throw .consensusKeyExists }
        }
        return try describe(key, sealedWith: signed.place)
    }
}

/// The last record of a key that was handed over: place, time and digest stay; in the place of whose record it is
/// stands whom it was given to, and the count of its ways is odd, which makes it a later record than any that was here.
extension JournalRecord {
    var isHandedOver: Bool { count & JournalRecord.passage != 0 }
    /// Nobody comes there, short of a host that does nothing else for years.
    fileprivate var hasPassedTooOften: Bool { count >= 2 * JournalRecord.ofNetwork - 4 * JournalRecord.passage }

    /// Of an enclave, by its registration key, that has the key of this owner.
    fileprivate static func mark(of successor: Hash32, after owner: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(successor.bytes + owner).bytes[0..<20])
    }

    fileprivate func passed(to mark: [UInt8]) -> JournalRecord { with(mark, count: count + JournalRecord.passage) }

    fileprivate func takenBack(by owner: [UInt8]) -> JournalRecord { with(owner, count: count - JournalRecord.passage) }

    fileprivate func with(_ signer: [UInt8], count: UInt64) -> JournalRecord {
        JournalRecord(
            height: height, headerHash: certain(Hash32(signer + headerHash.bytes[20...]), "20 and 12 bytes"),
            count: count,
            digest: digest)
    }
}
