import ABCIServer
import ChainFormats
import DecidedBlocks
import EnclaveProtocol
import Foundation
import Glibc
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography
import RemoteSigning
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// CometBFT's remote signer protocol: its messages in its bytes, and the signer that serves a listener.
@Suite struct RemoteSignerTests {
    private static let chainID = "remote-1"
    private static let publicKey = hexadecimal("556a436f1218d30942efe798420f51dc9b6a311b929c578257457d05c5fcf230")

    // MARK: - Messages

    /// As CometBFT 0.38 encodes a vote and a proposal of its tests.
    private static let vote =
        "0a7f080210031802224a0a208b01023386c371778ecb6368573e539afc3cc860ec3a2f614e54fe5652f4fc80122608c0843d122072db3d95"
        + "9635dff1bb567bedaa70573392c5159666a3f8caf11e413aac52207a2a0608f49a8ded0532146af1f4111082efb388211bc72c55bcd6"
        + "1e9ac3d538d5bb034a09657874656e73696f6e"
    private static let proposal =
        "0a6e08011003180220022a4a0a208b01023386c371778ecb6368573e539afc3cc860ec3a2f614e54fe5652f4fc80122608c0843d122072db"
        + "3d959635dff1bb567bedaa70573392c5159666a3f8caf11e413aac52207a320608f49a8ded053a10697427732061207369676e617475"
        + "7265"

    private func withoutLength(_ delimited: [UInt8]) -> [UInt8] {
        Array(delimited.drop { $0 >= 0x80 }.dropFirst())
    }

