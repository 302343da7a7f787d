import BlockStorage
import ChainFormats
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Glibc
import PeerWire
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import Wire

/// What happens to a set while it decides; two of its validators are CometBFT's.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: CometBFTNode.program != nil, "COMETBFT names no CometBFT to stand beside"))
struct MixedSetEventsTests {
    /// Power of each member of the next block's set, by its place in the rig, as a node of each kind has it.
    private func powers(_ set: MixedSet) throws -> (ours: [Int64], theirs: [Int64]) {
        let height = set.heights.min()!
        let ours = try #require(try set.ours[0].engine.store.validators(height))
        let theirs = set.others[0].ask("/validators?height=\(height)")["validators"] as? [[String: Any]] ?? []
        func power(_ text: Any?) -> Int64 { (text as? String).flatMap { Int64($0) } ?? 0 }
        return (
            set.rig.addresses.map { address in ours.validators.first { $0.address == address }?.power ?? 0 },
            set.rig.addresses.map { address in
                power(theirs.first { $0["address"] as? String == "\(address)" }?["voting_power"])
            }
        )
    }

    private func expectOneChain(_ set: MixedSet, _ heights: ClosedRange<Int64>) async throws {
        try await onThread {
            for height in heights {
                let names = try set.names(height)
                #expect(names.count == 1 && names.first! != nil, "\(height): \(names)")
            }
        }
        #expect(set.faults == [])
    }

