import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Node
import PeerNetwork
import PeerWire
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// A node of ours as a light client sees it, without the RPC between.
private struct StoredWitness: LightWitness {
    struct Missing: Error {}
    let engine: RunningEngine

    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        guard let block = try engine.store.decidedBlock(height) else { throw Missing() }
        return UnverifiedHeader(header: block.header, commit: block.commit, validators: block.validators)
    }
    func lastLightBlock() throws -> UnverifiedHeader { try lightBlock(engine.status?.lastHeight ?? 0) }
    func take(_ evidence: Evidence) throws { try engine.submit(evidence) }
}

/// Shows what a witness shows, but for one header that the same validators signed, too.
private struct Deceiver: LightBlockSource {
    let honest: any LightWitness
    let forged: UnverifiedHeader

    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        height == forged.header.height ? forged : try honest.lightBlock(height)
    }
}

/// Validators who sign what they are told to, each with the records of a copy of its machine.
private struct Accomplices {
    let rig: NetworkRig
    let count: Int

    init(_ rig: NetworkRig, count: Int) throws {
        (self.rig, self.count) = (rig, count)
        for index in 0..<count {
            try FileManager.default.copyItem(
                atPath: rig.keys(index) + "/state.json", toPath: rig.keys(index) + "/copied.json")
        }
    }

    func forge(
        _ shown: UnverifiedHeader, _ change: (inout Header) -> Void
    ) throws -> UnverifiedHeader {
        var header = shown.header
        change(&header)
        let blockID = BlockID(
            hash: header.hash(), parts: PartSetHeader(total: 1, hash: SHA256.hash(header.hash().bytes)))
        var signatures: [CommitSignature] = []
        for (slot, member) in shown.validators.validators.enumerated() {
            var signature = CommitSignature.absent
            for index in 0..<count where rig.addresses[index] == member.address {
                let signer = try ValidatorSigner(
                    keyPath: rig.keys(index) + "/key.json", statePath: rig.keys(index) + "/copied.json",
                    isDurable: false)
                var vote = Vote(
                    kind: .precommit, height: header.height, round: shown.commit.round, blockID: blockID,
                    timestamp: header.time, validatorAddress: member.address, validatorIndex: Int32(slot))
                try signer.sign(&vote, chainID: rig.genesis.chainID)
                signature = vote.commitSignature(for: blockID)
            }
            signatures.append(signature)
        }
        return UnverifiedHeader(
            header: header,
            commit: Commit(
                height: header.height, round: shown.commit.round, blockID: blockID, signatures: signatures),
            validators: shown.validators)
    }

    /// A light client of `honest` and of a node that shows another header at a height; what it finds.
    func attack(
        _ honest: any LightWitness, at height: Int64, _ change: (inout Header) -> Void
    ) throws -> (attack: LightAttack?, forged: UnverifiedHeader) {
        let deceiver = Deceiver(honest: honest, forged: try forge(honest.lightBlock(height), change))
        var rules = LightRules(chainID: rig.genesis.chainID)
        rules.trustingPeriodNanoseconds = .max / 4
        let now = EngineClock.system.now()
        let trace = try LightTrace(
            from: honest.lightBlock(1), to: deceiver.lightBlock(height), by: rules, at: now, deceiver)
        guard
            case .attack(let attack) = LightDetector(rules).compare(
                trace, with: honest, primary: deceiver, at: now)
        else { return (nil, deceiver.forged) }
        return (attack, deceiver.forged)
    }
}

/// A node whose answers a test may keep back but for one height.
private final class Mute: LightWitness, CustomStringConvertible {
    let inner: StoredWitness
    let isSilent = Mutex(true)
    init(_ inner: StoredWitness) { self.inner = inner }
    let description = "a node"
    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        if height > 1, isSilent.withLock({ $0 }) { throw StoredWitness.Missing() }
        return try inner.lightBlock(height)
    }
    func lastLightBlock() throws -> UnverifiedHeader {
        if isSilent.withLock({ $0 }) { throw StoredWitness.Missing() }
        return try inner.lastLightBlock()
    }
    func take(_ evidence: Evidence) throws { try inner.take(evidence) }
}

