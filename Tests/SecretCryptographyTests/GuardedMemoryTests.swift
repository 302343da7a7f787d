import PublicCryptography
import SecretKit
import TestSupport
import Testing

@testable import SecretCryptography

@Suite("SecretCryptography: guarded memory")
struct GuardedMemoryTests {
    @Test("pages hold what was written and are zero before they are freed")
    func wiping() {
        let guarded = GuardedBytes(copying: pattern(100, 3))
        #expect(bytes(of: guarded) == pattern(100, 3))
        var seen: [UInt8]?
        guarded.release { seen = Array($0) }
        #expect(seen == [UInt8](repeating: 0, count: 100))
    }

    @Test("a slot is wiped when its key ends, and is handed out again")
    func slots() {
        let arena = KeyArena(slotCount: 2)
        let address: UnsafeRawPointer
        do {
            let key = SecretKey(arena: arena) { $0.copyBytes(from: pattern(32, 9)) }
            #expect(bytes(of: key) == pattern(32, 9))
            address = key.withUnsafeBytes { $0.baseAddress! }
            #expect(arena.freeSlotCount == 1)
        }
        #expect(arena.freeSlotCount == 2)
        let slot = UnsafeRawBufferPointer(start: address, count: 32)
        #expect(Array(slot) == [UInt8](repeating: 0, count: 32))
        let next = SecretKey(arena: arena) { #expect(Array($0) == [UInt8](repeating: 0, count: 32)) }
        let again = next.withUnsafeBytes { $0.baseAddress }
        #expect(again == address)
    }

    @Test("a full arena gives way to pages, and no two keys share memory")
    func exhaustion() {
        let arena = KeyArena(slotCount: 2)
        let keys = (1...4).map { Box(SecretKey(arena: arena, fill: { [byte = UInt8($0)] in $0[31] = byte })) }
        #expect(arena.freeSlotCount == 0)
        #expect(keys.map { bytes(of: $0.key)[31] } == [1, 2, 3, 4])
        #expect(Set(keys.map { $0.key.withUnsafeBytes { $0.baseAddress } }).count == 4)
    }

    final class Box {
        let key: SecretKey
        init(_ key: consuming SecretKey) { self.key = key }
    }

    @Test("keys are exactly 32 bytes, and random ones differ")
    func keys() {
        let short = SecretKey(copying: pattern(31, 0)) == nil
        let long = SecretKey(copying: pattern(33, 0)) == nil
        #expect(short && long)
        let one = SecretKey.random()
        let two = SecretKey.random(home: .pages)
        let isSame = one.isEqual(to: two)
        #expect(!isSame)
        #expect(SecretRandom.bytes(32) != SecretRandom.bytes(32))
        #expect(SecretRandom.bytes(0).isEmpty)
    }
}
