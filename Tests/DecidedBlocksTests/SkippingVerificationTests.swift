import ChainFormats
import DecidedBlocks
import Foundation
import PublicCryptography
import Testing
import Wire

/// Skipping verification against a rule that is written down once more, over all sets of four validators.
///
/// The shapes are those of the model-based steps of tendermint-rs; with a checkout of that, `MODEL_BASED_STEPS` may
/// name the folder of its own 99 steps, which are then gone through too.
@Suite struct SkippingVerificationTests {
    static let names = ["n1", "n2", "n3", "n4"]
    static let chainID = "skip-1"
    static let rules = SkippingRules(trustingPeriodNanoseconds: 1000 * 1_000_000_000, clockDriftNanoseconds: 0)!

    static func set(_ mask: Int, powers: [Int64] = [50, 50, 50, 50]) -> ValidatorSet? {
        ValidatorSet(
            genesis: names.indices.filter { mask & 1 << $0 != 0 }.map {
                ValidatorUpdate(publicKey: TestSigner(names[$0]).publicKey, power: powers[$0])
            })
    }

    static func seconds(_ count: Int64) -> Timestamp { Timestamp(seconds: count, nanoseconds: 0)! }

    static func header(
        _ height: Int64, validators: ValidatorSet, next: ValidatorSet, seconds count: Int64? = nil
    ) -> Header {
        Header(
            chainID: chainID, height: height, time: seconds(count ?? height * 10), lastBlockID: nil,
            lastCommitHash: nil, dataHash: nil, validatorsHash: validators.hash(), nextValidatorsHash: next.hash(),
            consensusHash: .zero, appHash: [], lastResultsHash: nil, evidenceHash: nil,
            proposerAddress: validators.validators[0].address)
    }

    static func signed(_ header: Header, of set: ValidatorSet, by mask: Int) -> UnverifiedHeader {
        var commit = Commit(
            height: header.height, round: 1,
            blockID: BlockID(hash: header.hash(), parts: PartSetHeader(total: 1, hash: .zero)),
            signatures: Array(repeating: .absent, count: set.count))
        for (index, name) in names.enumerated() where mask & 1 << index != 0 {
            let signer = TestSigner(name)
            let address = ValidatorAddress(publicKey: signer.publicKey)
            guard let slot = set.index(of: address) else { continue }
            commit.signatures[slot] = CommitSignature(
                flag: .commit, validatorAddress: address, timestamp: header.time, signature: [0])
            commit.signatures[slot].signature = signer.sign(commit.signBytes(at: slot, chainID: chainID)!)
        }
        return UnverifiedHeader(header: header, commit: commit, validators: set)
    }

    /// A head at height 1 that names `next`, as whoever trusts it has it.
    static func head(next: ValidatorSet) throws -> ChainHead {
        let all = set(15)!
        let anchor = ChainAnchor(
            chainID: chainID, genesisTime: seconds(10), initialHeight: 1, initialValidatorsHash: all.hash())
        return try anchor.verify(first: signed(header(1, validators: all, next: next), of: all, by: 15)).head
    }

    static func verdict(
        _ next: UnverifiedHeader, after head: ChainHead, trusting set: ValidatorSet, rules: SkippingRules = rules,
        at now: Int64 = 500
    ) -> SkipRefusal? {
        do throws(SkipRefusal) {
            let verified = try head.verify(
                skippingTo: next, trusting: set, by: rules, at: seconds(now), chainID: chainID)
            #expect(verified.header == next.header && verified.head.height == next.header.height)
            return nil
        } catch {
            return error
        }
    }

