/// What every enclave does behind the seam outside it, whichever way it came to run: the suite of `EnclaveBackend`, a
/// chain for it to follow in whose blocks nothing happens, and machines that a file describes (`BackendDescription`).
///
/// The cases ask for what the host relies on, in the words of the boundary protocol, and assume nothing of what an
/// enclave is. What contracts do in it is HostileHost's and Conformance's.
import EnclaveLink

/// A machine under test.
package protocol BackendMachine: AnyObject {
    /// Starts an enclave, or reaches one; throws while another one of this machine runs.
    func start(queryLanes: Int) throws -> any EnclaveBackend
    /// The same before anything is said: the ends of its lanes (control, execution, queries), for who speaks in frames.
    func lanes(queryLanes: Int) throws -> [Int32]
    /// SHA-256 of the key at the root of this machine's evidence, once an enclave was started.
    func rootHash() throws -> [UInt8]
    /// Ends the running enclave without a word, as a power cut would.
    func kill() throws
    /// Another machine of the same kind.
    func other() throws -> any BackendMachine
    /// What the enclave of the last start has said beside its lanes, as far as the machine lets it out.
    func log() -> [UInt8]
    /// How many seconds are waited for what must come; only a failure takes them.
    var patience: Double { get }
}

/// What this machine cannot do, so that the case says nothing about it.
package struct NotOffered: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}

extension BackendMachine {
    package var patience: Double { 20 }
    package func lanes(queryLanes: Int) throws -> [Int32] { throw NotOffered("its lanes have no frames") }
    package func log() -> [UInt8] { [] }
}
