import Seeds
import Testing
import Wire

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct ScopedWritesTests {
        @Test("an inner scope hides what the outer wrote until it is discarded, and replaces it once it is merged")
        func layers() {
            var writes = ScopedWrites<Int>()
            let (one, two) = (ByteKey([1]), ByteKey([2]))
            writes.set(one, 10)
            writes.open()
            writes.set(one, 11)
            writes.set(two, 20)
            #expect(writes.depth == 2 && writes.value(one) == 11 && writes.value(two) == 20)
            writes.discard()
            #expect(writes.depth == 1 && writes.value(one) == 10 && writes.value(two) == nil)
            writes.open()
            writes.set(one, 12)
            writes.merge()
            #expect(writes.depth == 1 && writes.value(one) == 12)
        }

        @Test("all that would be left is sorted by keys, with the innermost value of each, and closes no scope")
        func sorted() {
            var writes = ScopedWrites<String>()
            writes.set(ByteKey([2]), "outer")
            writes.set(ByteKey([1, 0]), "outer")
            writes.open()
            writes.set(ByteKey([1]), "inner")
            writes.set(ByteKey([2]), "inner")
            writes.open()
            writes.set(ByteKey([255]), "innermost")
            let all = writes.sorted
            #expect(all.map(\.key) == [[1], [1, 0], [2], [255]])
            #expect(all.map(\.value) == ["inner", "outer", "inner", "innermost"])
            #expect(writes.depth == 3)
        }

        @Test("random scopes agree with a stack of whole copies", arguments: 1...20)
        func random(seed: UInt64) {
            var numbers = SeededGenerator(seed: seed)
            var writes = ScopedWrites<UInt64>()
            var copies: [[[UInt8]: UInt64]] = [[:]]
            for step in 0..<400 {
                switch numbers.below(8) {
                case 0:
                    writes.open()
                    copies.append(copies.last!)
                case 1 where copies.count > 1:
                    writes.merge()
                    let top = copies.removeLast()
                    copies[copies.count - 1] = top
                case 2 where copies.count > 1:
                    writes.discard()
                    copies.removeLast()
                default:
                    let (key, value) = (numbers.bytes(1 + numbers.below(2)).map { $0 & 3 }, numbers.next())
                    writes.set(ByteKey(key), value)
                    copies[copies.count - 1][key] = value
                }
                let expected = copies.last!.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                let all = writes.sorted
                #expect(all.map(\.key) == expected.map(\.key), "seed \(seed), step \(step)")
                #expect(all.map(\.value) == expected.map(\.value), "seed \(seed), step \(step)")
                #expect(expected.allSatisfy { writes.value(ByteKey($0.key)) == $0.value })
                #expect(writes.depth == copies.count)
            }
        }
    }
}
