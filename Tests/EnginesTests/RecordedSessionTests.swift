import BlockStorage
import ChainFormats
import ConsensusCore
import DecidedBlocks
import Foundation
import PublicCryptography
import Testing
import Wire

/// What a real CometBFT 0.38.25 voted in recorded sessions, and what the algorithm here votes in its place: it is given
/// the other side's proposals, parts and votes at their times, and the proposals that CometBFT made when it was its
/// turn.
@Suite(.enabled(if: RecordedChain.names.contains("c-locks")))
struct RecordedSessionTests {
    @Test(
        "in the place of a recorded node it casts that node's votes, and proposes again what it proposed again",
        arguments: [
            "a-normal", "b-rounds", "b-round-skip", "c-locks", "c-pol", "c-unknown-block", "f-parts", "f-parts-commit",
            "g-valset", "h-evidence",
        ])
    func votes(name: String) throws {
        var player = try SessionPlayer(name)
        try player.play()
        #expect(player.recordedVotes.count > 10)
        for (place, choice) in player.recordedVotes {
            let cast = player.cast[place]
            #expect(cast != nil, "\(place) was not voted in")
            if let cast { #expect(cast == choice, "\(place)") }
        }
        #expect(player.mismatches == [])
        #expect(player.chain.state.lastHeight >= player.lastVotedHeight - 1)
    }
}

/// A recorded node's core on the recording's clock.
struct SessionPlayer {
    struct Place: Hashable, CustomStringConvertible {
        var height: Int64
        var round: Int32
        var kind: VoteKind
        var description: String { "\(kind) \(height)/\(round)" }
    }
    private struct Frame {
        var time: UInt64
        var isOurs: Bool
        var message: [UInt8]
    }

    private var frames: [Frame] = []
    private let address: ValidatorAddress
    private let timeouts: [String: UInt64]
    private let begin: UInt64
    /// Of the node, as recorded.
    private(set) var recordedVotes: [(place: Place, choice: BlockID?)] = []
    private var ownProposals: [Place: (proposal: Proposal, parts: PartSet)] = [:]

    private(set) var chain: RecordedChain.Chain
    private var core: ConsensusMachine
    private var ticker = TimeoutTicker()
    private var now: UInt64
    private var queue: [ConsensusInput] = []
    private(set) var cast: [Place: BlockID?] = [:]
    private(set) var mismatches: [String] = []

    var lastVotedHeight: Int64 { recordedVotes.map(\.place.height).max() ?? 0 }

    init(_ name: String) throws {
        let json = try RecordedChain.json(name)
        let header = json["header"] as! [String: Any]
        let node = header["node"] as! [String: Any]
        address = ValidatorAddress(Hexadecimal.decode(node["address"] as! String)!)!
        timeouts = (header["node_config"] as! [String: String]).compactMapValues { text in
            let digits = text.filter(\.isNumber)
            return text.hasSuffix("ms\"") ? UInt64(digits).map { $0 * 1_000_000 } : nil
        }
        chain = try RecordedChain(name).begin
        var begin: UInt64?
        for frame in json["frames"] as! [[String: Any]] {
            guard let channel = frame["channel"] as? Int, let text = frame["message"] as? String else { continue }
            let time = UInt64((frame["t"] as! Double) * 1e9)
            let isOurs = frame["from"] as! String == "ours"
            if channel == 0x20, !isOurs { begin = begin ?? time }
            guard channel == 0x21 || channel == 0x22 else { continue }
            frames.append(Frame(time: time, isOurs: isOurs, message: Hexadecimal.decode(text)!))
        }
        self.begin = begin ?? 0
        now = self.begin
        core = ConsensusMachine(SessionPlayer.start(chain.state, address, nil))
        for frame in frames where !frame.isOurs { try remember(frame.message) }
    }

    private static func start(
        _ state: ConsensusState, _ address: ValidatorAddress, _ lastCommit: CommittedVotes?
    ) -> HeightStart {
        HeightStart(
            height: state.nextHeight, chainID: state.chainID, validators: state.validators, ownAddress: address,
            blockBytesMax: state.parameters.blockBytesLimit, waitsForTransactions: false, lastCommit: lastCommit)
    }

    /// `Message{proposal=3, block_part=5, vote=6}`, each with its content in a field.
    private enum Content {
        case proposal(Proposal)
        case part(height: Int64, round: Int32, BlockPart)
        case vote(Vote)
    }

    private func content(_ message: [UInt8]) throws -> Content? {
        var outer = ProtobufReader(message)
        guard let member = try outer.next() else { return nil }
        var (height, round): (Int64, Int32) = (0, 0)
        var inner = ProtobufReader(try member.slice())
        while let field = try inner.next() {
            switch (member.number, field.number) {
            case (3, 1): return .proposal(try Proposal(protobuf: field.slice()))
            case (5, 1): height = try field.int64()
            case (5, 2): round = try field.int32()
            case (5, 3): return .part(height: height, round: round, try BlockPart(protobuf: field.slice()))
            case (6, 1): return .vote(try Vote(protobuf: field.slice()))
            default: return nil
            }
        }
        return nil
    }

