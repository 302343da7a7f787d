import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: the sealed record")
struct SealedRecordTests {
    let measurement = SHA256.hash(Array("measurement".utf8))

    private func sealingKey() -> SecretKey { SecretKey(copying: pattern(32, 6))! }

    private func failure(
        _ sealed: [UInt8], sealingKey: borrowing SecretKey, measurement: Hash32
    ) -> SealedRecordError? {
        do throws(SealedRecordError) {
            _ = try SealedRecord.open(sealed, sealingKey: sealingKey, measurement: measurement)
            return nil
        } catch { return error }
    }

    @Test("a record made by an independent implementation opens")
    func knownAnswer() throws {
        let sealed = hexadecimal(
            "434c4f49535445522d5345414c45440a00016c5a6990038d66c5ecddf6c983345ed18acc416e188ff1476e3cd7201699aaed050c131a"
                + "21282f363d444b525960676e1abbbe3df45f26187174980d1257ad83b7730e1cec4e8589bd552ac8a00330cd5ed0630c2d8a"
                + "3a546c60a4dfcdf0e66670d3de802df7612cc5e0f9367a6a1625ed439f53c6f2ded529dae7b00f412f23648427f5b40d215c"
                + "9f39173a5a2c18408ba922397d2a57220510134ed8aec1")
        let record = try SealedRecord.open(sealed, sealingKey: sealingKey(), measurement: measurement)
        let seeds = [text(of: record.seeds.genesis), text(of: record.seeds.current)]
        #expect(seeds == [String(repeating: "0a", count: 32), String(repeating: "0b", count: 32)])
        #expect(record.identity == Array("identity".utf8))
        #expect(record.head == Array("head bytes".utf8))
        #expect(record.results.isEmpty)
    }

    @Test("what was sealed opens, and no two seals are alike")
    func roundTrip() throws {
        let record = SealedRecord(
            seeds: knownSeeds(), identity: pattern(300, 1), head: pattern(1000, 2), results: pattern(32, 3))
        let sealed = record.seal(sealingKey: sealingKey(), measurement: measurement)
        let again = record.seal(sealingKey: sealingKey(), measurement: measurement)
        #expect(sealed != again)
        #expect(sealed.count == again.count)
        let opened = try SealedRecord.open(sealed, sealingKey: sealingKey(), measurement: measurement)
        let sameSeeds =
            opened.seeds.genesis.isEqual(to: record.seeds.genesis)
            && opened.seeds.current.isEqual(to: record.seeds.current)
        #expect(sameSeeds)
        #expect(opened.identity == pattern(300, 1))
        #expect(opened.head == pattern(1000, 2))
        #expect(opened.results == pattern(32, 3))
        let seeds = opened.takeSeeds()
        let publicKeys = [NetworkKeys(seeds).ioPublicKey, knownKeys().ioPublicKey]
        #expect(publicKeys[0] == publicKeys[1])
    }

    @Test("what an enclave that joined, and one that took over, keep besides")
    func joined() throws {
        let cases: [(granted: [UInt8], founder: [UInt8])] = [([], []), ([7, 8], []), ([7, 8], [9])]
        for (granted, founder) in cases {
            let record = SealedRecord(
                seeds: knownSeeds(), identity: [1], head: [2], results: [3], granted: granted, founder: founder)
            let sealed = record.seal(sealingKey: sealingKey(), measurement: measurement)
            let opened = try SealedRecord.open(sealed, sealingKey: sealingKey(), measurement: measurement)
            #expect(opened.identity == [1] && opened.head == [2] && opened.results == [3])
            #expect(opened.granted == granted && opened.founder == founder)
        }
    }

    @Test("another program's record is refused and says whose it is")
    func wrongMeasurement() {
        let sealed = SealedRecord.seal(
            knownSeeds(), identity: [1], head: [2], results: [3], sealingKey: sealingKey(),
            measurement: measurement)
        let mine = SHA256.hash(Array("another program".utf8))
        let refused = failure(sealed, sealingKey: sealingKey(), measurement: mine)
        #expect(refused == .wrongMeasurement(measurement))
        // The attack: the host writes the new program's measurement over the old one's.
        var relabelled = sealed
        relabelled.replaceSubrange(18..<50, with: mine.bytes)
        let relabelledRefused = failure(relabelled, sealingKey: sealingKey(), measurement: mine)
        #expect(relabelledRefused == .notAuthentic)
        let wrongKey = failure(sealed, sealingKey: key(repeating: 9), measurement: measurement)
        #expect(wrongKey == .notAuthentic)
    }

    @Test("every flipped bit and every cut is refused")
    func tampering() {
        let sealed = SealedRecord.seal(
            knownSeeds(), identity: [1], head: [2], results: [3], sealingKey: sealingKey(),
            measurement: measurement)
        for index in sealed.indices {
            for bit in 0..<8 {
                var wrong = sealed
                wrong[index] ^= 1 << UInt8(bit)
                let refused = failure(wrong, sealingKey: sealingKey(), measurement: measurement)
                switch index {
                case ..<18: #expect(refused == .unknownFormat)
                case ..<50: #expect(refused == .wrongMeasurement(Hash32(wrong[18..<50])!))
                default: #expect(refused == .notAuthentic)
                }
            }
            let cut = failure(Array(sealed[..<index]), sealingKey: sealingKey(), measurement: measurement)
            #expect(cut == (index <= 82 ? .truncated : .notAuthentic))
        }
        let extended = failure(sealed + [0], sealingKey: sealingKey(), measurement: measurement)
        #expect(extended == .notAuthentic)
    }

    @Test("an authentic record that is not one is refused")
    func malformed() {
        let header = Array("CLOISTER-SEALED\n".utf8) + [0, 1] + measurement.bytes
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
            let refused = failure(sealed, sealingKey: sealingKey(), measurement: measurement)
            #expect(refused == expected)
        }
    }
}
