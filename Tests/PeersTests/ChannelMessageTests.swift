import ChainFormats
import PeerWire
import Seeds
import StrictJSON
import TestSupport
import Testing
import Wire

@Suite struct ChannelMessageTests {
    @Test("One message of each kind that CometBFT sent is understood and written again byte for byte")
    func kinds() throws {
        for item in Facts.all["messages"]!.array! {
            try expectAgain(item["channel"]!.integer()!, item.bytes("message"))
        }
    }

    @Test("All messages of the recorded sessions are understood and written again byte for byte")
    func recordings() throws {
        var count = 0
        for (name, content) in Facts.recordings {
            // The one scenario in which our side says what nobody may say.
            for frame in content["frames"]!.array! {
                guard frame["message"] != nil, name != "i-mempool.json.gz" || frame["from"]?.string == "node" else {
                    continue
                }
                let bytes = frame.bytes("message")
                if name == "e-blocksync-ours.json.gz", bytes.starts(with: [0x0a, 0x0b]) { continue }
                try expectAgain(frame["channel"]!.integer()!, bytes)
                count += 1
            }
        }
        if !Facts.recordings.isEmpty { #expect(count > 11_000) }
    }

    private func expectAgain(_ number: UInt8, _ bytes: [UInt8]) throws {
        let channel = try #require(PeerChannel(rawValue: number))
        let message = try ChannelMessage(channel, bytes, rules: Facts.rules)
        #expect(message.encoded.channel == channel)
        #expect(message.encoded.bytes == bytes)
    }

    /// What only who knows the state of chain and connection can refuse.
    private static let refusedLater = [
        "BlockResponse unasked", "PexAddrs unasked", "evidence with random signatures",
    ]
    /// An explicit zero, which no encoder of protobuf writes: CometBFT reads it, and then has no use for the proposal.
    private static let refusedHere = ["proposal POL round = round"]

    @Test("Of malformed messages those end a connection that end one with CometBFT")
    func malformed() {
        var seen = 0
        for (name, number, bytes, _, ends) in Facts.malformed {
            guard let number, let channel = PeerChannel(rawValue: UInt8(number)) else { continue }
            seen += 1
            var fault: PeerFault?
            do throws(PeerFault) {
                _ = try ChannelMessage(channel, bytes, rules: Facts.rules)
            } catch {
                fault = error
            }
            if Self.refusedLater.contains(name) { continue }
            #expect((fault != nil) == (ends || Self.refusedHere.contains(name)), "\(name): \(fault as Any)")
        }
        #expect(seen > 80)
    }

    @Test("Evidence of an attack that is none ends a connection")
    func attacks() {
        for bytes in [[], [0x0a, 0x00], pattern(1 << 20, 7)] as [[UInt8]] {
            let message = ChannelMessage.evidence([Evidence(kind: .lightClientAttack, bytes: bytes)]).encoded.bytes
            #expect(throws: PeerFault.undecodable(.evidence)) {
                try ChannelMessage(.evidence, message, rules: Facts.rules)
            }
        }
    }

    @Test("Packets that are none end a connection")
    func packets() throws {
        for (name, channel, bytes, _, _) in Facts.malformed where channel == nil || channel == 0x77 {
            var (left, right) = (Side(number: 1).link(), Side(number: 2).link())
            _ = try Side.connect(&left, &right)
            let words =
                channel == nil
                ? Delimited.encode(bytes)
                : Delimited.encode(PeerPacket.piece(channel: 0x77, isLast: true, bytes[...]).protobuf)
            #expect(throws: PeerFault.self, "\(name)") { try right.receive(left.seal(words)) }
        }
    }

    @Test("No bytes that a message became by a few changes make the reader fail, and what it takes it writes again")
    func mutations() throws {
        var random = SeededGenerator(seed: SeededGenerator.seed(of: "ChannelMessageTests"))
        let messages = Facts.all["messages"]!.array!.map { ($0["channel"]!.integer()! as UInt8, $0.bytes("message")) }
        var (taken, refused) = (0, 0)
        for _ in 0..<20_000 {
            var (number, bytes) = messages[random.below(messages.count)]
            for _ in 0...random.below(3) {
                switch random.below(4) {
                case 0: if !bytes.isEmpty { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                case 1: if !bytes.isEmpty { bytes.remove(at: random.below(bytes.count)) }
                case 2: bytes.insert(UInt8(random.below(256)), at: random.below(bytes.count + 1))
                default: bytes = Array(bytes.prefix(random.below(bytes.count + 1)))
                }
            }
            guard let message = try? ChannelMessage(PeerChannel(rawValue: number)!, bytes, rules: Facts.rules) else {
                refused += 1
                continue
            }
            taken += 1
            guard message != .nothing else { continue }
            let again = message.encoded
            #expect(try ChannelMessage(again.channel, again.bytes, rules: Facts.rules) == message)
        }
        #expect(taken > 100 && refused > 1000)
    }

    @Test("A bit array says what was set, and takes over what others say of the same things")
    func bitArrays() {
        var bits = BitArray(count: 130)
        for index in [0, 63, 64, 129, 130, -1] { bits[index] = true }
        #expect(bits.indices == [0, 63, 64, 129])
        var others = BitArray(count: 130)
        others[5] = true
        others.formUnion(bits)
        #expect(others.subtracting(bits).indices == [5])
        others.formUnion(BitArray(count: 1))
        #expect(others.count == 130)
        #expect(try! BitArray(protobuf: bits.protobuf) == bits)
    }
}
