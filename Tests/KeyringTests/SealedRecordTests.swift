import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: the sealed record")
struct SealedRecordTests {
    private let header = SealedRecord.Header(
        owner: 2, securityVersion: 0x0103, measurement: SHA256.hash(Array("measurement".utf8)))

    private func sealingKey() -> SecretKey { SecretKey(copying: pattern(32, 6))! }

    private func failure(_ sealed: [UInt8], sealingKey: borrowing SecretKey) -> SealedRecordError? {
        do throws(SealedRecordError) {
            _ = try SealedRecord.open(sealed, sealingKey: sealingKey)
            return nil
        } catch { return error }
    }

    @Test("a record made by an independent implementation opens")
    func knownAnswer() throws {
        let sealed = hexadecimal(
            "434c4f49535445522d5345414c45440a00020201036c5a6990038d66c5ecddf6c983345ed18acc416e188ff1476e3cd7201699aaed"
                + "050c131a21282f363d444b525960676ea81c48add1d9f4984a4b7155f64f8c74a77ee5a2365d5fee0780a77c77d3361d0fce55"
                + "3940ec9490ac4e13da22434be08f9b056792e4bb5ce379e2a9fd973ce0a129d51cd10d88a94ecd685069185b2e517c87d6bd70"
                + "42f555b7619a9a65752ed341f0e7fbc42c05bd35e43d723135")
        let record = try SealedRecord.open(sealed, sealingKey: sealingKey())
        #expect(try SealedRecord.Header(of: sealed) == header)
        let seeds = [text(of: record.seeds.genesis), text(of: record.seeds.current)]
        #expect(seeds == [String(repeating: "0a", count: 32), String(repeating: "0b", count: 32)])
        #expect(record.identity == Array("identity".utf8))
        #expect(record.head == Array("head bytes".utf8))
        #expect(record.results.isEmpty)
    }

    @Test("what was sealed opens, and no two seals are alike")
    func roundTrip() throws {
        let seeds = knownSeeds()
        func seal() -> [UInt8] {
            SealedRecord.seal(
                knownSeeds(), identity: pattern(300, 1), head: pattern(1000, 2), results: pattern(32, 3),
                sealingKey: sealingKey(), header: header)
        }
        let (sealed, again) = (seal(), seal())
        #expect(sealed != again)
        #expect(sealed.count == again.count)
        let opened = try SealedRecord.open(sealed, sealingKey: sealingKey())
        let sameSeeds =
            opened.seeds.genesis.isEqual(to: seeds.genesis)
            && opened.seeds.current.isEqual(to: seeds.current)
        #expect(sameSeeds)
        #expect(opened.identity == pattern(300, 1))
        #expect(opened.head == pattern(1000, 2))
        #expect(opened.results == pattern(32, 3))
        let own = opened.takeSeeds()
        let publicKeys = [NetworkKeys(own).ioPublicKey, knownKeys().ioPublicKey]
        #expect(publicKeys[0] == publicKeys[1])
    }

    @Test("what an enclave that joined, and one that took over, keep besides")
    func joined() throws {
        let cases: [(granted: [UInt8], founder: [UInt8])] = [([], []), ([7, 8], []), ([7, 8], [9]), ([], [9])]
        for (granted, founder) in cases {
            let sealed = SealedRecord.seal(
                knownSeeds(), identity: [1], head: [2], results: [3], granted: granted, founder: founder,
                sealingKey: sealingKey(), header: header)
            let opened = try SealedRecord.open(sealed, sealingKey: sealingKey())
            #expect(opened.identity == [1] && opened.head == [2] && opened.results == [3])
            #expect(opened.granted == granted && opened.founder == founder)
        }
    }

    @Test("a record says before it is opened whose it is, and opens under no other header or key")
    func otherHeader() throws {
        let sealed = SealedRecord.seal(
            knownSeeds(), identity: [1], head: [2], results: [3], sealingKey: sealingKey(), header: header)
        #expect(try SealedRecord.Header(of: sealed) == header)
        // The attack: the host writes another owner, version or program there than the record was sealed for.
        let others = [
            SealedRecord.Header(owner: 1, securityVersion: 0x0103, measurement: header.measurement),
            SealedRecord.Header(owner: 2, securityVersion: 0x0102, measurement: header.measurement),
            SealedRecord.Header(owner: 2, securityVersion: 0x0103, measurement: SHA256.hash([])),
        ]
        for other in others {
            let otherwise = SealedRecord.seal(
                knownSeeds(), identity: [1], head: [2], results: [3], sealingKey: sealingKey(), header: other)
            var relabelled = sealed
            relabelled.replaceSubrange(
                ..<SealedRecord.Header.byteCount, with: otherwise[..<SealedRecord.Header.byteCount])
            #expect(try SealedRecord.Header(of: relabelled) == other)
            let refused = failure(relabelled, sealingKey: sealingKey())
            #expect(refused == .notAuthentic)
        }
        let wrongKey = failure(sealed, sealingKey: key(repeating: 9))
        #expect(wrongKey == .notAuthentic)
    }

    @Test("every flipped bit and every cut is refused, and so is the form of before")
    func tampering() {
        let sealed = SealedRecord.seal(
            knownSeeds(), identity: [1], head: [2], results: [3], sealingKey: sealingKey(), header: header)
        for index in sealed.indices {
            for bit in 0..<8 {
                var wrong = sealed
                wrong[index] ^= 1 << UInt8(bit)
                let refused = failure(wrong, sealingKey: sealingKey())
                // Bit 0 of its number is what tells the two formats apart.
                #expect(refused == (index < 18 && !(index == 17 && bit == 0) ? .unknownFormat : .notAuthentic))
            }
            let cut = failure(Array(sealed[..<index]), sealingKey: sealingKey())
            #expect(cut == (index <= 85 ? .truncated : .notAuthentic))
        }
        let extended = failure(sealed + [0], sealingKey: sealingKey())
        #expect(extended == .notAuthentic)
        var old = sealed
        old[17] = 1
        let oldRefused = failure(old, sealingKey: sealingKey())
        #expect(oldRefused == .unknownFormat)
    }

    @Test("an authentic record that is not one is refused")
    func malformed() {
        let header = Array("CLOISTER-SEALED\n".utf8) + [0, 2, 2, 1, 3] + header.measurement.bytes
        let fields: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0]
        let seeds = pattern(64, 1)
        let cases: [([UInt8], SealedRecordError?)] = [
            ([2] + seeds + fields, nil), ([1] + seeds + fields, .malformed), ([3] + seeds + fields, .malformed),
            ([2] + seeds + fields + [0], .malformed), ([2] + seeds + fields.dropLast(), .malformed),
            ([2] + seeds, .malformed), ([2] + seeds.dropLast(), .malformed), ([2], .malformed),
            ([2] + seeds + [0xff, 0xff, 0xff, 0xff] + fields, .malformed),
        ]
        for (plaintext, expected) in cases {
            let sealed =
                header + Sealing.seal(GuardedBytes(copying: plaintext), key: sealingKey(), header: header)
            let refused = failure(sealed, sealingKey: sealingKey())
            #expect(refused == expected)
        }
    }
}
