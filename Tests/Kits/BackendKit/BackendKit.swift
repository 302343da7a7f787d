/// What every enclave does behind the seam outside it, whichever way it came to run: the suite of `EnclaveBackend`, a
/// chain without transactions for it to follow, and a scripted enclave that keeps the promises without a process.
///
/// The cases ask for what the host relies on, in the words of the boundary protocol, and assume nothing of what an
/// enclave is. What contracts do in it is HostileHost's and Conformance's.
import EnclaveLink

/// A machine under test.
package protocol BackendMachine: AnyObject {
    /// Starts an enclave, or reaches one; throws while another one of this machine runs.
    func start(queryLanes: Int) throws -> any EnclaveBackend
    /// SHA-256 of the key at the root of this machine's evidence, once an enclave was started.
    func rootHash() throws -> [UInt8]
    /// Ends the running enclave without a word, as a power cut would.
    func kill() throws
    /// Another machine of the same kind.
    func other() throws -> any BackendMachine
    /// How many seconds are waited for what must come; only a failure takes them.
    var patience: Double { get }
}

extension BackendMachine {
    package var patience: Double { 20 }
}
