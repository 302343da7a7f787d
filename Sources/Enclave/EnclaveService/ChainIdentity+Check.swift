import Attestation
import DecidedBlocks
import EnclaveProtocol
import PublicCryptography
import Wire

extension ChainIdentity {
    /// Refuses an identity that no chain can have. The host chose it, and it is fixed with the seed for ever.
    func check() throws(Failure) {
        // A lease ends some day in both ways, in numbers that cannot overflow; only a chain for developers has none.
        guard (leaseAnswers == 0) == (leaseSeconds == 0), leaseAnswers > 0 || profile == .development else {
            throw .identityRefused
        }
        // What is exchanged has gone before the next is, and takes a block at least.
        guard (epochBlocks == 0) == (epochGraceBlocks == 0), epochGraceBlocks <= epochBlocks else {
            throw .identityRefused
        }
        guard (1...50).contains(chainID.utf8.count), initialHeight >= 1, initialHeight <= UInt64(Int64.max / 2),
            initialValidatorsHash.count == Hash32.byteCount,
            Timestamp(seconds: genesisSeconds, nanoseconds: genesisNanoseconds) != nil,
            attestationRoots.allSatisfy({ $0.spkiSHA256.count == Hash32.byteCount })
        else { throw .identityRefused }
        // One chain never has both kinds of root.
        guard Set(attestationRoots.map(\.kind)).count <= 1 else { throw .identityRefused }
    }
}
