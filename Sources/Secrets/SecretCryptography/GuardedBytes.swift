import CSodium
import PublicCryptography

/// A fixed number of secret bytes in pages of their own, fenced by guard pages: hidden from the kernel where it can
/// (`SecretPages`), else locked in memory, left out of core dumps and watched by a canary (libsodium's
/// `sodium_malloc`). Wiped, then freed, when its one owner lets go.
@safe
package struct GuardedBytes: ~Copyable, Sendable {
    // Safe to share: nothing writes after `init`.
    nonisolated(unsafe) private let start: UnsafeMutableRawPointer
    /// Which hidden page they lie in, at its end; `nil` for libsodium's.
    private let page: Int?
    package let count: Int

    package var isHidden: Bool { page != nil }

    /// `count` bytes, zeroed and then written by `fill`.
    package init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        precondition(count > 0)
        Sodium.prepare()
        let pages = SecretPages.shared
        // Safe: `count` bytes that only this value knows of, in a page of its own or from `sodium_malloc`.
        if count <= pages.pageByteCount, let (index, page) = unsafe pages.take() {
            unsafe start = page + (pages.pageByteCount - count)
            self.page = index
        } else {
            guard let start = unsafe sodium_malloc(count) else { preconditionFailure("no guarded memory") }
            unsafe self.start = start
            page = nil
        }
        unsafe sodium_memzero(start, count)
        self.count = count
        unsafe fill(UnsafeMutableRawBufferPointer(start: start, count: count))
    }

    deinit {
        // Safe: the only owner ends here.
        unsafe GuardedBytes.release(start, count, page) { _ in }
    }

    /// What `deinit` does, with a look at the memory between wiping and freeing: how tests see that it is wiped.
    consuming func release(inspecting: (UnsafeRawBufferPointer) -> Void) {
        // Safe: `discard` keeps `deinit` from running a second time.
        unsafe GuardedBytes.release(start, count, page, inspecting: inspecting)
        discard self
    }

    private static func release(
        _ start: UnsafeMutableRawPointer, _ count: Int, _ page: Int?, inspecting: (UnsafeRawBufferPointer) -> Void
    ) {
        // Safe: the caller owns `count` bytes at `start`.
        unsafe sodium_memzero(start, count)
        unsafe inspecting(UnsafeRawBufferPointer(start: start, count: count))
        if let page {
            SecretPages.shared.giveBack(page)
        } else {
            unsafe sodium_free(start)
        }
    }

    /// The bytes, for the length of `body`. The pointer must not leave it, nor the bytes except into other guarded
    /// memory or a C library's own.
    package borrowing func withUnsafeBytes<Result: ~Copyable>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }
}
