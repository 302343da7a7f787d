import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import TestSupport
import Testing
import Wire

/// The past of a `RuleChain`, of which a test may take something away.
struct RuleHistory: EvidenceHistory {
    var chain: RuleChain
    var lost: Set<Int64> = []
    var committed: Set<EvidenceName> = []

    private func block(_ height: Int64) -> DecidedBlock? {
        lost.contains(height) ? nil : chain.blocks.first { $0.height == height }
    }
    func header(_ height: Int64) -> Header? { block(height)?.header }
    func canonicalCommit(_ height: Int64) -> Commit? { block(height + 1)?.block.lastCommit }
    func validators(_ height: Int64) -> ValidatorSet? { block(height)?.validators }
    func isCommitted(_ name: EvidenceName) -> Bool { committed.contains(name) }
}

@Suite struct EvidenceTests {
    let chain: RuleChain
    let history: RuleHistory
    static let height: Int64 = 4

    init() throws {
        var chain = try RuleChain(
            parameters: ConsensusParameters(
                evidence: EvidenceParameters(ageBlocksMax: 5, ageNanosecondsMax: 50_000_000_000, bytesMax: 2000)))
        for _ in 0..<7 { try chain.decide() }
        self.chain = chain
        history = RuleHistory(chain: chain)
    }

    private func vote(
        _ name: String, _ block: String?, kind: VoteKind = .precommit, height: Int64 = height, round: Int32 = 1
    ) -> Vote {
        let key = TestKey(name)
        return key.signed(
            Vote(
                kind: kind, height: height, round: round, blockID: block.map { NamedBlock($0).id },
                timestamp: RuleChain.genesisTime, validatorAddress: key.address,
                validatorIndex: Int32(chain.state.validators.index(of: key.address)!)))
    }

    private func duplicate(_ change: (inout DoubleVote) -> Void = { _ in }) -> Evidence {
        var duplicate = DoubleVote(
            vote("eva", "A"), vote("eva", "B"), of: chain.state.validators,
            time: history.header(Self.height)!.time)!
        change(&duplicate)
        return Evidence(.duplicateVote(duplicate))
    }

    private func verdict(_ evidence: Evidence, _ history: RuleHistory? = nil) -> EvidenceRefusal? {
        do throws(EvidenceRefusal) {
            try chain.state.check(evidence, against: history ?? self.history)
            return nil
        } catch {
            return error
        }
    }

    @Test("two votes for one place are evidence, whichever came first, for nil too")
    func duplicateVote() throws {
        #expect(verdict(duplicate()) == nil)
        let reversed = DoubleVote(
            vote("eva", "B"), vote("eva", "A"), of: chain.state.validators, time: history.header(Self.height)!.time)!
        #expect(Evidence(.duplicateVote(reversed)) == duplicate())
        let withNil = DoubleVote(
            vote("ada", "B"), vote("ada", nil), of: chain.state.validators, time: history.header(Self.height)!.time)!
        #expect(withNil.first.blockID == nil && verdict(Evidence(.duplicateVote(withNil))) == nil)
        #expect(try DoubleVote(protobuf: reversed.protobuf) == reversed)
    }

