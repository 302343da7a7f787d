import DecidedBlocks
import EnclaveProtocol
import Foundation
import PublicCryptography
import Synchronization

/// Why a call on a lane came to nothing.
package enum EnclaveError: Error, Equatable, CustomStringConvertible {
    /// The enclave refused the call; the lane goes on unless the failure closes it.
    case refused(Failure)
    /// A failure number that this host does not know: another version of the enclave.
    case refusedWithUnknownNumber(UInt32)
    /// The lane ended: the enclave died, or stopped because of what it was told.
    case lost(String)
    /// The enclave answered out of order. It is measured code, so this is a bug.
    case unexpectedMessage
    /// The enclave could not be started.
    case notStarted(String)
    /// The launcher would not start it, and has said why on standard error; the number is from enclave-host/report.h.
    case launcherRefused(status: Int32)

    package var description: String {
        switch self {
        case .refused(let failure): "the enclave refused: \(failure) (\(failure.rawValue))"
        case .refusedWithUnknownNumber(let number): "the enclave refused with the unknown number \(number)"
        case .lost(let reason): "the enclave is gone: \(reason)"
        case .unexpectedMessage: "the enclave sent a message that was not its turn"
        case .notStarted(let reason): "the enclave was not started: \(reason)"
        case .launcherRefused(let status): "the enclave was not started: enclave-host exited with status \(status)"
        }
    }
}

