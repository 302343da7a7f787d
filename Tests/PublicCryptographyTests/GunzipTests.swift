import Foundation
import PublicCryptography
import TestSupport
import Testing

@testable import Wire

@Suite struct GunzipTests {
    /// Compresses with the system's gzip: another implementation than the one under test.
    private func gzip(_ bytes: [UInt8], level: Int) throws -> [UInt8] {
        let folder = TemporaryFolder("gunzip")
        defer { withExtendedLifetime(folder) {} }
        let source = folder.url.appendingPathComponent("plain")
        try Data(bytes).write(to: source)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-\(level)", "-c", source.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return Array(data)
    }

    @Test("what gzip wrote is read back, for every kind of block")
    func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        let samples: [[UInt8]] = [
            [], [97], Array("hello hello hello hello".utf8), Array(repeating: 0, count: 70_000),
            (0..<100_000).map { _ in .random(in: 0...255, using: &random) },
            (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) },
        ]
        for sample in samples {
            for level in [1, 6, 9] {
                let compressed = try gzip(sample, level: level)
                #expect(Gunzip.isCompressed(compressed))
                #expect(try Gunzip.decompress(compressed, limit: sample.count) == sample)
            }
        }
    }

    @Test("output beyond the limit is refused, so a bomb costs no more than the limit")
    func bomb() throws {
        let compressed = try gzip(Array(repeating: 0, count: 10_000_000), level: 9)
        #expect(compressed.count < 20_000)
        #expect(throws: GunzipError.tooLong) { try Gunzip.decompress(compressed, limit: 2_097_152) }
    }

    @Test("every cut and every flipped bit is refused, and trailing bytes are")
    func damage() throws {
        let sample = Array("the quick brown fox jumps over the lazy dog, again and again and again".utf8)
        let compressed = try gzip(sample, level: 9)
        for length in 0..<compressed.count {
            #expect(throws: GunzipError.self) { try Gunzip.decompress(Array(compressed[..<length]), limit: 1_000) }
        }
        #expect(throws: GunzipError.self) { try Gunzip.decompress(compressed + [0], limit: 1_000) }
        let nameEnd = try #require(compressed[10...].firstIndex(of: 0))
        for index in compressed.indices where index > nameEnd {
            for bit in 0..<8 as Range<UInt8> {
                var damaged = compressed
                damaged[index] ^= 1 << bit
                // A flip either is found out or changes nothing (padding bits behind the last block).
                if let result = try? Gunzip.decompress(damaged, limit: 1_000) { #expect(result == sample) }
            }
        }
    }
}
