import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// Headers of a chain of four validators, of whom one leaves and another comes every three heights.
private final class ChangingChain {
    let chainID = "trail-1"
    private let folder = TemporaryFolder("trail")
    private var signers: [ValidatorSigner] = []
    private(set) var headers: [UnverifiedHeader] = []
    let genesis: GenesisDocument

    /// - Parameter changes: whether anybody comes or leaves.
    init(heights: Int64, daysBetween: Int64 = 0, changes: Bool = true) throws {
        for index in 0..<12 {
            let place = folder.path("\(index)")
            try ValidatorSigner.generate(keyPath: place + ".key", statePath: place + ".state")
            signers.append(try ValidatorSigner(keyPath: place + ".key", statePath: place + ".state", isDurable: false))
        }
        let start = Timestamp(rfc3339: "2026-01-02T03:04:05Z")!
        genesis = GenesisDocument(
            genesisTime: start, chainID: chainID,
            validators: signers[..<4].map { GenesisValidator(publicKey: $0.publicKey, power: 10, name: "one") })
        var last: BlockID?
        for height in 1...heights {
            let (set, next) = (self.set(height, changes), self.set(height + 1, changes))
            let hash = SHA256.hash([UInt8(height)])
            let header = Header(
                chainID: chainID, height: height,
                time: start.adding(nanoseconds: (height - 1) * (daysBetween * 86_400 + 1) * 1_000_000_000),
                lastBlockID: last, lastCommitHash: hash, dataHash: hash, validatorsHash: set.hash(),
                nextValidatorsHash: next.hash(), consensusHash: hash, appHash: hash.bytes, lastResultsHash: hash,
                evidenceHash: hash, proposerAddress: set.validators[0].address)
            let blockID = BlockID(hash: header.hash(), parts: PartSetHeader(total: 1, hash: hash))
            let slots = try set.validators.enumerated().map { index, validator in
                var vote = Vote(
                    kind: .precommit, height: height, round: 0, blockID: blockID, timestamp: header.time,
                    validatorAddress: validator.address, validatorIndex: Int32(index))
                try signers.first { $0.address == validator.address }!.sign(&vote, chainID: chainID)
                return vote.commitSignature(for: blockID)
            }
            headers.append(
                UnverifiedHeader(
                    header: header, commit: Commit(height: height, round: 0, blockID: blockID, signatures: slots),
                    validators: set))
            last = blockID
        }
    }

    private func set(_ height: Int64, _ changes: Bool) -> ValidatorSet {
        let first = changes ? Int((height - 1) / 3) : 0
        return ValidatorSet(
            genesis: signers[first..<first + 4].map { ValidatorUpdate(publicKey: $0.publicKey, power: 10) })!
    }

    subscript(height: Int64) -> UnverifiedHeader { headers[Int(height) - 1] }

    func trail(to height: Int64, _ sources: [any LightBlockSource] = []) throws(SyncRefusal) -> LightTrail {
        try LightTrail(
            from: genesis.anchor!.origin, trusting: ValidatorSet(genesis: genesis.validatorUpdates)!, to: self[height],
            on: genesis.anchor!, sources: sources)
    }
}

private struct Shown: LightBlockSource {
    struct Missing: Error {}
    var headers: [UnverifiedHeader]
    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        guard headers.indices.contains(Int(height) - 1) else { throw Missing() }
        return headers[Int(height) - 1]
    }
}

@Suite("From a header that is believed to a later one") struct LightTrailTests {
    @Test(
        "validators who have changed by more than a third are followed over headers between, each as an enclave follows"
    )
    func changed() async throws {
        try await onThread {
            let chain = try ChangingChain(heights: 20)
            #expect(try chain.trail(to: 1).steps.count == 1)
            #expect(try chain.trail(to: 4).steps.count == 1)
            #expect(throws: SyncRefusal.header(.notTrusted)) { try chain.trail(to: 20) }
            let trail = try chain.trail(to: 20, [Shown(headers: chain.headers)])
            #expect(trail.steps.count > 2 && trail.steps.last?.header == chain[20])
            // Step by step, as the enclave does: it is shown nothing but these.
            var head = chain.genesis.anchor!.origin
            for step in trail.steps {
                head =
                    step.header.header.height == head.height + 1
                    ? try head.advance(to: step.header, on: chain.genesis.anchor!).head
                    : try head.skip(to: step.header, trusting: step.trusted, on: chain.genesis.anchor!).head
            }
            #expect(head.headerHash == chain[20].header.hash())
        }
    }

    @Test("two weeks of block time are followed over headers between")
    func long() async throws {
        try await onThread {
            let chain = try ChangingChain(heights: 12, daysBetween: 3, changes: false)
            #expect(try chain.trail(to: 4).steps.count == 1)
            #expect(throws: SyncRefusal.header(.beyondTrust)) { try chain.trail(to: 12) }
            #expect(try chain.trail(to: 12, [Shown(headers: chain.headers)]).steps.count > 2)
        }
    }

    @Test("who shows another chain leads nowhere, and the next one is asked")
    func lies() async throws {
        try await onThread {
            let chain = try ChangingChain(heights: 20)
            let other = try ChangingChain(heights: 20)
            var forged = chain.headers
            for index in forged.indices { forged[index].header.appHash = [1] }
            let honest = Shown(headers: chain.headers)
            for liar in [Shown(headers: other.headers), Shown(headers: forged)] {
                #expect(throws: SyncRefusal.self) { try chain.trail(to: 20, [liar]) }
            }
            #expect(try chain.trail(to: 20, [Shown(headers: []), honest]).steps.last?.header == chain[20])
            // What is asked for must itself be signed.
            var unsigned = chain[20]
            unsigned.commit.signatures = unsigned.commit.signatures.map { _ in .absent }
            #expect(throws: SyncRefusal.self) {
                _ = try LightTrail(
                    from: chain.genesis.anchor!.origin,
                    trusting: ValidatorSet(genesis: chain.genesis.validatorUpdates)!,
                    to: unsigned, on: chain.genesis.anchor!, sources: [honest])
            }
        }
    }

    @Test("a header that is named by its hash is believed, whoever shows it, and no other")
    func named() async throws {
        try await onThread {
            let chain = try ChangingChain(heights: 20)
            let honest = Shown(headers: chain.headers)
            let hash = chain[10].header.hash()
            let place = try #require(
                try SyncTrust.Place(hash: hash, height: 10, chainID: chain.chainID, shownBy: honest))
            #expect(place.head.height == 10 && place.head.headerHash == hash && place.next == chain[11].validators)
            #expect(try SyncTrust.Place(hash: hash, height: 9, chainID: chain.chainID, shownBy: honest) == nil)
            #expect(try SyncTrust.Place(hash: hash, height: 10, chainID: "other", shownBy: honest) == nil)
            var wrongNext = chain.headers
            wrongNext[10].validators = chain[20].validators
            #expect(
                try SyncTrust.Place(
                    hash: hash, height: 10, chainID: chain.chainID, shownBy: Shown(headers: wrongNext)) == nil)
            let trail = try LightTrail(
                from: place.head, trusting: place.next, to: chain[12], on: chain.genesis.anchor!, sources: [])
            #expect(trail.steps.count == 1)
            var trust = try #require(SyncTrust(chain.genesis))
            trust.named = place
            #expect(trust.floor == 10)
        }
    }
}
