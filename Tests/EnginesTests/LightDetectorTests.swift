import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import Wire

/// Headers of a chain, and what it was sent of evidence.
private final class PlayedNode: LightWitness {
    struct Missing: Error {}
    let headers: [Int64: UnverifiedHeader]
    let taken = Mutex<[Evidence]>([])
    private let last: Int64?

    init(_ headers: [UnverifiedHeader], last: Int64? = nil) {
        self.headers = Dictionary(uniqueKeysWithValues: headers.map { ($0.header.height, $0) })
        self.last = last
    }

    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        guard let shown = headers[height] else { throw Missing() }
        return shown
    }
    func lastLightBlock() throws -> UnverifiedHeader {
        guard let height = last ?? headers.keys.max() else { throw Missing() }
        return try lightBlock(height)
    }
    func take(_ evidence: Evidence) throws { taken.withLock { $0.append(evidence) } }
}

@Suite("Nodes that show two chains") struct LightDetectorTests {
    /// What the network decided: ten blocks, ten seconds apart.
    private let chain: RuleChain
    private let honest: [UnverifiedHeader]
    private let now = RuleChain.genesisTime.adding(nanoseconds: 200_000_000_000)

    init() throws {
        var chain = try RuleChain()
        for _ in 0..<10 { try chain.decide() }
        self.chain = chain
        honest = Self.headers(chain)
    }

    private static func headers(_ chain: RuleChain) -> [UnverifiedHeader] {
        chain.blocks.map {
            UnverifiedHeader(header: $0.header, commit: $0.commit, validators: $0.validators)
        }
    }

    /// What its deceivers show: the same up to `height`, whose header is changed and signed by `signers` in `round`,
    /// and then what follows from that, if `goesOn`.
    private func forged(
        at height: Int64, round: Int32 = 0, signers: [RuleChain.Say]? = nil, goesOn: Bool = false,
        changing change: (inout Header) -> Void
    ) throws -> [UnverifiedHeader] {
        var fork = try RuleChain()
        for _ in 1..<height { try fork.decide() }
        var header = fork.block().header
        change(&header)
        let block = Block(header: header, transactions: [], lastCommit: fork.lastCommit)
        let commit = fork.commit(
            block, says: signers ?? [.block(height * 10), .block(height * 10), .block(height * 10), .absent],
            round: round)
        var headers = Array(honest.prefix(Int(height) - 1))
        headers.append(UnverifiedHeader(header: header, commit: commit, validators: fork.state.validators))
        guard goesOn else { return headers }
        for later in (height + 1)...9 {
            var next = honest[Int(later) - 1].header
            next.lastBlockID = headers.last!.commit.blockID
            let commit = fork.commit(Block(header: next, transactions: [], lastCommit: .empty))
            headers.append(UnverifiedHeader(header: next, commit: commit, validators: fork.state.validators))
        }
        return headers
    }

    private func trace(_ headers: [UnverifiedHeader], to height: Int64, from first: Int64 = 1) throws -> LightTrace {
        let node = PlayedNode(headers)
        return try LightTrace(
            from: node.lightBlock(first), to: node.lightBlock(height), by: LightRules(chainID: RuleChain.chainID),
            at: now, node)
    }

    private func finding(
        _ shown: [UnverifiedHeader], to height: Int64, _ witness: PlayedNode, wait: @escaping @Sendable () -> Void = {}
    ) throws -> WitnessFinding {
        LightDetector(LightRules(chainID: RuleChain.chainID), wait: wait).compare(
            try trace(shown, to: height), with: witness, primary: PlayedNode(shown), at: now)
    }

    private func attack(_ finding: WitnessFinding) -> LightAttack? {
        if case .attack(let attack) = finding { attack } else { nil }
    }

    /// What a node of the network says of evidence.
    private func verdict(_ attack: LightClientAttack) -> EvidenceRefusal? {
        do throws(EvidenceRefusal) {
            try chain.state.check(Evidence(.lightClientAttack(attack)), against: RuleHistory(chain: chain))
            return nil
        } catch {
            return error
        }
    }

    private func names(_ validators: [Validator]) -> [String] { validators.map { chain.key($0).name } }