    @Test("every trusted set of four validators, every new one and all who may sign it, the next height or a later one")
    func everySet() throws {
        var counts = (accepted: 0, distrusted: 0, refused: 0)
        for trustedMask in 1...15 {
            let trusted = Self.set(trustedMask)!
            let head = try Self.head(next: trusted)
            for newMask in 1...15 {
                let set = Self.set(newMask)!
                for signers in 1...15 where signers & ~newMask == 0 {
                    for height in [2, 3] as [Int64] {
                        let next = Self.signed(Self.header(height, validators: set, next: set), of: set, by: signers)
                        let refusal = Self.verdict(next, after: head, trusting: trusted)
                        // The rule in whole validators, since all have one power.
                        let overlap = (signers & trustedMask).nonzeroBitCount
                        let isTrusted = height == 2 ? newMask == trustedMask : 3 * overlap > trustedMask.nonzeroBitCount
                        let isDecided = 3 * signers.nonzeroBitCount > 2 * newMask.nonzeroBitCount
                        if isTrusted, isDecided {
                            counts.accepted += 1
                            #expect(refusal == nil)
                        } else if height > 2, !isTrusted {
                            counts.distrusted += 1
                            #expect(refusal == .notEnoughTrust)
                        } else {
                            counts.refused += 1
                            #expect(refusal == .header(isTrusted ? .commit(.notEnoughPower) : .wrongValidators))
                        }
                    }
                }
            }
        }
        #expect(counts.accepted > 100 && counts.distrusted > 100 && counts.refused > 100)
    }

    @Test(
        "unequal powers: more than the share of the trusted power, in whole units",
        arguments: [(1, 3, 33, false), (1, 3, 34, true), (2, 3, 66, false), (2, 3, 67, true), (1, 1, 99, false)])
    func share(numerator: Int64, denominator: Int64, power: Int64, isTrusted: Bool) throws {
        let trusted = Self.set(3, powers: [power, 100 - power, 1, 1])!
        let head = try Self.head(next: trusted)
        let new = Self.set(1)!
        let next = Self.signed(Self.header(9, validators: new, next: new), of: new, by: 1)
        let rules = SkippingRules(
            numerator: numerator, denominator: denominator, trustingPeriodNanoseconds: 1_000_000_000_000,
            clockDriftNanoseconds: 0)!
        #expect(Self.verdict(next, after: head, trusting: trusted, rules: rules) == (isTrusted ? nil : .notEnoughTrust))
    }

