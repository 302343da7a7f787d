import BlockStorage
import ChainFormats
import DecidedBlocks
import PublicCryptography
import Testing
import Wire

/// What a block must be to follow the one before, rule by rule.
@Suite struct BlockRulesTests {
    @Test("a chain of blocks made by the rules follows them")
    func honest() throws {
        var chain = try RuleChain()
        for _ in 0..<5 {
            #expect(chain.fault(chain.block([[1], [2, 2]])) == nil)
            try chain.decide()
        }
    }

    /// Powers are 10, 7, 5 and 3. Half of what voted is used up in the order of time; the vote that reaches it is the
    /// time.
    @Test(
        "a block's time is the median of the votes for the one before by power, nil votes weigh too, absent ones do not",
        arguments: [
            ([.block(20), .block(21), .block(22), .block(23)], 21),
            ([.block(23), .block(22), .block(21), .block(20)], 22),
            // 10 of 25 lie, in either direction, and do not carry the median out of what the others say.
            ([.block(9_999_999), .block(21), .block(22), .block(23)], 22),
            ([.block(-9), .block(21), .block(22), .block(23)], 21),
            // Without the nil vote of 3 it would be 25: half of 22 is 11.
            ([.block(22), .block(25), .block(28), .none(21)], 22),
            ([.block(22), .block(25), .block(28), .absent], 25),
            ([.block(20), .block(20), .absent, .absent], 20),
        ] as [([RuleChain.Say], Int64)])
    func medianTime(says: [RuleChain.Say], seconds: Int64) throws {
        var chain = try RuleChain()
        try chain.decide(says: says)
        let block = chain.block()
        #expect(block.header.time.seconds - RuleChain.genesisTime.seconds == seconds)
        #expect(chain.fault(block) == nil)
        for wrong in [
            Timestamp.goZero, block.header.time.adding(nanoseconds: 1),
            block.header.time.adding(nanoseconds: 1_000_000_000),
        ] {
            #expect(chain.fault(chain.block { $0.header.time = wrong }) == .wrongTime)
        }
    }

    @Test("a median that is not later than the last block's time makes no block valid")
    func timeMovesOn() throws {
        var chain = try RuleChain()
        try chain.decide()
        try chain.decide(says: [.block(10), .block(10), .block(10), .block(10)])
        #expect(chain.fault(chain.block()) == .wrongTime)
    }

    @Test("the first block has the genesis time, and a last commit that nobody signed; no more is asked of it")
    func firstBlock() throws {
        let chain = try RuleChain(initialHeight: 7)
        #expect(chain.fault(chain.block()) == nil)
        let odd = Commit(
            height: 0, round: 3, blockID: BlockID(hash: .zero, parts: PartSetHeader(total: 1, hash: .zero)),
            signatures: [])
        #expect(
            chain.fault(
                chain.block {
                    $0.lastCommit = odd
                    $0.header.lastCommitHash = odd.hash()
                }) == nil)
        #expect(
            chain.fault(chain.block { $0.header.time = $0.header.time.adding(nanoseconds: 1) }) == .wrongTime)
        var other = try RuleChain()
        try other.decide()
        #expect(
            chain.fault(
                chain.block {
                    $0.lastCommit = other.lastCommit
                    $0.header.lastCommitHash = other.lastCommit.hash()
                }) == .lastCommitForAnother)
    }

    @Test("a slot that names another validator, or whose flag was turned, is refused")
    func lastCommitSlots() throws {
        var chain = try RuleChain()
        try chain.decide(says: [.block(20), .block(21), .block(22), .none(23)])
        func fault(_ change: (inout Commit) -> Void) -> BlockFault? {
            chain.fault(
                chain.block {
                    change(&$0.lastCommit)
                    $0.header.lastCommitHash = $0.lastCommit.hash()
                })
        }
        #expect(fault { _ in } == nil)
        #expect(
            fault {
                let (first, second) = ($0.signatures[0].validatorAddress, $0.signatures[1].validatorAddress)
                ($0.signatures[0].validatorAddress, $0.signatures[1].validatorAddress) = (second, first)
            } == .lastCommit(.wrongSigner(slot: 0)))
        #expect(fault { $0.signatures[3].flag = .commit } == .lastCommit(.wrongSignature(slot: 3)))
        #expect(fault { $0.signatures[2].flag = .forNil } == .lastCommit(.wrongSignature(slot: 2)))
        #expect(fault { $0.signatures[0].timestamp = .goZero } == .lastCommit(.wrongSignature(slot: 0)))
        #expect(fault { $0.signatures[0] = .absent } == .lastCommit(.notEnoughPower))
    }
}