@Suite(.serialized, .timeLimit(.minutes(20))) struct LightAttackTests {
    @Test("a header that no witness has confirmed is not believed, and they are asked again")
    func unconfirmed() async throws {
        let rig = try NetworkRig(validators: 1)
        let node = try await onThread { try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: []) }
        defer { node.stop() }
        #expect(await eventually(120) { node.height >= 5 })
        try await onThread {
            let (primary, witness) = (
                Mute(StoredWitness(engine: node.engine)), Mute(StoredWitness(engine: node.engine))
            )
            primary.isSilent.withLock { $0 = false }
            let first = try primary.lightBlock(1)
            let options = try LightClient.Options(
                chainID: rig.genesis.chainID, primary: "a:1", witnesses: "b:1", trustHeight: 1,
                trustHash: "\(first.header.hash())", trustPeriod: "800000h0m0s")
            var client = try LightClient(options, primary: primary, witnesses: [witness], wait: {})
            for _ in 0..<2 {
                let fault = #expect(throws: NodeFault("", exit: .failed)) { try client.look() }
                #expect(fault?.description.contains("no witness shows the header") == true)
            }
            witness.isSilent.withLock { $0 = false }
            let look = try client.look()
            #expect(look.agreeing == 1 && look.height >= 5 && look.notes.isEmpty)
        }
    }

    @Test("Two kinds of attack are found, handed to a node that follows, and committed by the validator as misbehavior")
    func committed() async throws {
        let rig = try NetworkRig(validators: 1)
        let accomplices = try Accomplices(rig, count: 1)
        let nodes = try await onThread {
            let validator = try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: [])
            return [
                validator, try NetworkNode(2, rig.genesis, signer: nil, dials: [validator.place], syncs: true),
            ]
        }
        defer { for node in nodes { node.stop() } }
        #expect(await eventually(120) { nodes.allSatisfy { $0.height >= 6 } })
        let witness = StoredWitness(engine: nodes[1].engine)
        try await onThread {
            let equivocation = try accomplices.attack(witness, at: 3) { $0.dataHash = SHA256.hash([1]) }
            let lunatic = try accomplices.attack(witness, at: 4) { $0.appHash = [9] }
            #expect(equivocation.attack?.kind == .equivocation && lunatic.attack?.kind == .lunatic)
            for attack in [equivocation.attack, lunatic.attack] {
                let evidence = Evidence(.lightClientAttack(try #require(attack?.ofPrimary)))
                try witness.take(evidence)
                // Once more is no fault; spoilt it is refused at the door.
                try witness.take(evidence)
                var spoilt = try #require(attack?.ofPrimary)
                spoilt.totalPower += 1
                #expect(throws: EvidenceRefusal.invalid(.wrongPower)) {
                    try witness.take(Evidence(.lightClientAttack(spoilt)))
                }
            }
        }
        let found: @Sendable () -> [[Misbehavior]] = {
            nodes.map { node in
                (1...max(node.height, 1)).flatMap { (try? node.engine.store.block($0)?.misbehavior) ?? [] }
            }
        }
        #expect(await eventually(120) { found().allSatisfy { $0.count >= 2 } }, "\(found())")
        for misbehavior in found() {
            #expect(misbehavior.count == 2)
            #expect(misbehavior.allSatisfy { $0.kind == .lightClientAttack && $0.address == rig.addresses[0] })
            #expect(Set(misbehavior.map(\.height)) == [1, 3])
            #expect(misbehavior.allSatisfy { $0.power == 10 && $0.totalPower == 10 })
        }
        #expect(nodes.allSatisfy { $0.failure.text.withLock { $0 } == nil })
    }

    @Test(
        "A real CometBFT takes the evidence that our light client makes, passes it on, and both kinds commit it",
        .enabled(if: CometBFTNode.program != nil, "COMETBFT names no CometBFT to stand beside"))
    func withCometBFT() async throws {
        let set = try await onThread {
            let set = try MixedSet(validators: 4, others: 2)
            return set
        }
        defer { set.stop() }
        let accomplices = try Accomplices(set.rig, count: 4)
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 7 } }, "\(set.heights)")
        let theirs = RPCWitness(ListenAddress(host: "127.0.0.1", port: UInt16(set.others[0].rpcPort)))
        let ours = StoredWitness(engine: set.ours[0].engine)
        // One is handed to CometBFT over its RPC, the other to us.
        let hashes = try await onThread {
            let equivocation = try accomplices.attack(theirs, at: 4) { $0.dataHash = SHA256.hash([1]) }
            let lunatic = try accomplices.attack(ours, at: 5) { $0.appHash = [9] }
            #expect(equivocation.attack?.kind == .equivocation && lunatic.attack?.kind == .lunatic)
            try theirs.take(Evidence(.lightClientAttack(try #require(equivocation.attack?.ofPrimary))))
            try ours.take(Evidence(.lightClientAttack(try #require(lunatic.attack?.ofPrimary))))
            return [equivocation.forged.header.hash(), lunatic.forged.header.hash()]
        }
        let committed: @Sendable () -> Set<Hash32> = {
            let store = set.ours[1].engine.store
            let evidence = (1...max(set.ours[1].height, 1)).flatMap { (try? store.block($0)?.evidence) ?? [] }
            return Set(
                evidence.compactMap {
                    guard case .lightClientAttack(let attack) = $0.content else { return nil }
                    return attack.conflicting.header.hash()
                })
        }
        #expect(await eventually(120) { committed().isSuperset(of: hashes) }, "\(committed())")
        let top = set.ours[1].height
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= top } }, "\(set.heights)")
        try await onThread {
            for height in 1...top {
                let names = try set.names(height)
                #expect(names.count == 1 && names.first! != nil, "\(height): \(names)")
            }
        }
        #expect(set.faults == [])
    }
}
