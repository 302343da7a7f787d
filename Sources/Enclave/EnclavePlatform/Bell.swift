import Glibc

/// Wakes a thread that waits for work: each ring is one return of `wait`, whoever comes first.
@safe
package final class Bell: Sendable {
    // Safe to share: a semaphore is made for that, and lives as long as this object.
    nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        unsafe semaphore = .allocate(capacity: 1)
        // Fails only for a start above the largest number.
        _ = unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        _ = unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    package func ring() { _ = unsafe sem_post(semaphore) }

    package func wait() {
        // A signal may end the wait early.
        while unsafe sem_wait(semaphore) != 0 {}
    }
}
