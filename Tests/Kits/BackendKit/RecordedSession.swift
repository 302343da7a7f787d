import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import LauncherKit
import PublicCryptography

/// A conversation of a host with an enclave, frame by frame, and what both ends say they heard.
///
/// The host of the session is a program without a clock or a choice, so it says the same again to whoever answers the
/// same. Played again, by a player in the enclave's place, it ends in the same hashes, or something that a host says
/// has changed.
package struct RecordedSession: Codable, Equatable, Sendable {
    package struct Frame: Codable, Equatable, Sendable {
        /// 0 control, 1 execution, 2 query.
        package var lane: Int
        package var isInward: Bool
        package var body: Data
    }

    package struct Differs: Error, CustomStringConvertible {
        package var description: String
    }

    package static let bytesMax = 16 << 20

    /// Of the machine's evidence: the chain's identity names it.
    package var rootHash: Data
    package var frames: [Frame]
    /// Of each lane, in hexadecimal, as this end heard it.
    package var transcripts: [String]
    /// Of the control lane, as the enclave itself said.
    package var enclaveTranscript: String

    /// Has the session on a machine.
    package init(recording machine: any BackendMachine) throws {
        let lanes = try RawLanes(machine)
        let rootHash = try machine.rootHash()
        let said = try Self.speak(lanes, rootHash: rootHash)
        self.rootHash = Data(rootHash)
        let all = [lanes.control, lanes.execution, lanes.queries[0]]
        frames = all.enumerated().flatMap { index, lane in
            lane.frames.map { Frame(lane: index, isInward: $0.isInward, body: Data($0.body)) }
        }
        transcripts = all.map { Hexadecimal.encode($0.transcript) }
        enclaveTranscript = Hexadecimal.encode(said)
    }

    package init(reading path: String) throws {
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.bytesMax else {
            throw Differs(description: "\(path): no such file, or a large one")
        }
        do { self = try JSONDecoder().decode(RecordedSession.self, from: data) } catch {
            throw Differs(description: "\(path): no recorded session")
        }
        guard frames.allSatisfy({ (0...2).contains($0.lane) }), transcripts.count == 3 else {
            throw Differs(description: "\(path): no recorded session")
        }
    }

    package func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }

    /// Has it again, with a player in the enclave's place; throws unless all ends the same.
    package func replay() throws {
        let player = Player(self)
        let again: RecordedSession
        do { again = try RecordedSession(recording: player) } catch {
            throw Differs(description: player.difference ?? "the host stopped: \(error)")
        }
        if let difference = player.difference { throw Differs(description: difference) }
        for (lane, hashes) in zip(transcripts, again.transcripts).enumerated() where hashes.0 != hashes.1 {
            throw Differs(description: "lane \(lane): \(hashes.1) instead of \(hashes.0)")
        }
        guard again.frames == frames else { throw Differs(description: "other frames") }
        // What the enclave said of what it heard, held against what is in the file.
        guard let heard = heardByControl, Hexadecimal.encode(heard) == enclaveTranscript else {
            throw Differs(description: "the enclave heard something else than the file has")
        }
    }

    /// Of the control lane up to the last call, as from the file.
    private var heardByControl: [UInt8]? {
        let control = frames.filter { $0.lane == 0 }
        guard control.last?.isInward == false else { return nil }
        var transcript = Transcript(isEnclaveSide: true)
        for frame in control.dropLast() { transcript.record(frame.isInward ? .received : .sent, Array(frame.body)) }
        return transcript.hash.bytes
    }

    /// What the host says; the enclave's own transcript at the end.
    private static func speak(_ lanes: RawLanes, rootHash: [UInt8]) throws -> [UInt8] {
        let chain = QuietChain()
        guard case .opened(let opened) = try lanes.control.call(.bootstrap(chain.identity(rootHash: rootHash))),
            case .consensusKey(let key) = try lanes.control.call(.makeConsensusKey)
        else { throw EnclaveError.unexpectedMessage }
        chain.register(opened)
        _ = try lanes.control.call(.openConsensusKey(key.sealedKey))
        for height in 1...3 as ClosedRange<UInt64> {
            let vote = VoteToSign(kind: .precommit, height: height, round: 0, seconds: 1_750_000_000 + Int64(height))
            _ = try lanes.control.call(.signVote(vote))
            _ = try lanes.execution.call(.beginBlock(chain.next()), answering: chain)
            if height > 1 {
                _ = try lanes.queries[0].call(.query(BackendCase.question(at: height - 1)), answering: chain)
            }
            _ = try lanes.execution.call(.endBlock)
            chain.adopt()
        }
        guard case .health(let health) = try lanes.control.call(.health) else { throw EnclaveError.unexpectedMessage }
        return health.transcript
    }
}

/// Says what an enclave said, as long as it hears what that one heard.
private final class Player: BackendMachine, @unchecked Sendable {
    private let session: RecordedSession
    private let lock = NSLock()
    private var found: String?

    init(_ session: RecordedSession) {
        self.session = session
        signal(SIGPIPE, SIG_IGN)
    }

    var difference: String? { lock.withLock { found } }

    func start(queryLanes: Int) throws -> any EnclaveBackend { throw NotOffered("it knows one conversation") }
    func rootHash() throws -> [UInt8] { Array(session.rootHash) }
    func kill() throws {}
    func other() throws -> any BackendMachine { throw NotOffered("it knows one conversation") }

    func lanes(queryLanes: Int) throws -> [Int32] {
        let ends = try laneEnds(3, patienceSeconds: 20)
        for (lane, end) in ends.enclave.enumerated() {
            let frames = session.frames.filter { $0.lane == lane }
            Thread { [self] in play(frames, lane, FrameSocket(descriptor: end, isEnclaveSide: true)) }.start()
        }
        return ends.host
    }

    private func play(_ frames: [RecordedSession.Frame], _ lane: Int, _ socket: FrameSocket) {
        // The host closes what it has heard enough of.
        defer { socket.end() }
        for (index, frame) in frames.enumerated() {
            guard frame.isInward else {
                guard (try? socket.send(Array(frame.body))) != nil else { return }
                continue
            }
            guard let heard = try? socket.receive() else { return }
            if heard != Array(frame.body) {
                lock.withLock { found = found ?? "lane \(lane), frame \(index): the host says something else" }
                return
            }
        }
        // Until the host has read it all.
        _ = try? socket.receive()
    }
}
