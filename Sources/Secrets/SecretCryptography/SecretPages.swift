import CSodium
import Synchronization

/// Pages for long-lived keys in memory that the kernel itself does not map, each fenced by pages that nobody may touch.
///
/// They are mapped when the process starts, since a confined process can map no more of them. Where the kernel has
/// none, or when all are taken, keys lie in libsodium's pages: locked and fenced too, but mapped by the kernel.
@safe
package final class SecretPages: Sendable {
    /// Those of the process. Touch them at start, before memory is confined.
    package static let shared = SecretPages(pageCount: 64)

    /// Whether all keys of this process that have a home of their own can lie in hidden memory, and those of calls do.
    package static var hideKeys: Bool { unsafe shared.start != nil && KeyArena.shared.isHidden }

    package let pageByteCount = secret_memory_page_bytes()
    // Safe to share: the list of free pages is locked, and a page has one owner.
    nonisolated(unsafe) private let start: UnsafeMutableRawPointer?
    private let pageCount: Int
    private let freePages: Mutex<[Int]>

    init(pageCount: Int) {
        self.pageCount = pageCount
        // Safe: a mapping that only this object knows of, or `nil`.
        unsafe start = secret_memory_map(pageCount, 1)
        freePages = Mutex(unsafe start == nil ? [] : Array((0..<pageCount).reversed()))
    }

    deinit {
        // Safe: only a private instance of a test ends, whose pages are given back by then.
        if let start = unsafe start { unsafe secret_memory_unmap(start, pageCount, 1) }
    }

    /// A page nobody else has, zero at first use and wiped by its last owner.
    @unsafe
    func take() -> (index: Int, page: UnsafeMutableRawPointer)? {
        guard let start = unsafe start, let index = freePages.withLock({ $0.popLast() }) else { return nil }
        // Safe: index is below `pageCount`, and a guard page lies between two.
        return unsafe (index, start + 2 * index * pageByteCount)
    }

    func giveBack(_ index: Int) { freePages.withLock { $0.append(index) } }
}