    @Test("each thing that can be wrong with two votes is refused")
    func wrongDuplicate() {
        func verdict(_ change: (inout DoubleVote) -> Void) -> EvidenceRefusal? { self.verdict(duplicate(change)) }
        #expect(verdict { ($0.first, $0.second) = ($0.second, $0.first) } == .invalid(.wrongOrder))
        #expect(verdict { $0.second = $0.first } == .invalid(.wrongOrder))
        #expect(verdict { $0.totalPower += 1 } == .invalid(.wrongPower))
        #expect(verdict { $0.validatorPower -= 1 } == .invalid(.wrongPower))
        #expect(verdict { $0.time = $0.time.adding(nanoseconds: 1) } == .invalid(.wrongTime))
        #expect(verdict { $0.second.round = 2 } == .invalid(.notOneVoter))
        #expect(verdict { $0.second.height = 5 } == .invalid(.notOneVoter))
        #expect(verdict { $0.second.kind = .prevote } == .invalid(.notOneVoter))
        #expect(verdict { $0.second.validatorAddress = TestKey("ben").address } == .invalid(.notOneVoter))
        #expect(verdict { $0.first.signature[3] ^= 1 } == .invalid(.wrongSignature))
        #expect(verdict { $0.second.timestamp = .goZero } == .invalid(.wrongSignature))
        #expect(verdict { $0.second.voteExtension = [1] } == .notUnderstood)
        let stranger = TestKey("zoe").address
        #expect(
            verdict { ($0.first.validatorAddress, $0.second.validatorAddress) = (stranger, stranger) }
                == .invalid(.unknownValidator))
        #expect(
            verdict { ($0.first.height, $0.second.height) = (99, 99) } == .invalid(.wrongHeight))
    }

    @Test("evidence expires by blocks and time both, is committed once, and of a past that is not here nothing is said")
    func agesAndPast() throws {
        var chain = chain
        func verdict(_ chain: RuleChain, _ history: RuleHistory) -> EvidenceRefusal? {
            do throws(EvidenceRefusal) {
                try chain.state.check(duplicate(), against: history)
                return nil
            } catch {
                return error
            }
        }
        // Ages are 3, 4, 5, 6 blocks of ten seconds each.
        for expected in [nil, nil, nil, EvidenceRefusal.invalid(.expired)] {
            #expect(verdict(chain, history) == expected)
            try chain.decide()
        }
        var past = history
        past.committed = [duplicate().name(duplicate().content!)]
        #expect(self.verdict(duplicate(), past) == .invalid(.repeated))
        past = history
        past.lost = [Self.height]
        #expect(self.verdict(duplicate(), past) == .notUnderstood)
        #expect(self.verdict(Evidence(kind: .duplicateVote, bytes: [1, 2, 3])) == .notUnderstood)
        var padded = duplicate()
        padded.bytes += [0x18, 0x00]
        #expect(self.verdict(padded) == .notUnderstood)
    }

    @Test(
        "a block with evidence is valid, not understood or invalid as the evidence is; twice the same, or too much, is not"
    )
    func inBlocks() {
        func fault(_ evidence: [Evidence], _ history: RuleHistory?) -> BlockFault? {
            do throws(BlockFault) {
                try chain.state.validate(chain.block(evidence: evidence), against: history)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault([duplicate()], history) == nil)
        #expect(fault([duplicate()], nil) == .evidenceNotUnderstood)
        #expect(!BlockFault.evidenceNotUnderstood.breaksARule && BlockFault.evidence(.expired).breaksARule)
        #expect(fault([duplicate(), duplicate()], history) == .evidence(.repeated))
        #expect(fault([duplicate { $0.totalPower = 1 }], history) == .evidence(.wrongPower))
        let many = (0..<8).map { index in
            Evidence(
                .duplicateVote(
                    DoubleVote(
                        vote("ben", "A\(index)"), vote("ben", "B\(index)"), of: chain.state.validators,
                        time: history.header(Self.height)!.time)!))
        }
        #expect(Evidence.byteCount(many) > 2000)
        #expect(fault(many, history) == .evidence(.tooMuch))
        #expect(fault(Array(many.prefix(3)), history) == nil)
    }

    // MARK: Attacks on light clients

    /// A header of height 5 that the validators in `signers` signed, and the evidence that blames `guilty`.
    private func attack(
        common: Int64 = 5, signers: [RuleChain.Say]? = nil, guilty: [String] = ["ada", "ben", "eva"], round: Int32 = 0,
        changing change: (inout Header) -> Void = { _ in }, evidence edit: (inout LightClientAttack) -> Void = { _ in }
    ) -> Evidence {
        var header = history.header(5)!
        header.dataHash = SHA256.hash([1])
        change(&header)
        let block = Block(header: header, transactions: [], lastCommit: .empty)
        let commit = chain.commit(
            block, says: signers ?? [.block(50), .block(50), .block(50), .absent], round: round)
        let members = chain.state.validators
        var attack = LightClientAttack(
            conflicting: UnverifiedHeader(header: header, commit: commit, validators: members), commonHeight: common,
            byzantine: guilty.map { name in members.validators[members.index(of: TestKey(name).address)!] },
            totalPower: members.totalPower, time: history.header(common)!.time)
        edit(&attack)
        return Evidence(.lightClientAttack(attack))
    }

    @Test("equivocation: who signed both headers of a round is to blame; in different rounds nobody can be named")
    func equivocation() throws {
        let evidence = attack()
        #expect(verdict(evidence) == nil)
        guard case .lightClientAttack(let content) = evidence.content else { Issue.record("not read"); return }
        #expect(try LightClientAttack(protobuf: content.protobuf) == content)
        #expect(verdict(attack(round: 1)) == .invalid(.wrongByzantine))
        #expect(verdict(attack(guilty: [], round: 1)) == nil)
        #expect(verdict(attack(guilty: ["ada", "ben"])) == .invalid(.wrongByzantine))
        #expect(verdict(attack(guilty: ["ben", "ada", "eva"])) == .invalid(.wrongByzantine))
    }

    @Test(
        "a header that does not follow from the chain, from an earlier common height: all its signers of then are to blame"
    )
    func lunatic() {
        let bend: (inout Header) -> Void = { $0.appHash = [9] }
        #expect(verdict(attack(common: 3, changing: bend)) == nil)
        // At its own height there is no earlier set that it could have deceived.
        #expect(verdict(attack(common: 5, changing: bend)) == .invalid(.notDerived))
        #expect(verdict(attack(common: 6)) == .invalid(.notDerived))
        #expect(verdict(attack(common: 3, guilty: ["ada", "ben"], changing: bend)) == .invalid(.wrongByzantine))
    }

    @Test("a third of the common set and two thirds of its own must have signed it, and every signature must verify")
    func signatures() {
        let few: [RuleChain.Say] = [.block(50), .absent, .block(50), .absent]
        #expect(verdict(attack(signers: few, guilty: ["ada", "eva"])) == .invalid(.notEnoughPower))
        #expect(
            verdict(
                attack(evidence: {
                    $0.conflicting.commit.signatures[2].signature[0] ^= 1
                })) == .invalid(.wrongSignature))
        #expect(verdict(attack(evidence: { $0.totalPower += 1 })) == .invalid(.wrongPower))
        #expect(verdict(attack(evidence: { $0.conflicting.header.appHash = [3] })) == .invalid(.notDerived))
        #expect(verdict(attack(evidence: { $0.time = .goZero })) == .invalid(.wrongTime))
        var past = history
        past.lost = [6]
        #expect(verdict(attack(), past) == .notUnderstood)
    }

    @Test("the chain's own header is no attack")
    func noConflict() {
        let original = history.header(5)!
        #expect(verdict(attack(changing: { $0 = original })) == .invalid(.noConflict))
        // No signature is looked at for it.
        let unsigned = attack(changing: { $0 = original }, evidence: { $0.conflicting.commit.signatures[0] = .absent })
        #expect(verdict(unsigned) == .invalid(.noConflict))
    }

    // MARK: Waiting

    @Test("two votes become evidence when their height is decided, and wait until a block has them or they are too old")
    func pool() throws {
        var chain = try RuleChain(parameters: chain.state.parameters)
        for _ in 0..<3 { try chain.decide() }
        var pool = EvidencePool()
        pool.note(vote("eva", "B"), vote("eva", "A"))
        pool.note(vote("eva", "B"), vote("eva", "C"))
        #expect(pool.update(after: chain.state, RuleHistory(chain: chain)).isEmpty && pool.pending.isEmpty)
        try chain.decide()
        #expect(pool.update(after: chain.state, RuleHistory(chain: chain)) == [duplicate()])
        #expect(try pool.add(duplicate(), after: chain.state, RuleHistory(chain: chain)) == false)
        #expect(pool.evidence(bytesMax: 2000) == [duplicate()] && pool.evidence(bytesMax: 100).isEmpty)
        for _ in 0..<5 {
            try chain.decide()
            _ = pool.update(after: chain.state, RuleHistory(chain: chain))
            #expect(pool.pending == [duplicate()])
        }
        try chain.decide()
        _ = pool.update(after: chain.state, RuleHistory(chain: chain))
        #expect(pool.pending.isEmpty)

        pool = EvidencePool()
        #expect(throws: EvidenceRefusal.invalid(.wrongPower)) {
            try pool.add(duplicate { $0.totalPower = 1 }, after: self.chain.state, history)
        }
        #expect(try pool.add(duplicate(), after: self.chain.state, history))
        var past = history
        past.committed = [duplicate().name(duplicate().content!)]
        _ = pool.update(after: self.chain.state, past)
        #expect(pool.pending.isEmpty)
    }

    @Test("one attack in two encodings waits once, and a validator's votes in one place are one offence")
    func pendingOnce() throws {
        var pool = EvidencePool()
        #expect(try pool.add(attack(), after: chain.state, history))
        let variant = attack(evidence: { $0.byzantine[0].proposerPriority += 1 })
        #expect(variant != attack() && variant.name(variant.content!) == attack().name(attack().content!))
        #expect(verdict(variant) == nil)
        #expect(try !pool.add(variant, after: chain.state, history))
        #expect(try pool.add(duplicate(), after: chain.state, history))
        let other = Evidence(
            .duplicateVote(
                DoubleVote(
                    vote("eva", "C"), vote("eva", "D"), of: chain.state.validators,
                    time: history.header(Self.height)!.time)!))
        #expect(verdict(other) == nil)
        #expect(try !pool.add(other, after: chain.state, history))
        #expect(pool.pending == [attack(), duplicate()])
        #expect(pool.evidence(bytesMax: Int64(Evidence.byteCount(pool.pending))) == pool.pending)
        #expect(pool.evidence(bytesMax: Int64(Evidence.byteCount(pool.pending)) - 1) == [attack()])
    }

    @Test("what does not fit into a block keeps nothing else out of it, and what fits into none does not wait")
    func tooLarge() throws {
        var pool = EvidencePool()
        #expect(try pool.add(attack(), after: chain.state, history))
        #expect(try pool.add(duplicate(), after: chain.state, history))
        let small = Int64(Evidence.byteCount([duplicate()]))
        #expect(small < Int64(Evidence.byteCount([attack()])) && pool.evidence(bytesMax: small) == [duplicate()])
        var state = chain.state
        state.parameters.evidence.bytesMax = small
        var other = EvidencePool()
        #expect(try !other.add(attack(), after: state, history))
        #expect(try other.add(duplicate(), after: state, history))
    }

    @Test("one validator's offences leave room for those of others")
    func ofOneVoter() throws {
        var pool = EvidencePool()
        func evidence(_ name: String, _ round: Int32) -> Evidence {
            Evidence(
                .duplicateVote(
                    DoubleVote(
                        vote(name, "A", round: round), vote(name, "B", round: round), of: chain.state.validators,
                        time: history.header(Self.height)!.time)!))
        }
        var taken = 0
        for round in 0..<60 as Range<Int32> {
            taken += try pool.add(evidence("eva", round), after: chain.state, history) ? 1 : 0
        }
        #expect(taken == 20 && pool.pending.count == 20)
        #expect(try pool.add(evidence("ada", 0), after: chain.state, history))
        var seen = EvidencePool()
        for round in 0..<60 as Range<Int32> {
            seen.note(vote("eva", "A", round: round), vote("eva", "B", round: round))
        }
        seen.note(vote("ada", "A"), vote("ada", "B"))
        #expect(seen.update(after: chain.state, history).count == 21)
    }

    @Test("what a peer that is behind or ahead says of evidence is no fault: a block has it, it is too old, or to come")
    func gossipOfOthers() throws {
        var (pool, chain, past) = (EvidencePool(), chain, history)
        past.committed = [duplicate().name(duplicate().content!)]
        #expect(try !pool.add(duplicate(), after: chain.state, past))
        let early = try RuleChain(parameters: chain.state.parameters)
        #expect(throws: EvidenceRefusal.notUnderstood) { try pool.add(duplicate(), after: early.state, history) }
        for _ in 0..<3 { try chain.decide() }
        #expect(verdict(duplicate()) == nil)
        #expect(try !pool.add(duplicate(), after: chain.state, history))
        #expect(pool.pending.isEmpty)
    }

    @Test(
        "the store knows what is in a block, and keeps sets and headers of pruned blocks for as long as evidence counts"
    )
    func stored() throws {
        let folder = TemporaryFolder()
        let store = try BlockStore(folder: folder.path("blocks"), isDurable: false)
        var chain = try RuleChain(parameters: chain.state.parameters)
        try store.save(chain.state)
        for height in 1...8 as ClosedRange<Int64> {
            try chain.decide(chain.block(evidence: height == 7 ? [duplicate()] : []))
            try store.save(chain.blocks.last!)
            try store.save(chain.state)
        }
        let stored = StoredHistory(store)
        #expect(stored.isCommitted(duplicate().name(duplicate().content!)))
        #expect(stored.header(4) == chain.blocks[3].header && stored.validators(4) == chain.blocks[3].validators)
        #expect(stored.canonicalCommit(4) == chain.blocks[4].block.lastCommit && stored.canonicalCommit(8) == nil)
        try store.prune(below: 6, expires: { height, _ in height < 3 })
        #expect(try store.block(5) == nil && store.bounds() == 6...8)
        #expect(stored.header(2) == nil && stored.validators(2) == nil)
        #expect(stored.header(3) == chain.blocks[2].header && stored.validators(3) != nil)
        try store.prune(below: 7, expires: { _, _ in true })
        #expect(stored.header(6) == nil && stored.header(7) != nil && stored.header(3) == nil)
        try store.save(pendingEvidence: [duplicate()])
        #expect(try store.pendingEvidence() == [duplicate()])
    }
}