    @Test("a share below a third, above one or of nothing is no rule")
    func levels() {
        for (numerator, denominator) in [(1, 4), (33, 100), (4, 3), (0, 1), (1, 0), (-1, -3), (101, 101)]
            as [(Int64, Int64)]
        {
            #expect(
                SkippingRules(
                    numerator: numerator, denominator: denominator, trustingPeriodNanoseconds: 1,
                    clockDriftNanoseconds: 0) == nil)
        }
    }

    @Test("time: the head must not have expired, and the header be later than it and not later than now")
    func times() throws {
        let set = Self.set(15)!
        let head = try Self.head(next: set)
        func verdict(seconds: Int64, now: Int64, drift: Int64 = 0) -> SkipRefusal? {
            let next = Self.signed(Self.header(4, validators: set, next: set, seconds: seconds), of: set, by: 15)
            let rules = SkippingRules(
                trustingPeriodNanoseconds: 1000 * 1_000_000_000, clockDriftNanoseconds: drift * 1_000_000_000)!
            return Self.verdict(next, after: head, trusting: set, rules: rules, at: now)
        }
        #expect(verdict(seconds: 40, now: 1009) == nil)
        #expect(verdict(seconds: 40, now: 1010) == .expired)
        #expect(verdict(seconds: 40, now: 41) == nil)
        #expect(verdict(seconds: 40, now: 40) == .fromTheFuture)
        #expect(verdict(seconds: 40, now: 31, drift: 10) == nil)
        #expect(verdict(seconds: 40, now: 30, drift: 10) == .fromTheFuture)
        #expect(verdict(seconds: 10, now: 500) == .header(.timeNotLater))
    }

    @Test("what is not what it says is refused before anyone looks for trust in between")
    func malformed() throws {
        let (set, few) = (Self.set(15)!, Self.set(1)!)
        let head = try Self.head(next: set)
        func verdict(_ change: (inout UnverifiedHeader) -> Void) -> SkipRefusal? {
            var next = Self.signed(Self.header(4, validators: few, next: few), of: few, by: 1)
            change(&next)
            return Self.verdict(next, after: head, trusting: set)
        }
        #expect(verdict { _ in } == .notEnoughTrust)
        #expect(verdict { $0.header.appHash = [1] } == .header(.commitForAnother))
        #expect(verdict { $0.commit.height = 5 } == .header(.commitForAnother))
        #expect(verdict { $0.validators = set } == .header(.commitForAnother))
        #expect(verdict { $0.header.height = 1 } == .header(.wrongHeight))
        #expect(
            Self.verdict(
                Self.signed(Self.header(4, validators: set, next: set), of: set, by: 15), after: head, trusting: few)
                == .header(.wrongValidators))
        var other = Self.signed(Self.header(4, validators: set, next: set), of: set, by: 15)
        other.header.chainID = "other"
        #expect(Self.verdict(other, after: head, trusting: set) == .header(.commitForAnother))
    }

    @Test("who follows the chain and leaves out heights wants two thirds of the set that it knows, and no age")
    func skip() throws {
        let set = Self.set(15, powers: [33, 33, 33, 1])!
        let head = try Self.head(next: set)
        let anchor = ChainAnchor(
            chainID: Self.chainID, genesisTime: Self.seconds(10), initialHeight: 1, initialValidatorsHash: .zero)
        func refusal(
            _ next: UnverifiedHeader, on anchor: ChainAnchor = anchor, within nanoseconds: Int64? = nil,
            trusting: ValidatorSet = set
        ) -> HeaderRefusal? {
            do throws(HeaderRefusal) {
                let limit = nanoseconds ?? ChainHead.trustingPeriodNanoseconds
                let verified = try head.skip(to: next, trusting: trusting, on: anchor, within: limit)
                #expect(verified.header == next.header)
                return nil
            } catch { return error }
        }
        func next(_ height: Int64 = 9, of other: ValidatorSet = set, by mask: Int = 15, seconds: Int64? = nil)
            -> UnverifiedHeader
        {
            Self.signed(Self.header(height, validators: other, next: other, seconds: seconds), of: other, by: mask)
        }
        #expect(refusal(next()) == nil)
        #expect(refusal(next(3)) == nil)
        // One after the other is not left to fewer rules.
        #expect(refusal(next(2)) == .wrongHeight)
        #expect(refusal(next(1)) == .wrongHeight)
        var other = anchor
        other.chainID = "skip-2"
        #expect(refusal(next(), on: other) == .wrongChain)
        // The new set's own quorum is 67 of 100, and of the known set more than 66 must have signed.
        let newcomer = Self.set(15, powers: [22, 22, 22, 34])!
        #expect(refusal(next(of: newcomer, by: 3)) == .notTrusted)
        #expect(refusal(next(of: newcomer, by: 3 + 8)) == nil)
        #expect(refusal(next(of: set, by: 3)) == .notTrusted)
        #expect(refusal(next(of: set, by: 3 + 8)) == nil)
        #expect(refusal(next(), trusting: newcomer) == .wrongValidators)
        // Two weeks after the head, which is of second 10.
        let period: Int64 = 14 * 86_400
        #expect(refusal(next(seconds: 9 + period)) == nil)
        #expect(refusal(next(seconds: 10 + period)) == .beyondTrust)
        #expect(refusal(next(seconds: 30), within: 20_000_000_001) == nil)
        #expect(refusal(next(seconds: 30), within: 20_000_000_000) == .beyondTrust)
        #expect(refusal(next(seconds: 10)) == .timeNotLater)
    }

    @Test(
        "the 99 model-based steps of tendermint-rs",
        .enabled(if: ProcessInfo.processInfo.environment["MODEL_BASED_STEPS"] != nil))
    func modelBased() throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["MODEL_BASED_STEPS"]!)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
        var counts: [String: Int] = [:]
        for file in files {
            let story = try #require(ConsensusFixture.load(file))
            for (verdict, expected) in try ModelBasedStory(story).run() {
                counts[expected, default: 0] += 1
                #expect(verdict == expected, "\(file.lastPathComponent)")
            }
        }
        #expect(counts == ["SUCCESS": 44, "NOT_ENOUGH_TRUST": 42, "INVALID": 13])
    }
}

/// One file of tendermint-rs: a trusted header, and later ones with what must become of each.
private struct ModelBasedStory {
    typealias Object = [String: Any]
    let initial: Object
    let steps: [Object]

