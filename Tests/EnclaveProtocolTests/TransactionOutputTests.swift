import PublicCryptography
import Testing

@testable import EnclaveProtocol

@Suite("The sealed output of a transaction") struct TransactionOutputTests {
    private let place = OutputPlace(headerHash: SHA256.hash([1]), index: 3)
    private let key = SHA256.hash([2]).bytes

    private var output: TransactionOutput {
        var output = TransactionOutput()
        (output.codespace, output.log, output.data) = ("compute", "encrypted: AA==: execute contract failed", [1, 2])
        output.salt = SHA256.hash([4]).bytes
        output.events = [Event("wasm", ["contract_address": "secret1x", "key": "before\0after"]), Event("empty", [:])]
        return output
    }

    @Test("it opens with its key at its place, and with no byte changed, added or cut")
    func sealing() throws {
        let record = try output.sealed(key: key, at: place)
        #expect(TransactionOutput(opening: record, key: key, at: place) == output)
        #expect(try output.sealed(key: key, at: place) == record)
        let elsewhere = [
            OutputPlace(headerHash: SHA256.hash([9]), index: 3), OutputPlace(headerHash: place.headerHash, index: 2),
        ]
        for other in elsewhere { #expect(TransactionOutput(opening: record, key: key, at: other) == nil) }
        for other in [SHA256.hash([3]).bytes, [], key + [0]] {
            #expect(TransactionOutput(opening: record, key: other, at: place) == nil)
        }
        for position in record.indices {
            var changed = record
            changed[position] ^= 1
            #expect(TransactionOutput(opening: changed, key: key, at: place) == nil)
        }
        for count in [0, 1, 24, 39, 40, record.count - 1] {
            #expect(TransactionOutput(opening: Array(record.prefix(count)), key: key, at: place) == nil)
        }
        #expect(TransactionOutput(opening: record + [0], key: key, at: place) == nil)
    }

    @Test("whatever could carry an answer changes what consensus has of it: attributes and error texts too")
    func commitment() throws {
        let changes: [(inout TransactionOutput) -> Void] = [
            { $0.data = [1, 3] }, { $0.data = [] }, { $0.codespace = "sdk" }, { $0.salt[31] ^= 1 },
            { $0.events[0].type = "wasm2" }, { $0.events[0].attributes[1].value = "after" },
            { $0.events[0].attributes[1].key = "kez" }, { $0.events[0].attributes.swapAt(0, 1) },
            { $0.events.swapAt(0, 1) }, { $0.events.removeLast() },
            { $0.events[1].attributes.append(.init(key: "", value: "")) },
        ]
        var seen: Set<[UInt8]> = [try output.commitment(log: output.log)]
        for change in changes {
            var other = output
            change(&other)
            #expect(seen.insert(try other.commitment(log: output.log)).inserted)
        }
        #expect(seen.insert(try output.commitment(log: "another")).inserted)
        for commitment in seen { #expect(commitment.count == 64) }
        // The first half is of the data, which any client can compare with what it is shown.
        #expect(try output.commitment(log: "").prefix(32) == SHA256.hash(output.salt + [1, 2]).bytes[...])
        var silent = output
        silent.data = []
        #expect(try silent.commitment(log: "").prefix(32) == SHA256.hash(output.salt).bytes[...])
        // What is no part of it changes nothing: a trace, or a host's own words.
        var told = output
        told.log = "another text"
        #expect(try told.commitment(log: "x") == output.commitment(log: "x"))
    }

    @Test("who knows all of an output but its salt cannot tell it by its hashes, and the salt is made of all of it")
    func salt() throws {
        var guess = output
        guess.salt = []
        #expect(try guess.digest(log: "x") == output.digest(log: "x"))
        let (own, guessed) = try (output.commitment(log: "x"), guess.commitment(log: "x"))
        #expect(own.prefix(32) != guessed.prefix(32) && own.suffix(32) != guessed.suffix(32))
        guess.events[0].attributes[1].value = "after"
        #expect(try guess.digest(log: "x") != output.digest(log: "x"))
        #expect(try output.digest(log: "y") != output.digest(log: "x"))
    }

    @Test("two outputs under one key share no nonce, and outputs of one size class have one length")
    func nonces() throws {
        var records: [[UInt8]] = []
        for number in UInt8(0)..<100 {
            var output = output
            output.log = "text \(number + 100)"
            records.append(try output.sealed(key: key, at: place))
        }
        #expect(Set(records.map { $0.prefix(24) }).count == 100)
        #expect(Set(records.map(\.count)).count == 1)
        var last = 0
        for count in 1..<20_000 {
            let padded = TransactionOutput.paddedByteCount(count)
            #expect(padded >= count && padded >= last && padded <= max(512, count + count / 8 + 64))
            last = padded
        }
        #expect(Set((1..<(1 << 20)).lazy.map { TransactionOutput.paddedByteCount($0) }).count < 110)
    }
}
