import CWasmtime
import PublicCryptography
import Synchronization

/// Whether anybody still waits for the call that one thread is making: said by another thread, heard by the contract
/// wherever it loops, calls, or asks for something.
///
/// For calls that nothing depends on but their answer. A call without a watch cannot be ended from outside: its result
/// must be the same on every node.
package final class CallWatch: Sendable {
    private let current = Atomic<UInt64>(0)
    private let abandoned = Atomic<UInt64>(0)

    package init() {}

    /// Another call begins: the first is number 1.
    package func begin() { current.add(1, ordering: .sequentiallyConsistent) }

    /// Nobody waits for the calls up to this one.
    package func abandon(upTo number: UInt64) {
        _ = abandoned.max(number, ordering: .sequentiallyConsistent)
    }

    package var isAbandoned: Bool {
        current.load(ordering: .sequentiallyConsistent) <= abandoned.load(ordering: .sequentiallyConsistent)
    }
}

extension CallWatch {
    /// Beyond what the epoch can come to.
    private static let never: UInt64 = 1 << 62

    /// Arms a store before anything runs in it. The caller looks at `isAbandoned` after this, so that what was said
    /// before is heard, too.
    static func arm(_ store: OpaquePointer, _ call: ContractCall) {
        let context = unsafe wasmtime_store_context(store)
        guard call.watch != nil else {
            unsafe wasmtime_context_set_epoch_deadline(context, never)
            return
        }
        unsafe wasmtime_context_set_epoch_deadline(context, 1)
        // Safe: the call outlives the store, and the store calls back only on this thread, while it runs code.
        unsafe wasmtime_store_epoch_deadline_callback(
            store,
            { _, data, delta, kind in
                let call = unsafe Unmanaged<ContractCall>.fromOpaque(certain(data, "it is given below"))
                    .takeUnretainedValue()
                unsafe delta?.pointee = 1
                unsafe kind?.pointee = UInt8(WASMTIME_UPDATE_DEADLINE_CONTINUE)
                guard call.watch?.isAbandoned == true else { return nil }
                call.interruption = .fault(.abandoned)
                return unsafe wasmtime_error_new("abandoned")
            }, Unmanaged.passUnretained(call).toOpaque(), nil)
    }
}
