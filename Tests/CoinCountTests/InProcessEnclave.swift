import Attestation
import ContractEngine
import EnclavePlatform
import EnclaveProtocol
import Glibc
import PlatformKit
import PublicCryptography
import SecretCryptography
import SignedTransactions
import Synchronization

@testable import EnclaveService

/// The enclave's own code behind its lanes, in this process, so that a test can look at what it counts.
final class InProcessEnclave: @unchecked Sendable {
    struct NoThread: Error {}

    /// The host's ends of the lanes.
    let control: Int32
    let execution: Int32
    private let lane: ExecutionLane
    let platform = MemoryPlatform()

    /// One for all enclaves of the process: each reserves a terabyte of addresses for its instances.
    private static let engine = Result {
        let engine = try WasmEngine()
        guard engine.prepare() else { throw NoThread() }
        return engine
    }

    init() throws {
        let core = try EnclaveCore(platform: platform, engine: Self.engine.get(), mode: .standard)
        let (controlEnd, executionEnd): (Int32, Int32)
        (control, controlEnd) = InProcessEnclave.pair()
        (execution, executionEnd) = InProcessEnclave.pair()
        lane = ExecutionLane(core: core, socket: FrameSocket(descriptor: executionEnd, isEnclaveSide: true))
        nonisolated(unsafe) let executionLane = lane
        guard LaneThread.start({ executionLane.serve() }),
            LaneThread.start({
                ControlLane(
                    core: core, socket: FrameSocket(descriptor: controlEnd, isEnclaveSide: true), watches: [],
                    residentBytes: { 0 }
                ).serve()
            })
        else { throw NoThread() }
    }

    private static func pair() -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        // A count that asks for what was not proved fails the test: nobody would answer it.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return (ends[0], ends[1])
    }

    /// As if the transactions of the block had sent so many ledger messages by now. Only while the lane waits.
    func pretend(ledgerMessages count: Int) { lane.block!.ledgerMessages = count }

    /// What the enclave counts of each purse once the first `transactionCount` transactions of its block are over.
    ///
    /// Only while the lane waits for the host's next call, and only if all the state that it takes has been proved:
    /// this is not the lane's thread.
    func counts(of purses: [Purse], after transactionCount: Int, chainID: String) throws -> [UInt128] {
        let block = lane.block!
        try block.debitHostTransactions(before: transactionCount, chainID: chainID)
        return try purses.map { try block.funds.balance($0.account, $0.denomination) }
    }
}

/// What an account has of one denomination.
struct Purse: Hashable {
    var account: AccountAddress
    var denomination: String
}
