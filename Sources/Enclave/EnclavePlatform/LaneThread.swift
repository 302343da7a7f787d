import CEnclaveRuntime
import PublicCryptography

/// One plain thread per lane, with a stack that holds the deepest chain of contract calls.
package enum LaneThread {
    /// Starts a thread that runs `body` and is never joined. Returns false when the kernel gives no more threads, which
    /// it does not once the enclave has confined itself for good.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let box = unsafe Unmanaged.passRetained(Body(body))
        // Safe: the pointer is the retained box, released exactly once: by the thread, or here when there is none.
        let status = unsafe runtime_start_thread(
            { argument in
                let box = unsafe Unmanaged<Body>.fromOpaque(certain(argument, "it is given below"))
                unsafe box.takeRetainedValue().run()
            }, box.toOpaque())
        if status != 0 {
            unsafe box.release()
        }
        return status == 0
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