/// One lane of a running enclave, seen from the host: a strict stack of calls on one socket.
///
/// Used by one thread at a time. After an error other than `.refused` the lane is of no more use.
package final class Lane: ControlLink, ExecutionLink, QueryLink {
    private let socket: FrameSocket
    private let descriptor: Int32
    private let traffic: BoundaryTraffic
    /// Whether the descriptor may be somebody else's by now; held while it is shut down, from whichever thread.
    private let isClosed = Mutex(false)
    package private(set) var queryCount: UInt64 = 0
    /// Socket round trips since the start, for the benchmark.
    package private(set) var roundTrips: UInt64 = 0

    /// Says hello; both sides must name the same lane, version and boundary manifest.
    package init(descriptor: Int32, kind: LaneKind, traffic: BoundaryTraffic = BoundaryTraffic()) throws {
        (self.descriptor, self.traffic) = (descriptor, traffic)
        socket = FrameSocket(descriptor: descriptor, isEnclaveSide: false)
        let hello = Hello(lane: kind, version: BoundaryProtocol.version, manifestHash: BoundaryProtocol.manifestHash)
        guard case .hello(let answer) = try call(.hello(hello), answering: nil), answer == hello else {
            throw EnclaveError.unexpectedMessage
        }
    }

    package var transcriptHash: [UInt8] { socket.transcriptHash.bytes }

    /// Closes the lane. An enclave whose control lane closes ends.
    package func close() {
        // The peer sees the end even while somebody else holds the descriptor to watch it.
        cut()
        isClosed.withLock { $0 = true }
        socket.end()
    }

    /// The descriptor stays open, and this lane's, as long as the lane does.
    package func cut() {
        isClosed.withLock { isClosed in
            if !isClosed { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    // MARK: - Control lane

    package func bootstrap(_ identity: ChainIdentity) throws -> OpenedEnclave {
        guard case .opened(let opened) = try call(.bootstrap(identity), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return opened
    }

    package func unseal(_ sealedRecord: [UInt8]) throws -> OpenedEnclave {
        guard case .opened(let opened) = try call(.unseal(sealedRecord), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return opened
    }

    package func makeEvidence(_ request: RegistrationRequest) throws -> RegistrationEvidence {
        guard case .evidenceMade(let evidence) = try call(.makeEvidence(request), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return evidence
    }

    package func join(_ request: JoinRequest) throws -> OpenedEnclave {
        guard case .opened(let opened) = try call(.join(request), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return opened
    }

    package func health() throws -> EnclaveHealth {
        guard case .health(let health) = try call(.health, answering: nil) else { throw EnclaveError.unexpectedMessage }
        return health
    }

    package func lease() throws -> EnclaveLease {
        guard case .leaseTold(let lease) = try call(.lease, answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return lease
    }

    /// A module that the enclave has compiled and sealed since it was asked last.
    package func takeModule() throws -> TakenModule {
        guard case .moduleTaken(let taken) = try call(.takeModule, answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return taken
    }

    /// Has the `lane`th query lane give up its queries up to this one.
    package func abandonQuery(lane: Int, query: UInt64) throws {
        let request = ToEnclave.abandonQuery(lane: UInt32(lane), query: query)
        guard case .queryAbandoned = try call(request, answering: nil) else { throw EnclaveError.unexpectedMessage }
    }

    // MARK: - Execution lane

    package func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
        guard case .blockBegun(let begun) = try call(.beginBlock(block), answering: questions) else {
            throw EnclaveError.unexpectedMessage
        }
        return begun
    }

    package func sendTransactions(_ transactions: [[UInt8]]) throws {
        var chunk = BlockChunk()
        var bytes = 0
        for (index, transaction) in transactions.enumerated() {
            if bytes + transaction.count > BoundaryProtocol.chunkBytesTarget, !chunk.transactions.isEmpty {
                try send(chunk)
                chunk = BlockChunk()
                chunk.firstIndex = UInt32(index)
                bytes = 0
            }
            chunk.transactions.append(transaction)
            bytes += transaction.count
        }
        if !chunk.transactions.isEmpty { try send(chunk) }
    }

    private func send(_ chunk: BlockChunk) throws {
        guard case .chunkReceived(let received) = try call(.blockChunk(chunk), answering: nil),
            Int(received) == chunk.transactions.count
        else { throw EnclaveError.unexpectedMessage }
    }

    package func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering
    ) throws -> DrivenResult {
        try runTransaction(transaction, answering: questions, meanwhile: {})
    }

    package func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
    ) throws -> DrivenResult {
        let request = ToEnclave.runTransaction(transaction)
        guard case .transactionRun(let result) = try call(request, answering: questions, meanwhile: meanwhile) else {
            throw EnclaveError.unexpectedMessage
        }
        return result
    }

    package func endBlock() throws -> [UInt8] {
        guard case .blockEnded(let sealedRecord) = try call(.endBlock, answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return sealedRecord
    }

    package func advance(_ advance: Advance) throws -> [UInt8] {
        guard case .advanced(let sealedRecord) = try call(.advance(advance), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return sealedRecord
    }

    // MARK: - Query lanes

    package func query(_ query: ContractQuery, answering questions: any HostAnswering) throws -> ContractAnswer {
        guard
            case .queryAnswered(let answer) = try call(
                .query(query), answering: questions, meanwhile: { queryCount += 1 })
        else {
            throw EnclaveError.unexpectedMessage
        }
        return answer
    }

    // MARK: - The stack of calls

    func call(
        _ request: ToEnclave, answering questions: (any HostAnswering)?, meanwhile: () -> Void = {}
    ) throws -> FromEnclave {
        do {
            try send(request)
            meanwhile()
            while true {
                let frame = try socket.receive()
                traffic.count(.outOfEnclave, frame)
                let message = try FromEnclave(decoding: frame)
                roundTrips += 1
                switch message {
                case .failure(let number):
                    guard let failure = Failure(rawValue: number) else {
                        throw EnclaveError.refusedWithUnknownNumber(number)
                    }
                    throw EnclaveError.refused(failure)
                case .readState, .readCode, .readModule, .readJournal, .readHeaders, .runLedgerMessage, .revertScope:
                    guard let questions else { throw EnclaveError.unexpectedMessage }
                    try send(answer(message, questions))
                default:
                    return message
                }
            }
        } catch let error as FrameSocket.SocketError {
            throw EnclaveError.lost("\(error)")
        }
    }

    private func send(_ message: ToEnclave) throws {
        let frame = try message.encoded()
        try socket.send(frame)
        traffic.count(.intoEnclave, frame)
    }

    private func answer(_ question: FromEnclave, _ questions: any HostAnswering) throws -> ToEnclave {
        switch question {
        case .readState(let read): return .state(try questions.readState(read))
        case .readCode(let hash): return .code(try questions.readCode(hash: hash))
        case .readModule(let hash): return .module(try questions.readModule(hash: hash))
        case .readJournal(let first, let count):
            return .journal(try questions.readJournal(first: Int(first), count: Int(count)))
        case .readHeaders(let highest, let count):
            return .headers(try questions.readHeaders(highest: highest, count: Int(count)))
        case .runLedgerMessage(let message): return .ledgerMessage(try questions.runLedgerMessage(message))
        case .revertScope(let scope):
            try questions.revertScope(scope)
            return .scopeReverted
        default: throw EnclaveError.unexpectedMessage
        }
    }
}
