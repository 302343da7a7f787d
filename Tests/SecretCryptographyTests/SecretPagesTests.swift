import Foundation
import Glibc
import SecretKit
import Testing

@testable import SecretCryptography

@Suite("Memory that the kernel does not map") struct SecretPagesTests {
    /// What a debugger would see of this process at an address; `nil` when the kernel does not show it.
    private func seen(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        let memory = open("/proc/self/mem", O_RDONLY)
        defer { close(memory) }
        var copy = [UInt8](repeating: 0, count: bytes.count)
        let count = pread(memory, &copy, copy.count, off_t(Int(bitPattern: bytes.baseAddress!)))
        return count == bytes.count ? copy : nil
    }

    @Test("keys lie there where the kernel has it, and nobody sees them by way of the kernel")
    func hidden() {
        let secret = [UInt8](repeating: 0x5a, count: 32)
        let pages = GuardedBytes(copying: secret)
        let slot = SecretKey { $0.copyBytes(from: secret) }
        let (pageIsHidden, shown) = (pages.isHidden, pages.withUnsafeBytes { seen($0) })
        #expect(pageIsHidden == (shown == nil))
        #expect(KeyArena.shared.isHidden == (slot.withUnsafeBytes { seen($0) } == nil))
        #expect(pages.withUnsafeBytes { Array($0) } == secret)
        #expect(slot.withUnsafeBytes { Array($0) } == secret)
    }

    @Test("without it, keys lie in locked memory and are the same") func fallback() throws {
        let arena = KeyArena(slotCount: 4, hidden: false)
        #expect(!arena.isHidden)
        let key = SecretKey(arena: arena) { $0.copyBytes(from: 0..<32) }
        #expect(key.withUnsafeBytes { Array($0) } == Array(0..<32))
        #expect(key.withUnsafeBytes { seen($0) } == Array(0..<32))
        // Longer than a page: libsodium's.
        let long = GuardedBytes(copying: [UInt8](repeating: 7, count: 100_000))
        let longIsHidden = long.isHidden
        #expect(!longIsHidden)
        #expect(long.withUnsafeBytes { $0.allSatisfy { $0 == 7 } })
    }

    @Test("a page that comes back is zero, and has one owner at a time") func pages() {
        var places: Set<UInt> = []
        for _ in 0..<200 {
            let bytes = GuardedBytes(copying: [UInt8](repeating: 9, count: 48))
            places.insert(bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress!) })
            bytes.release { inspected in #expect(inspected.allSatisfy { $0 == 0 }) }
        }
        #expect(!places.isEmpty)
        let one = GuardedBytes(copying: [UInt8](repeating: 1, count: 32))
        let other = GuardedBytes(copying: [UInt8](repeating: 1, count: 32))
        let distance = one.withUnsafeBytes { first in
            other.withUnsafeBytes { abs(Int(bitPattern: first.baseAddress!) - Int(bitPattern: $0.baseAddress!)) }
        }
        // A page that nobody may touch lies between.
        #expect(distance >= 2 * Int(sysconf(Int32(_SC_PAGESIZE))))
    }
}
