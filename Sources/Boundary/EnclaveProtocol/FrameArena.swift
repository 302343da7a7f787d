import CBoundaryMessages
import CProtobufC

/// Memory for one frame's C structures, with a hard limit; freed as a whole.
///
/// Safe to use: pointers handed out live as long as the arena, and every user keeps the arena alive around their use.
@safe
final class FrameArena {
    /// To which the arena rounds what it gives (messages.c).
    private static let alignment = 16

    let pointer: OpaquePointer
    private let limit: Int
    private var asked = 0
    /// Whether more was asked for than the limit: a property of the message, unlike lack of memory.
    var isOverLimit: Bool { asked > limit }

    init?(limit: Int) {
        guard let arena = unsafe boundary_arena_new(limit) else { return nil }
        unsafe pointer = arena
        self.limit = limit
    }

    deinit {
        unsafe boundary_arena_delete(pointer)
    }

    /// Room for `count` values, zeroed; `nil` beyond the limit.
    func allocate<Value>(_: Value.Type, count: Int) -> UnsafeMutablePointer<Value>? {
        let (size, overflow) = MemoryLayout<Value>.stride.multipliedReportingOverflow(by: max(count, 1))
        guard !overflow else { return nil }
        asked += (size + FrameArena.alignment - 1) & ~(FrameArena.alignment - 1)
        guard let raw = unsafe boundary_arena_alloc(pointer, size) else { return nil }
        // Safe: the arena aligns to 16 bytes, which is enough for every C structure of the messages.
        return unsafe raw.bindMemory(to: Value.self, capacity: max(count, 1))
    }
}