    @Test("a header of another state is found, and all of the common set who signed it are to blame (lunatic)")
    func lunatic() throws {
        let shown = try forged(at: 6) { $0.appHash = [9] }
        let found = try #require(attack(try finding(shown, to: 6, PlayedNode(honest))))
        #expect(found.kind == .lunatic && found.commonHeight == 1)
        #expect(found.ofPrimary.commonHeight == 1 && found.ofPrimary.conflicting.commit == shown[5].commit)
        #expect(names(found.ofPrimary.byzantine) == ["ada", "ben", "eva"])
        #expect(found.ofPrimary.conflicting.validators.proposerAddress != nil && verdict(found.ofPrimary) == nil)
        // Whoever believes the other side blames those who signed the chain's own header.
        let other = try #require(found.ofWitness)
        #expect(other.conflicting.header == honest[5].header)
        #expect(names(other.byzantine) == ["ada", "ben", "eva", "ida"])
        #expect(verdict(other) == .invalid(.noConflict))
    }

    @Test(
        "two headers that both follow, decided in one round, are found, and who signed both is to blame (equivocation)")
    func equivocation() throws {
        let shown = try forged(at: 6) { $0.dataHash = SHA256.hash([1]) }
        let found = try #require(attack(try finding(shown, to: 6, PlayedNode(honest))))
        #expect(found.kind == .equivocation && found.ofPrimary.commonHeight == 6)
        #expect(names(found.ofPrimary.byzantine) == ["ada", "ben", "eva"])
        #expect(verdict(found.ofPrimary) == nil)
    }

    @Test("a false signature beside those that suffice, in either commit, blames nobody and spoils no evidence")
    func falseSlot() throws {
        let ida = chain.state.validators.validators[3].address
        let slot = CommitSignature(
            flag: .commit, validatorAddress: ida, timestamp: honest[5].header.time,
            signature: [UInt8](repeating: 7, count: 64))
        var shown = try forged(at: 6) { $0.dataHash = SHA256.hash([1]) }
        shown[5].commit.signatures[3] = slot
        var spoilt = honest
        spoilt[5].commit.signatures[3] = slot
        for witness in [honest, spoilt] {
            let found = try #require(attack(try finding(shown, to: 6, PlayedNode(witness))))
            #expect(names(found.ofPrimary.byzantine) == ["ada", "ben", "eva"] && verdict(found.ofPrimary) == nil)
        }
    }

    @Test("a witness that never ends to answer is one that does not answer")
    func slowWitness() throws {
        let shown = try forged(at: 6) { $0.appHash = [9] }
        var detector = LightDetector(LightRules(chainID: RuleChain.chainID))
        detector.patience = .zero
        let finding = detector.compare(
            try trace(shown, to: 6), with: PlayedNode(honest), primary: PlayedNode(shown), at: now)
        guard case .silent = finding else { Issue.record("\(finding)"); return }
    }

    @Test("in different rounds they are found too, and nobody can be named (amnesia)")
    func amnesia() throws {
        let shown = try forged(at: 6, round: 2) { $0.dataHash = SHA256.hash([1]) }
        let found = try #require(attack(try finding(shown, to: 6, PlayedNode(honest))))
        #expect(found.kind == .amnesia && found.ofPrimary.byzantine.isEmpty)
        #expect(verdict(found.ofPrimary) == nil)
    }

    @Test("of a chain that parted long before, the first header that differs on the way is the evidence")
    func longAgo() throws {
        let shown = try forged(at: 4, goesOn: true) { $0.dataHash = SHA256.hash([1]) }
        var way = try trace(shown, to: 9)
        #expect(way.headers.map(\.header.height) == [1, 9])
        way = LightTrace(unchecked: [0, 1, 2, 4, 6, 8].map { shown[$0] })
        let finding = LightDetector(LightRules(chainID: RuleChain.chainID)).compare(
            way, with: PlayedNode(honest), primary: PlayedNode(shown), at: now)
        let found = try #require(attack(finding))
        #expect(found.commonHeight == 3 && found.ofPrimary.conflicting.header == shown[4].header)
        #expect(verdict(found.ofPrimary) == nil)
    }

