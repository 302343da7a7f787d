/// How the host starts or reaches an enclave: the seam outside the enclave. A backend for another TEE, an
/// enclave in a virtual machine or one that already runs is another conforming type.
package protocol EnclaveBackend: AnyObject {
    var control: Lane { get }
    var execution: Lane { get }
    var queries: [Lane] { get }
    /// Called once, from a thread of the backend, when the enclave has ended; with the reason, as far as it is known.
    var onEnd: (@Sendable (String) -> Void)? { get set }
    /// Ends the enclave cleanly.
    func stop()
}
