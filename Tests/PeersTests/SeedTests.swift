import ChainInterface
import EmbeddedEngine
import Foundation
import NIOCore
import PeerNetwork
import PeerWire
import Synchronization
import TestSupport
import Testing

/// Nodes that know of others by a seed alone.
@Suite(.serialized, .timeLimit(.minutes(20))) struct SeedTests {
    private static let channels = PeerChannel.allCases.filter { $0 != .peerExchange }

    private func node(
        _ number: UInt8, seeds: [Node] = [], dials: [Node] = [], exchange: PeerExchangeReactor = PeerExchangeReactor(),
        outboundMax: Int = 10
    ) throws -> Node {
        try Node(
            number, dials: dials, listener: Listener(channels: Self.channels), exchange: exchange, port: freePort()
        ) {
            $0.seeds = seeds.map(\.place)
            $0.seedInterval = .milliseconds(500)
            $0.outboundMax = outboundMax
        }
    }

    @Test("Two nodes that know a seed alone find each other, and the seed stays with neither")
    func introduced() async throws {
        let seed = try await onThread { Box(try node(1, exchange: PeerExchangeReactor(isSeed: true))) }.value
        let (first, second) = try await onThread { [seed = Box(seed)] in
            (Box(try node(2, seeds: [seed.value])), Box(try node(3, seeds: [seed.value])))
        }
        let nodes = [first.value, second.value]
        #expect(
            await eventually {
                zip(nodes, nodes.reversed()).allSatisfy { one, other in
                    one.peers.peers.contains { $0.id == other.side.id }
                }
            })
        #expect(await eventually { seed.peers.peers.isEmpty })
        #expect(nodes.allSatisfy { $0.peers.peers.map(\.id) != [seed.side.id] })
    }

    @Test("A seed goes around: it learns from one that it knows of another, and tells a third of both")
    func crawl() async throws {
        let first = try await onThread { Box(try node(2)) }.value
        let second = try await onThread { [first = Box(first)] in Box(try node(3, dials: [first.value])) }.value
        #expect(await eventually { second.peers.peers.count == 1 })
        // It is told of the second alone, which has reached the first.
        let seed = try await onThread { [second = Box(second)] in
            Box(try node(1, seeds: [second.value], exchange: PeerExchangeReactor(isSeed: true)))
        }.value
        let third = try await onThread { [seed = Box(seed)] in Box(try node(4, seeds: [seed.value])) }.value
        let known = Set([first.side.id, second.side.id])
        #expect(await eventually { known.isSubset(of: third.peers.peers.map(\.id)) }, "\(third.peers.peers.map(\.id))")
        #expect(await eventually { seed.peers.peers.isEmpty })
    }

    @Test("A seed leaves who neither asks nor answers, and stays with those that its operator named")
    func patience() async throws {
        let named = try await onThread { Box(try node(2)) }.value
        let seed = try await onThread { [named = Box(named)] in
            Box(try node(1, dials: [named.value], exchange: PeerExchangeReactor(isSeed: true, patienceSeconds: 1)))
        }.value
        #expect(await eventually { seed.peers.peers.count == 1 })
        let port = seed.port
        let silent = try await onThread { try Wordy(Side(number: 5), port) }
        #expect(await eventually { silent.isClosed })
        #expect(seed.peers.peers.map(\.id) == [named.side.id] && seed.listener.gone == 1)
    }

    @Test("A seed without room to ask others leaves who is silent all the same")
    func full() async throws {
        let seed = try await onThread {
            Box(try node(1, exchange: PeerExchangeReactor(isSeed: true, patienceSeconds: 1), outboundMax: 0))
        }.value
        let port = seed.port
        let silent = try await onThread { try Wordy(Side(number: 5), port) }
        #expect(await eventually { silent.isClosed })
    }

    @Test(
        "A real CometBFT in seed mode introduces two of our nodes, and our seed a CometBFT to one of ours",
        .enabled(if: CometBFTNode.program != nil, "COMETBFT names no CometBFT to stand beside"))
    func withCometBFT() async throws {
        let rig = try NetworkRig(validators: 1)
        let theirs = try await onThread {
            try CometBFTNode(genesis: rig.file, keyFolder: nil, dials: [], isSeed: true)
        }
        defer { theirs.kill(SIGKILL) }
        let ours = try await onThread {
            let seed = try Node(
                1, listener: Listener(channels: Self.channels), exchange: PeerExchangeReactor(isSeed: true),
                port: freePort(), network: rig.genesis.chainID)
            return Box(seed)
        }.value
        let seeds = [theirs.place, ours.place]
        let validator = try await onThread {
            try NetworkNode(2, rig.genesis, signer: rig.keys(0), dials: [], seeds: seeds)
        }
        defer { validator.stop() }
        // Known to both seeds before the others come.
        #expect(await eventually(120) { validator.height >= 3 && ours.listener.gone >= 1 })
        let follower = try await onThread {
            try NetworkNode(3, rig.genesis, signer: nil, dials: [], syncs: true, seeds: [theirs.place])
        }
        defer { follower.stop() }
        #expect(await eventually(120) { follower.height >= 5 }, "\(follower.height) of \(validator.height)")
        let guest = try await onThread {
            try CometBFTNode(genesis: rig.file, keyFolder: nil, dials: [], seeds: [ours.place])
        }
        defer { guest.kill(SIGKILL) }
        #expect(await eventually(150) { guest.height >= 5 }, "\(guest.height) of \(validator.height)")
    }
}