    @Test("what CometBFT asks is read, and written again in its bytes")
    func requests() throws {
        for (bytes, request) in [
            ("0a00", PrivvalRequest.publicKey(chainID: "")),
            ("0a0a0a0872656d6f74652d31", .publicKey(chainID: Self.chainID)),
            ("3a00", .ping),
        ] {
            #expect(try PrivvalRequest(protobuf: hexadecimal(bytes)) == request)
            #expect(withoutLength(request.delimited) == hexadecimal(bytes))
        }
        let bytes = hexadecimal("1a8101" + Self.vote)
        let request = try PrivvalRequest(protobuf: bytes)
        guard case .vote(let vote, let chainID) = request else {
            Issue.record("no vote")
            return
        }
        #expect(vote.kind == .precommit && vote.height == 3 && vote.round == 2 && vote.validatorIndex == 56789)
        #expect(vote.voteExtension == Array("extension".utf8) && chainID.isEmpty)
        #expect(withoutLength(request.delimited) == bytes)
        #expect(withoutLength(PrivvalAnswer.vote(vote).delimited) == hexadecimal("228101" + Self.vote))
        #expect(
            withoutLength(PrivvalAnswer.publicKey(Self.publicKey).delimited)
                == hexadecimal("12240a220a20") + Self.publicKey)
        #expect(withoutLength(PrivvalAnswer.pong.delimited) == hexadecimal("4200"))
        #expect(
            withoutLength(PrivvalAnswer.refusal(of: .publicKey(chainID: ""), "it's a error").delimited)
                == hexadecimal("121212100801120c697427732061206572726f72"))
    }

    @Test("what is no question of CometBFT's is refused, whatever it is")
    func malformed() throws {
        for bytes in [
            "", "0a", "0a05", "1200", "2200", "4200", "3a0108", "0a003a00", "1a00", "1a020a00", "2a00", "2a020a00",
            "0a023a00", "1a8101" + Self.vote + "00", "1a830112" + Self.vote, "0a020800", "f201", "2a70" + Self.vote,
            // A chain id longer than any.
            "0a350a33" + String(repeating: "61", count: 51), "0a030a01ff",
        ] {
            #expect(throws: ProtobufError.self, "\(bytes)") { try PrivvalRequest(protobuf: hexadecimal(bytes)) }
        }
        let long = [UInt8](repeating: 0, count: PrivvalRequest.byteCountMax + 1)
        #expect(throws: ProtobufError.self) { try PrivvalRequest(protobuf: long) }
        var stream = PrivvalStream()
        _ = try stream.receive([0x81, 0x50])
        #expect(throws: PeerFault.length) { try stream.next() }
    }

    // MARK: - Service

    /// CometBFT's end: it listens, and asks.
    private final class Listener {
        let listening: Int32
        private var connection: Int32 = -1
        private var stream: PrivvalStream

        init(_ address: SocketAddress, isSealed: Bool) throws {
            listening = try address.listen()
            var patience = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            stream = Self.stream(isSealed)
        }

        deinit {
            close(connection)
            close(listening)
        }

        private static func stream(_ isSealed: Bool) -> PrivvalStream {
            let side = Side(number: 9)
            return isSealed
                ? PrivvalStream(secret: side.ephemeral, publicKey: side.key.publicKey, sign: side.key.sign)
                : PrivvalStream()
        }

        /// Takes the next connection and leaves the last.
        func accept(isSealed: Bool) throws {
            if connection >= 0 { close(connection) }
            connection = Glibc.accept(listening, nil, nil)
            guard connection >= 0 else { throw POSIXError(.ETIMEDOUT) }
            var patience = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            stream = Self.stream(isSealed)
            try write(stream.hello)
        }

        func write(_ bytes: [UInt8]) throws {
            guard bytes.isEmpty || send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw POSIXError(.EPIPE)
            }
        }

        /// The answer to `request` without its length; nothing once the connection has ended.
        func ask(_ request: PrivvalRequest?) throws -> [UInt8]? {
            var asked = request == nil
            while true {
                // A sealed stream seals nothing before both know each other.
                if !asked, let request {
                    let bytes = stream.seal(request.delimited)
                    asked = !bytes.isEmpty
                    try write(bytes)
                }
                if let message = try stream.next() { return message }
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = recv(connection, &buffer, buffer.count, 0)
                guard count > 0 else { return nil }
                try write(stream.receive(buffer[..<count]))
            }
        }
    }

    private let folder = TemporaryFolder("remote")

    private func signer(_ address: SocketAddress) throws -> RemoteSigner {
        let enclave = EnclaveSigner(ConsensusKey(publicKey: Self.publicKey), chainID: Self.chainID) { vote in
            if vote.height == 13 { throw SignerRefusal.conflict }
            if vote.height == 14 { throw Moved() }
            return VoteSignature(signature: [UInt8](repeating: UInt8(vote.height), count: 64), seconds: 7)
        }
        return RemoteSigner(
            address, signer: enclave, chainID: Self.chainID, nodeKey: try NodeKey.open(folder.path("node_key.json")),
            logger: Logger(label: "remote") { _ in SwiftLogNoOpLogHandler() },
            onStop: { [stopped] error in stopped.all.withLock { $0.append(error is Moved) } })
    }

    private struct Moved: Error {}

    /// One for each time that the node was told to end, and whether for the right reason.
    private let stopped = Told()

    private final class Told: Sendable {
        let all = Mutex<[Bool]>([])
    }

    private func vote(_ height: Int64) -> Vote {
        Vote(
            kind: .prevote, height: height, round: 0, blockID: nil, timestamp: Timestamp(seconds: 1, nanoseconds: 2)!,
            validatorAddress: ValidatorAddress(publicKey: Self.publicKey), validatorIndex: 3)
    }

    private func converse(_ address: SocketAddress, isSealed: Bool) throws {
        let comet = try Listener(address, isSealed: isSealed)
        let place: SocketAddress =
            if case .tcp(let host, _) = address {
                .tcp(host: host, port: SocketAddress.port(of: comet.listening)!)
            } else { address }
        let signer = try signer(place)
        signer.start()
        defer { signer.stop() }
        try comet.accept(isSealed: isSealed)

        let key = try #require(try comet.ask(.publicKey(chainID: Self.chainID)))
        #expect(key == withoutLength(PrivvalAnswer.publicKey(Self.publicKey).delimited))
        #expect(try comet.ask(.ping) == [0x42, 0])
        var signed = vote(5)
        (signed.signature, signed.timestamp) = (
            [UInt8](repeating: 5, count: 64), Timestamp(seconds: 7, nanoseconds: 0)!
        )
        #expect(
            try comet.ask(.vote(vote(5), chainID: Self.chainID)) == withoutLength(PrivvalAnswer.vote(signed).delimited))
        var proposal = Proposal(
            height: 6, round: 0, polRound: -1, blockID: try blockID(), timestamp: Timestamp(seconds: 1, nanoseconds: 0)!
        )
        let asked = PrivvalRequest.proposal(proposal, chainID: Self.chainID)
        (proposal.signature, proposal.timestamp) = (
            [UInt8](repeating: 6, count: 64), Timestamp(seconds: 7, nanoseconds: 0)!
        )
        #expect(try comet.ask(asked) == withoutLength(PrivvalAnswer.proposal(proposal).delimited))

        // What is not signed is said, and the connection goes on.
        let extended: PrivvalRequest = {
            var vote = vote(7)
            vote.voteExtension = [1]
            return .vote(vote, chainID: Self.chainID)
        }()
        for (request, words) in [
            (PrivvalRequest.vote(vote(13), chainID: Self.chainID), "conflict"),
            (.vote(vote(8), chainID: "remote-2"), "otherChain"), (.publicKey(chainID: "remote-2"), "otherChain"),
            (extended, "withExtension"),
        ] {
            let refused = try #require(try comet.ask(request))
            #expect(refused == withoutLength(PrivvalAnswer.refusal(of: request, words).delimited))
        }
        // An enclave that signs nothing more is another thing than a refusal: the node must end.
        #expect(stopped.all.withLock { $0 } == [])
        let last = try #require(try comet.ask(.vote(vote(14), chainID: Self.chainID)))
        #expect(
            last
                == withoutLength(PrivvalAnswer.refusal(of: .vote(vote(14), chainID: Self.chainID), "Moved()").delimited)
        )
        #expect(stopped.all.withLock { $0 } == [true])
        // A message that is none, or too long, ends the connection; the signer comes again.
        for wrong in [[0x02, 0x12, 0x00], [0xff, 0xff, 0x7f]] as [[UInt8]] {
            if isSealed { break }
            try comet.write(wrong)
            #expect(try comet.ask(nil) == nil)
            try comet.accept(isSealed: isSealed)
            #expect(try comet.ask(.ping) == [0x42, 0])
        }
        try comet.accept(isSealed: isSealed)
        #expect(try comet.ask(.ping) == [0x42, 0])
        signer.stop()
        #expect(try comet.ask(nil) == nil)
    }

    private func blockID() throws -> BlockID {
        guard case .vote(let vote, _) = try PrivvalRequest(protobuf: hexadecimal("1a8101" + Self.vote)) else {
            throw POSIXError(.EINVAL)
        }
        return try #require(vote.blockID)
    }

    @Test("over a Unix socket it answers what CometBFT asks, says what it does not sign, and connects again")
    func unix() async throws {
        try await onThread { try converse(SocketAddress("unix://" + folder.path("s"))!, isSealed: false) }
    }

    @Test("over TCP it does so in a SecretConnection")
    func tcp() async throws {
        try await onThread { try converse(SocketAddress("tcp://127.0.0.1:0")!, isSealed: true) }
    }
}
