import PeerWire
import StrictJSON
import TestSupport
import Testing

@Suite struct SecretConnectionTests {
    @Test("A transcript gives the challenges that Merlin's own tests and a recorded handshake have")
    func transcripts() {
        for answer in Facts.all["merlin"]!.array! {
            var transcript = MerlinTranscript(protocolLabel: answer["protocol"]!.string!)
            for item in answer["appends"]!.array! {
                transcript.append(item.array![0].string!, hexadecimal(item.array![1].string!))
            }
            for item in answer["challenges"]!.array! {
                let challenge = transcript.challenge(item.array![0].string!, byteCount: item.array![1].integer()!)
                #expect(challenge == hexadecimal(item.array![2].string!))
            }
        }
    }

    @Test("Keys and challenge of a handshake are those that CometBFT made")
    func keys() throws {
        let facts = Facts.handshake
        let secret = facts.bytes("ephemeral_private_key")
        let hello = SecretHandshake.hello(SecretHandshake.ephemeralPublicKey(of: secret))
        #expect(hello == facts.bytes("hello_from_us"))
        let keys = try SecretHandshake.keys(secret: secret, theirs: Array(facts.bytes("hello_from_node").suffix(32)))
        #expect(keys.sending == facts.bytes("our_send_key"))
        #expect(keys.receiving == facts.bytes("our_receive_key"))
        #expect(keys.challenge == facts.bytes("challenge"))
    }

    @Test("Frames of CometBFT open, and ours are sealed byte for byte as recorded")
    func frames() throws {
        let facts = Facts.handshake
        var sender = SecretFrames(key: facts.bytes("our_send_key"))
        for frame in facts["frames_from_us"]!.array! {
            let plain = frame.bytes("plain")
            let count = Int(plain[0]) | Int(plain[1]) << 8
            #expect(sender.seal(Array(plain[4..<(4 + count)])) == frame.bytes("sealed"))
        }
        var receiver = SecretFrames(key: facts.bytes("our_receive_key"))
        for frame in facts["frames_from_node"]!.array! {
            let plain = frame.bytes("plain")
            let count = Int(plain[0]) | Int(plain[1]) << 8
            #expect(try Array(receiver.open(frame.bytes("sealed"))) == Array(plain[4..<(4 + count)]))
        }
        // A frame again is not the next one.
        let first = facts["frames_from_node"]!.array![0].bytes("sealed")
        #expect(throws: PeerFault.frame) { try receiver.open(first) }
    }

    @Test("A key of low order, whose secret everybody knows, is refused", arguments: [0, 1] as [UInt8])
    func lowOrder(_ first: UInt8) {
        let point = [first] + [UInt8](repeating: 0, count: 31)
        #expect(throws: PeerFault.handshake(.ephemeralKey)) {
            try SecretHandshake.keys(secret: [UInt8](repeating: 7, count: 32), theirs: point)
        }
    }

    @Test("The recorded words of a CometBFT open a link, whatever pieces they come in")
    func recordedHandshake() throws {
        let facts = Facts.handshake
        for size in [1, 7, 1000, 100_000] {
            var link = Side(seed: facts.bytes("node_key_seed"), ephemeral: facts.bytes("ephemeral_private_key"))
                .link { $0.network = "p2p-secret" }
            #expect(link.hello == facts.bytes("hello_from_us"))
            var words = facts.bytes("hello_from_node")
            for frame in facts["frames_from_node"]!.array! { words += frame.bytes("sealed") }
            var events: [PeerEvent] = []
            for start in stride(from: 0, to: words.count, by: size) {
                events += try link.receive(words[start..<min(start + size, words.count)])
            }
            #expect(events.count == 3)
            #expect(events.first == .send(facts["frames_from_us"]!.array![0].bytes("sealed")))
            guard case .open(let identity) = events.last else {
                Issue.record("the link is not open")
                return
            }
            #expect(identity.id == "468111b29c54d325ce1abc16cf2a3ea7da7dc5ed")
            #expect(identity.info.version == "0.38.25")
            #expect(identity.info.moniker == "recorded-node")
        }
    }

    @Test("Two links open to each other and carry messages of any length, channel by channel")
    func ourselves() throws {
        var (left, right) = (Side(number: 1).link(), Side(number: 2).link())
        let opened = try Side.connect(&left, &right)
        #expect(opened.left.id == Side(number: 2).id)
        #expect(opened.right.id == Side(number: 1).id)
        for count in [0, 1, 1023, 1024, 1025, 70_000] {
            let message = pattern(count, 3)
            let sealed = left.seal(PeerPacket.encode(message, channel: .consensusData))
            #expect(try right.receive(sealed) == [.message(.consensusData, message)])
        }
        #expect(try right.receive(left.seal(Delimited.encode(PeerPacket.ping.protobuf))) == [.ping])
        #expect(try left.receive(right.seal(Delimited.encode(PeerPacket.pong.protobuf))) == [.pong])
    }

    @Test("Pieces of two channels may be mixed, and each message is still whole")
    func mixedPieces() throws {
        var (left, right) = (Side(number: 1).link(), Side(number: 2).link())
        _ = try Side.connect(&left, &right)
        func piece(_ channel: PeerChannel, _ isLast: Bool, _ bytes: [UInt8]) -> [UInt8] {
            Delimited.encode(PeerPacket.piece(channel: channel.rawValue, isLast: isLast, bytes[...]).protobuf)
        }
        let words =
            piece(.consensusData, false, [1]) + piece(.consensusVote, false, [2]) + piece(.consensusData, true, [3])
            + piece(.consensusVote, true, [4])
        #expect(
            try right.receive(left.seal(words)) == [
                .message(.consensusData, [1, 3]), .message(.consensusVote, [2, 4]),
            ])
    }

    @Test("A message beyond its channel's limit ends the link, before it is whole")
    func tooLong() throws {
        var (left, right) = (Side(number: 1).link(), Side(number: 2).link())
        _ = try Side.connect(&left, &right)
        let words = PeerPacket.encode([UInt8](repeating: 0, count: 1 << 20 | 1), channel: .consensusState)
        #expect(throws: PeerFault.messageTooLong(.consensusState)) { try right.receive(left.seal(words)) }
    }
}
