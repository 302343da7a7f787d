/// What the enclave asks of the machine it runs on: who it is, keys that only it can have again, evidence of both for
/// others, and two small records that the host cannot turn back.
///
/// The platform is trusted for what it answers, since it is what hardware would be; nothing here comes from the host.
/// Callers may be several lanes at once. Nothing here keeps a key: it hands it to its one owner.
import Attestation
import PublicCryptography
import SecretCryptography

/// The seam inside the enclave: another platform is another conforming type.
package protocol Platform: AnyObject, Sendable {
    /// What the platform measured before it started this enclave: not something the enclave could choose.
    var measurement: Hash32 { get }

    /// What the platform says of itself and of how it started the enclave.
    var facts: PlatformFacts { get }

    /// The sealing key of `label` (1 to 64 bytes of UTF-8): the same for the same measurement, label and machine, and
    /// for nobody else.
    func sealingKey(label: String) throws(PlatformError) -> SecretKey

    /// What the image's publisher signed it as; 0 for an image that nobody signed. `PlatformError.malformed` from a
    /// launcher of before there was the question.
    func securityVersion() throws(PlatformError) -> UInt16

    /// As above, of a security version and for whom `owner` names. `PlatformError.refused` for a later version than the
    /// image's own, whose keys an image with a known hole must not have; and for the publisher's key where nobody
    /// signed.
    func sealingKey(label: String, of owner: KeyOwner, version: UInt16) throws(PlatformError) -> SecretKey

    /// Evidence, for whoever trusts the platform's maker, that an enclave of this measurement chose `reportData` (64
    /// bytes).
    func quote(reportData: [UInt8]) throws(PlatformError) -> [UInt8]

    /// The latest record that was stored, `JournalRecord.none` before the first.
    func readJournal() throws(PlatformError) -> JournalRecord

    /// Returns once the record is stored. `PlatformError.refused` if `last` is not the stored one, since somebody else
    /// has been at work on this platform; or if the record does not go forward from it: to a greater height, or to a
    /// greater count under the same header.
    func writeJournal(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError)

    /// As `readJournal`, of the votes that were signed.
    func readVotes() throws(PlatformError) -> JournalRecord

    /// As `writeJournal`, of the votes that were signed; but within a height the header hash may be another.
    func writeVotes(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError)
}

/// Who has a key of a security version: what SGX calls KEYPOLICY. The numbers are those of enclave-host/sealing.h.
package enum KeyOwner: UInt8, Sendable {
    /// This image, whoever signs it.
    case measurement = 1
    /// All images of this publisher's product, of this version and of later ones.
    case publisher = 2
}

package enum PlatformError: Error, Equatable {
    /// The lane is closed: the platform is gone, and the enclave with it.
    case closed
    /// The answer is not one that the platform gives.
    case illegalAnswer
    /// The caller's label or report data has no legal length.
    case malformed
    /// This platform has no such thing.
    case unsupported
    /// The journal record goes back, or follows one that is not the last; the key is another's.
    case refused
    /// The platform's own disk or library failed.
    case failed
}