    init(_ story: Object) throws {
        initial = try #require(story["initial"] as? Object)
        steps = try #require(story["input"] as? [Object])
    }

    func run() throws -> [(verdict: String, expected: String)] {
        var trusted = try Self.signedHeader(initial["signed_header"] as! Object)
        var next = Self.set(initial["next_validator_set"] as! Object)
        let period = integer(initial["trusting_period"])
        return try steps.map { step in
            let block = step["block"] as! Object
            let new = try Self.signedHeader(block["signed_header"] as! Object)
            let verdict = try Self.verdict(
                trusted.header, next, period, new, Self.set(block["validator_set"] as! Object), now: time(step["now"]))
            if verdict == "SUCCESS" { (trusted, next) = (new, Self.set(block["next_validator_set"] as! Object)) }
            return (verdict, step["verdict"] as! String)
        }
    }

    private static func verdict(
        _ trusted: Header, _ trustedNext: ValidatorSet?, _ period: Int64, _ new: (header: Header, commit: Commit),
        _ validators: ValidatorSet?, now: Timestamp
    ) throws -> String {
        // A set without members, which the model knows, is none here.
        guard let validators, let trustedNext else { return "INVALID" }
        let head = try ChainHead(
            protobuf: ProtobufWriter.encode { writer in
                writer.int64(1, trusted.height)
                writer.hash(2, trusted.hash())
                writer.message(3, trusted.time)
                writer.hash(4, trusted.nextValidatorsHash)
                writer.hash(7, trusted.validatorsHash)
            })
        let rules = SkippingRules(trustingPeriodNanoseconds: period, clockDriftNanoseconds: 0)!
        do throws(SkipRefusal) {
            _ = try head.verify(
                skippingTo: UnverifiedHeader(header: new.header, commit: new.commit, validators: validators),
                trusting: trustedNext, by: rules, at: now, chainID: "test-chain")
            return "SUCCESS"
        } catch {
            return error == .notEnoughTrust ? "NOT_ENOUGH_TRUST" : "INVALID"
        }
    }

    private static func set(_ json: Object) -> ValidatorSet? {
        let members = (json["validators"] as? [Object] ?? []).map { member in
            Validator(
                publicKey: base64((member["pub_key"] as! Object)["value"]), power: integer(member["voting_power"]))!
        }
        return ValidatorSet(ordered: members.sorted(by: ValidatorSet.isBefore))
    }

    private static func signedHeader(_ json: Object) throws -> (header: Header, commit: Commit) {
        let (header, commit) = (json["header"] as! Object, json["commit"] as! Object)
        func hash(_ name: String) -> Hash32? { Hash32(hexadecimal(header[name])) }
        let id = commit["block_id"] as! Object
        let parts = id["part_set_header"] as! Object
        return (
            Header(
                chainID: header["chain_id"] as! String, height: integer(header["height"]), time: time(header["time"]),
                lastBlockID: nil, lastCommitHash: hash("last_commit_hash"), dataHash: hash("data_hash"),
                validatorsHash: hash("validators_hash")!, nextValidatorsHash: hash("next_validators_hash")!,
                consensusHash: hash("consensus_hash")!, appHash: hexadecimal(header["app_hash"]),
                lastResultsHash: hash("last_results_hash"), evidenceHash: hash("evidence_hash"),
                proposerAddress: ValidatorAddress(hexadecimal(header["proposer_address"]))!),
            Commit(
                height: integer(commit["height"]), round: Int32(integer(commit["round"])),
                blockID: blockID(
                    hash: hexadecimal(id["hash"]), total: parts["total"], parts: hexadecimal(parts["hash"])),
                signatures: (commit["signatures"] as? [Object] ?? []).map { slot in
                    CommitSignature(
                        flag: BlockIDFlag(rawValue: UInt32(integer(slot["block_id_flag"])))!,
                        validatorAddress: ValidatorAddress(hexadecimal(slot["validator_address"])),
                        timestamp: slot["timestamp"].map { $0 is NSNull ? .goZero : time($0) } ?? .goZero,
                        signature: (slot["signature"] as? String).map { base64($0) } ?? [])
                })
        )
    }
}