    private mutating func remember(_ message: [UInt8]) throws {
        switch try content(message) {
        case .proposal(let proposal):
            let place = Place(height: proposal.height, round: proposal.round, kind: .prevote)
            let parts = PartSet(waitingFor: proposal.blockID.parts, blockByteCountMax: Block.byteCountMax)!
            if ownProposals[place] == nil { ownProposals[place] = (proposal, parts) }
        case .part(let height, let round, let part):
            _ = try? ownProposals[Place(height: height, round: round, kind: .prevote)]?.parts.add(part)
        case .vote(let vote):
            guard vote.validatorAddress == address else { return }
            let place = Place(height: vote.height, round: vote.round, kind: vote.kind)
            recordedVotes.append((place, vote.blockID))
        case nil: return
        }
    }

    mutating func play() throws {
        try handle(.enterHeight(SessionPlayer.start(chain.state, address, nil)))
        ticker.schedule(ConsensusTimeout(.newHeight, height: core.height, round: 0), deadline: begin)
        for frame in frames where frame.isOurs {
            try fire(until: frame.time)
            now = max(now, frame.time)
            // What comes before it runs, CometBFT drops.
            guard now > begin, let content = try content(frame.message) else { continue }
            switch content {
            case .proposal(let proposal):
                if let verified = core.verify(proposal) { try handle(.proposal(verified)) }
            case .part(let height, _, let part): try handle(.part(height: height, part))
            case .vote(let vote):
                if let verified = core.verify(vote) { try handle(.vote(verified)) }
            }
        }
        try fire(until: now + 3_000_000_000)
    }

    private mutating func fire(until time: UInt64) throws {
        while let deadline = ticker.pending?.deadline, deadline <= time {
            now = max(now, deadline)
            guard let timeout = ticker.fire(at: now) else { return }
            try handle(.timeout(timeout))
        }
    }

    private mutating func handle(_ input: ConsensusInput) throws {
        queue.append(input)
        while !queue.isEmpty {
            for effect in core.handle(queue.removeFirst()) { try perform(effect) }
        }
    }

    private mutating func perform(_ effect: ConsensusEffect) throws {
        switch effect {
        case .schedule(let timeout):
            let name = ["", "commit", "propose", "prevote", "precommit"][Int(timeout.kind.rawValue)]
            let delay = timeouts["timeout_" + name]! + (timeouts["timeout_\(name)_delta"] ?? 0) * UInt64(timeout.round)
            ticker.schedule(timeout, deadline: now + delay)
        case .propose(let height, let round, let reused):
            // What the recording ends before, or what it lost, is not proposed.
            guard let own = ownProposals[Place(height: height, round: round, kind: .prevote)] else { return }
            if let reused, reused.blockID != own.proposal.blockID || reused.polRound != own.proposal.polRound {
                mismatches.append("proposal \(height)/\(round)")
            }
            if reused == nil, own.proposal.polRound >= 0 { mismatches.append("new proposal \(height)/\(round)") }
            queue.append(.proposal(VerifiedProposal(unchecked: own.proposal)))
            for index in 0..<Int(own.parts.header.total) {
                if let part = own.parts[index] { queue.append(.part(height: height, part)) }
            }
        case .vote(let kind, let height, let round, let blockID):
            cast[Place(height: height, round: round, kind: kind)] = .some(blockID)
            let index = Int32(core.start.validators.index(of: address)!)
            queue.append(
                .vote(
                    VerifiedVote(
                        unchecked: Vote(
                            kind: kind, height: height, round: round, blockID: blockID, timestamp: .goZero,
                            validatorAddress: address, validatorIndex: index, signature: [1]))))
        case .validate(_, let parts, let bytes):
            let block = try Block.received(bytes).block
            let isValid = (try? chain.state.validate(block, against: chain)) != nil
            queue.append(.validity(parts, block.header.hash(), isValid ? .valid : .invalid))
        case .decide(_, _, _, let bytes, _):
            try chain.apply(Block.received(bytes).block)
            queue.removeAll()
            let start = SessionPlayer.start(chain.state, address, core.decidedVotes)
            queue.append(.enterHeight(start))
            ticker.schedule(
                ConsensusTimeout(.newHeight, height: start.height, round: 0),
                deadline: now + timeouts["timeout_commit"]!)
        case .halt(let blockID): mismatches.append("halted at \(blockID.hash)")
        case .equivocation, .entered, .validBlock, .added: break
        }
    }
}
