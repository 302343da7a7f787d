/// The host's side of the trust boundary: starts or reaches an enclave and speaks the boundary protocol with it.
///
/// Callers see lanes as blocking calls on plain Swift values; each lane belongs to one thread at a time. Nothing here
/// interprets what crosses: the application answers the enclave's questions through `HostAnswering`.
import DecidedBlocks
import EnclaveProtocol
import PublicCryptography

/// What the enclave asks of the host while it works on a call.
package protocol HostAnswering: AnyObject {
    /// Values with one multiproof a store, of the state after height `read.version`.
    func readState(_ read: StateRead) throws -> [StateProof]
    /// The uncompressed code whose SHA-256 is `hash`.
    func readCode(hash: [UInt8]) throws -> [UInt8]
    /// What the enclave sealed for the code whose SHA-256 is `hash` (`Lane.takeModule`); empty if nothing was kept.
    func readModule(hash: [UInt8]) throws -> [UInt8]
    /// Hashes of the facts that this host vouched for when it ran the block before, oldest first, from the `first`th
    /// on: as many of `count` as there are.
    func readJournal(first: Int, count: Int) throws -> [Hash32]
    /// Headers of the chain, from `highest` downwards: at most `count`.
    func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]]
    /// Runs a ledger message in the overlay scope that the enclave names. A message that fails is a result.
    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult
    /// Discards what was done in `scope` and in every scope opened after it.
    func revertScope(_ scope: UInt32) throws
}

extension ExecutionLink {
    package func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
    ) throws -> DrivenResult {
        meanwhile()
        return try runTransaction(transaction, answering: questions)
    }
}

extension ExecutionLink {
    /// For links that only run blocks.
    package func advance(_ advance: Advance) throws -> [UInt8] { throw EnclaveError.unexpectedMessage }
}

extension HostAnswering {
    /// Keeping modules is not a duty: without one, the enclave compiles the code.
    package func readModule(hash: [UInt8]) throws -> [UInt8] { [] }

    /// Asked as a block begins, and not again.
    package func readJournal(first: Int, count: Int) throws -> [Hash32] { [] }
    package func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]] { [] }
}

/// The lane on which an enclave is opened and told what concerns all of it.
package protocol ControlLink: VoteSigningLink, FoundingLink {
    /// Makes a network of which this enclave is the first. Once, and not after `unseal`.
    func bootstrap(_ identity: ChainIdentity) throws -> OpenedEnclave
    /// Opens the network whose keys are sealed in the record.
    func unseal(_ sealedRecord: [UInt8]) throws -> OpenedEnclave
    /// Evidence of an enclave that is not open, for the chain that it wants to join.
    func makeEvidence(_ request: RegistrationRequest) throws -> RegistrationEvidence
    /// Opens the network with seeds that were wrapped for this enclave.
    func join(_ request: JoinRequest) throws -> OpenedEnclave
    func health() throws -> EnclaveHealth
    /// The nonce that must stand in a block, and what is left of the lease that the last one gave.
    func lease() throws -> EnclaveLease
    /// A module that the enclave has compiled and sealed since it was asked last.
    func takeModule() throws -> TakenModule
    /// Has the `lane`th query lane give up its queries up to this one.
    func abandonQuery(lane: Int, query: UInt64) throws
}

/// The lane on which blocks run, strictly in order.
package protocol ExecutionLink: AnyObject {
    func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock
    /// Hands over the block's transactions; the lane cuts them into frames.
    func sendTransactions(_ transactions: [[UInt8]]) throws
    func runTransaction(_ transaction: RunTransaction, answering questions: any HostAnswering) throws -> DrivenResult
    /// As above; `meanwhile` is called once while the enclave works. It delays the answer to what the enclave asks
    /// then.
    func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
    ) throws -> DrivenResult
    /// The sealed record that stands for the head after this block.
    func endBlock() throws -> [UInt8]
    /// Moves the head over blocks that are not run; the sealed record that stands for it.
    func advance(_ advance: Advance) throws -> [UInt8]
}

/// A lane for contract queries; each has a thread of its own in the enclave.
package protocol QueryLink: AnyObject {
    func query(_ query: ContractQuery, answering questions: any HostAnswering) throws -> ContractAnswer
    /// How many queries were sent, by which the enclave knows them.
    var queryCount: UInt64 { get }
    /// Ends the lane while its thread waits for an answer; from any thread.
    func cut()
}
