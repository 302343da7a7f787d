import CSodium
import Synchronization

/// One guarded region cut into slots of 32 bytes, for keys that live as long as a call.
///
/// A slot is zero when it is handed out and wiped when it comes back. Slots are neighbours without guard pages between
/// them: what writes here writes exactly 32 bytes.
@safe
package final class KeyArena: Sendable {
    package static let slotByteCount = 32

    /// The arena of the process. Touch it at start, before memory is confined.
    package static let shared = KeyArena(slotCount: 2048)

    // Safe to share: the list of free slots is locked, and a slot has one owner.
    nonisolated(unsafe) private let start: UnsafeMutableRawPointer
    private let slotCount: Int
    /// Whether the kernel itself does not map it (`SecretPages` tells more); else it is libsodium's guarded memory.
    package let isHidden: Bool
    private let freeSlots: Mutex<[Int]>

    package init(slotCount: Int, hidden: Bool = true) {
        precondition(slotCount > 0)
        Sodium.prepare()
        let byteCount = slotCount * KeyArena.slotByteCount
        // Safe: at least `byteCount` bytes that only this object knows of.
        if hidden, let start = unsafe secret_memory_map(1, KeyArena.pageCount(byteCount)) {
            unsafe self.start = start
            isHidden = true
        } else {
            guard let start = unsafe sodium_malloc(byteCount) else { preconditionFailure("no guarded memory") }
            unsafe self.start = start
            isHidden = false
        }
        unsafe sodium_memzero(start, byteCount)
        self.slotCount = slotCount
        freeSlots = Mutex(Array((0..<slotCount).reversed()))
    }

    deinit {
        // Safe: slots hold a reference to their arena, so none is left.
        if isHidden {
            unsafe secret_memory_unmap(start, 1, KeyArena.pageCount(slotCount * KeyArena.slotByteCount))
        } else {
            unsafe sodium_free(start)
        }
    }

    private static func pageCount(_ byteCount: Int) -> Int {
        let page = secret_memory_page_bytes()
        return (byteCount + page - 1) / page
    }

    package var freeSlotCount: Int { freeSlots.withLock { $0.count } }

    /// A zeroed slot, or `nil` when all are taken: the caller then takes guarded pages of its own.
    func take() -> Slot? {
        guard let index = freeSlots.withLock({ $0.popLast() }) else { return nil }
        // Safe: index is below `slotCount`.
        return unsafe Slot(arena: self, index: index, start: start + index * KeyArena.slotByteCount)
    }

    fileprivate func giveBack(_ index: Int) { freeSlots.withLock { $0.append(index) } }

    /// 32 bytes of the arena, wiped and given back when their owner lets go.
    @safe
    package struct Slot: ~Copyable, Sendable {
        private let arena: KeyArena
        private let index: Int
        // Safe to share: nothing writes after the key that it holds was made.
        nonisolated(unsafe) private let start: UnsafeMutableRawPointer

        fileprivate init(arena: KeyArena, index: Int, start: UnsafeMutableRawPointer) {
            self.arena = arena
            self.index = index
            unsafe self.start = start
        }

        deinit {
            // Safe: the slot is ours until `giveBack`, which comes after it is zero.
            unsafe sodium_memzero(start, KeyArena.slotByteCount)
            arena.giveBack(index)
        }

        borrowing func withUnsafeMutableBytes<Result: ~Copyable>(
            _ body: (UnsafeMutableRawBufferPointer) -> Result
        ) -> Result {
            unsafe body(UnsafeMutableRawBufferPointer(start: start, count: KeyArena.slotByteCount))
        }
    }
}