    @Test("a chain that ran ahead is found by a witness whose last header is later than it")
    func ahead() throws {
        // Height 9 with the time of height 5, before the network is there.
        let shown = try forged(at: 9) {
            $0.time = honest[4].header.time
            $0.appHash = [9]
        }
        let waited = Atomic(0)
        let behind = PlayedNode(Array(honest.prefix(5)))
        let finding = LightDetector(LightRules(chainID: RuleChain.chainID), wait: { waited.add(1, ordering: .relaxed) })
            .compare(
                LightTrace(unchecked: [shown[0], shown[8]]), with: behind, primary: PlayedNode(shown), at: now)
        let found = try #require(attack(finding))
        #expect(found.kind == .lunatic && found.commonHeight == 1 && waited.load(ordering: .relaxed) == 0)
        // The network says so as soon as it has the height.
        #expect(verdict(found.ofPrimary) == nil)
    }

    @Test("one who is behind is waited for once and then left; who is wrong without proof is no witness, and no attack")
    func noAttack() throws {
        let waited = Atomic(0)
        let wait: @Sendable () -> Void = { waited.add(1, ordering: .relaxed) }
        guard case .silent = try finding(honest, to: 8, PlayedNode(Array(honest.prefix(4))), wait: wait) else {
            Issue.record("not silent")
            return
        }
        #expect(waited.load(ordering: .relaxed) == 1)
        guard case .silent = try finding(honest, to: 8, PlayedNode([])) else { Issue.record("not silent"); return }
        guard case .agrees = try finding(honest, to: 8, PlayedNode(honest)) else { Issue.record("differs"); return }
        // Too few sign it; nobody does; another chain from its first header on.
        let few = try forged(at: 8, signers: [.absent, .block(80), .absent, .absent]) { $0.appHash = [9] }
        var unsigned = honest
        unsigned[7].header.appHash = [9]
        var otherStart = try forged(at: 8) { $0.appHash = [9] }
        otherStart[0].header.appHash = [8]
        for liar in [few, unsigned, otherStart] {
            let finding = try finding(honest, to: 8, PlayedNode(liar))
            guard case .wrong = finding else { Issue.record("\(finding)"); continue }
        }
    }

    @Test("a trace takes a third of the set that is believed, and headers between where it has less")
    func traces() throws {
        // From height 4 on the least has nearly all power, and signs alone from height 6 on.
        var chain = try RuleChain()
        for height in 1...9 {
            let members = chain.state.validators.validators
            let isAlone = height > 5
            try chain.decide(
                says: members.map {
                    isAlone && chain.key($0).name != "ida" ? .absent : .block(Int64(height) * 10)
                },
                outcome: BlockOutcome(
                    results: [], appHash: [7],
                    validatorUpdates: height == 2
                        ? [ValidatorUpdate(publicKey: TestKey("ida").publicKey, power: 100)] : []))
        }
        let headers = Self.headers(chain)
        let node = PlayedNode(headers)
        let rules = LightRules(chainID: RuleChain.chainID)
        #expect(try trace(honest, to: 9).headers.count == 2)
        #expect(try trace(headers, to: 9).headers.map(\.header.height) == [1, 5, 9])
        #expect(throws: LightRefusal.notShown(height: 5)) {
            try LightTrace(from: headers[0], to: headers[8], by: rules, at: now, PlayedNode([]))
        }
        // Ten of twenty-five signed it: more than a third of those believed, and no two thirds of its own.
        var weak = honest
        weak[8].commit = self.chain.commit(self.chain.blocks[8].block, says: [.block(90), .absent, .absent, .absent])
        #expect(throws: LightRefusal.header(.commit(.notEnoughPower))) { try trace(weak, to: 9) }
        #expect(throws: LightRefusal.expired) {
            try LightTrace(
                from: headers[0], to: headers[8], by: rules,
                at: now.adding(nanoseconds: ChainHead.trustingPeriodNanoseconds),
                node)
        }
        // By the time of the blocks each step is held against the header before it.
        var ofThePast = rules
        (ofThePast.goesByBlockTime, ofThePast.trustingPeriodNanoseconds) = (true, 50_000_000_000)
        let long = try LightTrace(from: honest[0], to: honest[8], by: ofThePast, at: now, PlayedNode(honest))
        #expect(long.headers.map(\.header.height) == [1, 5, 9])
        #expect(throws: LightRefusal.fromTheFuture) {
            try LightTrace(from: headers[0], to: headers[8], by: rules, at: headers[4].header.time, node)
        }
        #expect(throws: LightRefusal.another(height: 1)) {
            try LightTrace(from: headers[0], to: try forged(at: 1) { $0.appHash = [9] }[0], by: rules, at: now, node)
        }
    }
}
