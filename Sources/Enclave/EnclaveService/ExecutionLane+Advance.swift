import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import PublicCryptography
import Wire

extension ExecutionLane {
    /// Moves the head forward to a verified header without running the blocks up to it, for a host that takes the
    /// state there from others. Nothing is believed of that state: the next header proves its roots as ever.
    ///
    /// The attack: a host shows a header of another branch, or one behind what this platform went through, to have
    /// blocks run with another story. So the header must be signed by two thirds of the set that the head names as well
    /// as by its own, and the platform is told of it as of a block that begins: it takes none that is behind.
    ///
    /// Or it lies in a block, and when the next header contradicts the enclave, starts it again with the record from
    /// before and has that header left out. So what the enclave ran at its head is compared before the head moves on.
    func advance(_ request: Advance) throws(Failure) -> [UInt8] {
        let vault = try core.vault
        guard block == nil else { throw Failure.blockNotEnded }
        guard core.results.isEmpty else { throw Failure.resultsNotCompared }
        guard let trusted = try? ValidatorSet(protobuf: request.trustedValidators) else {
            throw Failure.headerMalformed
        }
        let header = try verify(request.header, request.commit, request.validators) { header throws(HeaderRefusal) in
            var head = core.head ?? vault.anchor.origin
            // Sets of validators from before this enclave was let in prove nothing to it.
            if let granted = vault.granted, granted.height > head.height { head = granted }
            guard header.header.height > 0, header.header.height - 1 > head.height else {
                // The next one is verified as ever; one of the head's own height may show that there are two.
                guard core.head != nil || vault.granted != nil else { return try vault.anchor.verify(first: header) }
                return try head.advance(to: header, on: vault.anchor)
            }
            return try head.skip(to: header, trusting: trusted, on: vault.anchor)
        }
        do throws(Failure) {
            try Vouching.bind(header, on: core.platform)
        } catch {
            if [.secondHeaderForHeight, .journalMoved].contains(error) { core.stop() }
            throw error
        }
        core.advance(to: header.head)
        return try core.sealRecord(vault, head: header.head, results: core.results)
    }
}
