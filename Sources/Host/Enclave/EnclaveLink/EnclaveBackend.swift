import Synchronization

/// A running enclave as the host sees it: the seam outside the enclave. How it came to run is the conforming type's
/// business; what it must do is told by the cases that every backend passes (`BackendCase`, in the tests).
///
/// Nothing that a backend says is evidence of what runs: that is the quote's, and whoever needs it verifies it.
package protocol EnclaveBackend: AnyObject, Sendable {
    /// The lane on which blocks run; it belongs to one thread at a time.
    var execution: any ExecutionLink { get }
    /// As many as were asked for; each belongs to one thread at a time.
    var queries: [any QueryLink] { get }
    /// Uses the control lane, from any thread; callers wait for each other.
    func withControl<Value>(_ body: (any ControlLink) throws -> Value) rethrows -> Value
    /// Called once, from a thread of the backend, when the enclave has ended; with the reason, as far as it is known.
    /// One that is set after the end is called at once, whoever was told before.
    var onEnd: (@Sendable (String) -> Void)? { get set }
    /// Ends the enclave cleanly.
    func stop()
}

/// The machine for an enclave of this node, as the configuration chose it.
package protocol EnclaveMachine {
    /// Starts an enclave, or reaches the one that runs.
    func start() throws -> any EnclaveBackend
    /// The X.509 certificate (DER) in which the evidence of this machine ends; `nil` if there is none.
    func rootCertificate() throws -> [UInt8]?
    /// What the maker publishes of such machines, in the chain's encoding (`Collateral`); `nil` if it is not here.
    func collateral() throws -> [UInt8]?
    /// What an enclave is measured from, in words to be kept for `changes(since:)`; `nil` if this machine cannot tell.
    func image() throws -> [UInt8]?
    /// What of that is another by now, in words; `nil` if nothing is, or if it cannot be told.
    func changes(since image: [UInt8]) -> String?
}

extension EnclaveMachine {
    package func collateral() throws -> [UInt8]? { nil }
}

/// The end of an enclave, told once to each who wants to know it, before or after it came.
package final class EnclaveEnd: Sendable {
    private struct State {
        var handler: (@Sendable (String) -> Void)?
        var reason: String?
        var isTold = false
    }

    private let state = Mutex(State())

    package init() {}

    package var handler: (@Sendable (String) -> Void)? {
        get { state.withLock { $0.handler } }
        set {
            state.withLock { ($0.handler, $0.isTold) = (newValue, false) }
            tell()
        }
    }

    /// The enclave has ended; only the first reason counts.
    package func came(_ reason: String) {
        state.withLock { if $0.reason == nil { $0.reason = reason } }
        tell()
    }

    private func tell() {
        let told: (handler: @Sendable (String) -> Void, reason: String)? = state.withLock { state in
            guard !state.isTold, let handler = state.handler, let reason = state.reason else { return nil }
            state.isTold = true
            return (handler, reason)
        }
        if let told { told.handler(told.reason) }
    }
}
