import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation

// Parts of cases.

extension BackendCase {
    static func opened(
        _ machine: any BackendMachine, queryLanes: Int = 1
    ) throws -> (any EnclaveBackend, OpenedEnclave, QuietChain) {
        let enclave = try machine.start(queryLanes: queryLanes)
        try require(enclave.queries.count == queryLanes, "\(enclave.queries.count) of \(queryLanes) query lanes")
        let chain = QuietChain()
        let identity = chain.identity(rootHash: try machine.rootHash())
        let opened = try enclave.withControl { try $0.bootstrap(identity) }
        chain.register(opened)
        return (enclave, opened, chain)
    }

    /// With the state after the first block announced, in the middle of the second.
    static func announced(
        _ machine: any BackendMachine, queryLanes: Int = 1
    ) throws -> (any EnclaveBackend, OpenedEnclave, QuietChain) {
        let (enclave, opened, chain) = try opened(machine, queryLanes: queryLanes)
        _ = try run(chain, on: enclave)
        _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
        return (enclave, opened, chain)
    }

    static func announcing(
        _ machine: any BackendMachine, queryLanes: Int = 1
    ) throws -> (any EnclaveBackend, QuietChain) {
        let (enclave, _, chain) = try announced(machine, queryLanes: queryLanes)
        return (enclave, chain)
    }

    /// The next block of the chain; the sealed record after it.
    static func run(_ chain: QuietChain, on enclave: any EnclaveBackend) throws -> [UInt8] {
        _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
        let record = try enclave.execution.endBlock()
        chain.adopt()
        return record
    }

    /// For a contract of which nobody has heard.
    static func question(at height: UInt64) -> ContractQuery {
        var query = ContractQuery()
        query.contract = [UInt8](repeating: 7, count: 20)
        query.input = [UInt8](repeating: 1, count: 100)
        query.height = height
        query.gasLimit = 1_000_000
        return query
    }

    /// Runs `body` while a query on `lane` waits for the host's answer.
    static func whileAsking(
        _ lane: any QueryLink, _ chain: QuietChain, _ patience: Double, _ body: () throws -> Void
    ) throws {
        let (asked, goOn, ended) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        let host = QuietChain.copy(of: chain)
        host.beforeAnswer = {
            asked.signal()
            // A gate: whoever is through opens it for the next question.
            goOn.wait()
            goOn.signal()
        }
        nonisolated(unsafe) let (link, answering) = (lane, host)
        Thread {
            _ = try? link.query(question(at: 1), answering: answering)
            ended.signal()
        }.start()
        defer {
            goOn.signal()
            _ = ended.wait(timeout: .now() + patience)
        }
        try require(asked.wait(timeout: .now() + patience) == .success, "it asked for nothing")
        try body()
    }

    static func require(_ isKept: Bool, _ text: @autoclosure () -> String) throws {
        if !isKept { throw Violation(text: text()) }
    }

    static func refuses(_ failure: Failure, _ body: () throws -> Void) throws {
        do { try body() } catch {
            try require(error as? EnclaveError == .refused(failure), "\(error) instead of \(failure)")
            return
        }
        throw Violation(text: "it was taken, which is \(failure)")
    }

    static func isLost(_ body: () throws -> Void) throws {
        do { try body() } catch {
            guard case .lost? = error as? EnclaveError else { throw Violation(text: "\(error) instead of a lost lane") }
            return
        }
        throw Violation(text: "the lane goes on")
    }
}
