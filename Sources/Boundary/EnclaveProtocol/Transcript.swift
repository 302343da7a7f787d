import PublicCryptography

/// A running hash of everything that crossed on one lane, kept by both sides: equal hashes mean that both saw the same
/// conversation, and a recorded session can be checked against it.
///
/// t' = SHA-256(t || direction || SHA-256(body)), where the direction is 1 into the enclave and 2 out of it, whichever
/// side records it.
package struct Transcript: Sendable {
    package enum Action: Sendable { case sent, received }

    package private(set) var hash = Hash32.zero
    private let isEnclaveSide: Bool

    package init(isEnclaveSide: Bool) {
        self.isEnclaveSide = isEnclaveSide
    }

    package mutating func record(_ action: Action, _ body: [UInt8]) {
        let inward = (action == .received) == isEnclaveSide
        var hasher = SHA256.Hasher()
        hasher.update(hash)
        hasher.update(CollectionOfOne(inward ? 1 : 2))
        hasher.update(SHA256.hash(body))
        hash = hasher.finalize()
    }
}