    @Test("A set that is cut in two halves decides nothing, and goes on when it is whole")
    func partition() async throws {
        let set = try await onThread { try MixedSet(others: 2, isCuttable: true) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 4 } }, "\(set.heights)")
        for _ in 0..<2 {
            try await onThread { for link in set.links { link.isCut = true } }
            try await Task.sleep(for: .seconds(3))
            let stood = set.heights
            try await Task.sleep(for: .seconds(10))
            #expect(set.heights == stood)
            try await onThread { for link in set.links { link.isCut = false } }
            let target = stood.max()! + 5
            #expect(await eventually(180) { set.heights.allSatisfy { $0 >= target } }, "\(set.heights) of \(target)")
        }
        try await expectOneChain(set, 1...set.heights.min()!)
    }

    @Test("Many transactions, given to nodes of both kinds, are run by all and once")
    func load() async throws {
        let set = try await onThread { try MixedSet(others: 2) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 2 } }, "\(set.heights)")
        let count = 400
        try await onThread {
            for index in 0..<count {
                if index % 2 == 0 {
                    set.ours[index / 2 % 2].application.submit(Array("o\(index)=\(index)".utf8))
                } else {
                    set.others[index / 2 % 2].submit("t\(index)=\(index)")
                }
            }
        }
        #expect(
            await eventually(180) {
                set.ours.allSatisfy { $0.application.count == count }
                    && set.others.allSatisfy { $0.transactionCount == count }
            }, "\(set.ours.map(\.application.count)) \(set.others.map(\.transactionCount))")
        try await expectOneChain(set, 1...set.heights.min()!)
    }

    @Test("Members leave, come back and change their power while the set decides")
    func changes() async throws {
        let set = try await onThread { try MixedSet(others: 2) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 3 } }, "\(set.heights)")
        // Of ours and of theirs, told to a node of either kind.
        let steps: [(place: Int, power: Int64)] = [(0, 25), (3, 0), (1, 7), (3, 12), (0, 10), (2, 0), (2, 10)]
        var expected: [Int64] = [10, 10, 10, 10]
        for (index, step) in steps.enumerated() {
            expected[step.place] = step.power
            let text = "val=ed25519!\(Base64.encode(set.rig.publicKeys[step.place]))!\(step.power)"
            if index % 2 == 0 {
                set.others[0].submit(text)
            } else {
                set.ours[0].application.submit(Array(text.utf8))
            }
            let wanted = expected
            #expect(
                await eventually(120) { (try? powers(set)).map { $0.ours == wanted && $0.theirs == wanted } ?? false },
                "\(String(describing: try? powers(set))), not \(expected)")
        }
        let target = set.heights.max()! + 6
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= target } }, "\(set.heights) of \(target)")
        try await expectOneChain(set, 1...target)
    }

    @Test("Who votes twice is named in a block that both kinds find valid, and loses power in both")
    func evidence() async throws {
        let set = try await onThread { try MixedSet(others: 2, foreign: 5) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 3 } }, "\(set.heights)")
        // Two votes of one place: a node of ours that has heard both tells CometBFT's.
        let told = await eventually(60) {
            guard let state = set.ours[0].engine.roundState, state.round == 0 else { return false }
            let votes = [nil, state.start.lastCommit?.blockID].map {
                set.rig.foreignVote(.prevote, height: state.height, $0, in: state.start.validators)
            }
            for vote in votes { _ = set.ours[0].engine.receive(.vote(vote), from: PeerNumber(900)) }
            return set.ours[0].engine.roundState?.height == state.height
        }
        #expect(told)
        #expect(
            await eventually(120) { (try? powers(set)).map { $0.ours.last == 4 && $0.theirs.last == 4 } ?? false },
            "\(String(describing: try? powers(set)))")
        let top = set.heights.min()!
        let carriers = try (1...top).filter { try set.ours[1].engine.store.block($0)?.evidence.isEmpty == false }
        #expect(!carriers.isEmpty)
        try await expectOneChain(set, 1...top)
    }

    @Test("A validator moves from our engine to CometBFT with key and record, and back, while the chain goes on")
    func handover() async throws {
        let set = try await onThread { Moving(try MixedSet(others: 2)) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 5 } }, "\(set.heights)")
        let moved = set.ours.removeLast()
        let peers = set.ours.map(\.place) + set.others.map(\.place)
        let guest = try await onThread {
            moved.stop()
            return try CometBFTNode(genesis: set.rig.file, keyFolder: set.rig.keys(1), dials: peers)
        }
        set.others.append(guest)
        #expect(await eventually(180) { set.isSigned(by: 1) && guest.height > 5 })
        let between = set.heights.max()! + 5
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= between } }, "\(set.heights) of \(between)")
        set.others.removeLast()
        let back = try await onThread {
            guest.kill(SIGTERM)
            try guest.hand(over: set.rig.keys(1))
            return try NetworkNode(2, set.rig.genesis, signer: set.rig.keys(1), dials: peers, syncs: true)
        }
        set.ours.append(back)
        let begin = set.ours[0].height
        #expect(await eventually(180) { back.height > begin && set.isSigned(by: 1) })
        let target = set.heights.max()! + 5
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= target } }, "\(set.heights) of \(target)")
        try await onThread {
            for height in 1...target {
                let names = try set.names(height)
                #expect(names.count == 1 && names.first! != nil, "\(height): \(names)")
            }
        }
        #expect(set.faults == [])
    }

    /// A set whose members go over from one kind to the other.
    private final class Moving: @unchecked Sendable {
        // The test alone changes it, between two looks.
        private var members: MixedSet
        let rig: NetworkRig

        init(_ set: MixedSet) { (members, rig) = (set, set.rig) }

        var ours: [NetworkNode] {
            get { members.ours }
            set { members.ours = newValue }
        }
        var others: [CometBFTNode] {
            get { members.others }
            set { members.others = newValue }
        }
        var heights: [Int64] { members.heights }
        var faults: [String] { members.faults }
        func names(_ height: Int64) throws -> Set<String?> { try members.names(height) }
        func stop() { members.stop() }

        /// Whether the validator's precommit is in the newest block of ours.
        func isSigned(by place: Int) -> Bool {
            guard let node = members.ours.first, let block = try? node.engine.store.block(node.height) else {
                return false
            }
            return block.lastCommit.signatures.contains {
                $0.flag == .commit && $0.validatorAddress == rig.addresses[place]
            }
        }
    }

    @Test("A chain of our engine alone is handed over to CometBFT, one validator after the other, and back")
    func wholeHandover() async throws {
        let set = try await onThread { Moving(try MixedSet(others: 0)) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 4 } }, "\(set.heights)")
        for index in 0..<4 {
            let leaving = set.ours.removeFirst()
            let peers = set.ours.map(\.place) + set.others.map(\.place)
            let coming = try await onThread {
                leaving.stop()
                return try CometBFTNode(genesis: set.rig.file, keyFolder: set.rig.keys(index), dials: peers)
            }
            set.others.append(coming)
            let target = set.heights.max()! + 4
            #expect(await eventually(180) { set.heights.allSatisfy { $0 >= target } }, "\(set.heights) of \(target)")
        }
        for index in 0..<4 {
            let leaving = set.others.removeFirst()
            let peers = set.ours.map(\.place) + set.others.map(\.place)
            let coming = try await onThread {
                leaving.kill(SIGTERM)
                try leaving.hand(over: set.rig.keys(index))
                return try NetworkNode(
                    UInt8(index + 11), set.rig.genesis, signer: set.rig.keys(index), dials: peers, syncs: true)
            }
            set.ours.append(coming)
            let target = set.heights.max()! + 4
            #expect(await eventually(180) { set.heights.allSatisfy { $0 >= target } }, "\(set.heights) of \(target)")
        }
        try await onThread {
            for height in 1...set.heights.min()! {
                let names = try set.names(height)
                #expect(names.count == 1 && names.first! != nil, "\(height): \(names)")
            }
        }
        #expect(set.faults == [])
    }
}
