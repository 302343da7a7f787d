import EnclaveProtocol
import HostAnswers
import ModuleKit
import PublicCryptography
import Testing
import Wire

@testable import ChainApplication

/// What is kept of an enclave's output must give back the very bytes that are hashed under a result, whatever the host
/// put beside them.
@Suite("What shows that a result is the enclave's")
struct OutputProofTests {
    private let place = OutputPlace(headerHash: SHA256.hash([1]), index: 0)
    private let key = SHA256.hash([2]).bytes

    /// A block of one transaction as it is opened, and the hashes that stand in consensus for it. `ante` is the host's.
    private func opened(
        _ output: TransactionOutput, code: UInt32 = 0, committed: String = "", ante: [Event] = [],
        ledger: [MessageEvents] = []
    ) throws -> (result: TransactionResult, proof: OutputProof?, hashes: [UInt8]) {
        var result = TransactionResult()
        result.code = code
        result.data = DrivenResult.data(
            commitment: try output.commitment(log: committed), answers: [SHA256.hash([4])])
        result.events = ante
        let hashes = result.data
        let sealed = SealedOutput(index: 0, record: try output.sealed(key: key, at: place), events: ledger)
        let block = LastBlock(
            height: 7, headerHash: place.headerHash, time: .goZero, hashes: [SHA256.hash([5])], results: [result],
            outputs: [sealed], events: .none)
        let opened = block.opened(with: [OutputKey(index: 0, key: key)])
        #expect(opened.unopened.isEmpty)
        return (opened.results[0], opened.proofs[0], hashes)
    }

    private func output(log: String = "", codespace: String = "", events: [Event] = []) -> TransactionOutput {
        TransactionOutput(
            codespace: codespace, log: log, data: log.isEmpty ? [1, 2, 3] : [], events: events,
            salt: SHA256.hash([3]).bytes)
    }

    private func holds(
        _ opened: (result: TransactionResult, proof: OutputProof?, hashes: [UInt8])
    ) throws -> Bool {
        guard let proof = opened.proof else { return false }
        let kept = try OutputProof(encoded: proof.encoded())
        #expect(kept == proof)
        let said = try kept.said(in: opened.result)
        return SHA256.hash(kept.salt + opened.result.data).bytes == Array(opened.hashes[0..<32])
            && SHA256.hash(kept.salt + said).bytes == Array(opened.hashes[32..<64])
    }

    @Test("events of the ante part and of the ledger's messages are told apart from the enclave's")
    func events() throws {
        let wasm = Event("wasm", ["contract_address": "a", "sealed": "xyz", "msg_index": "0"])
        let message = Event("message", ["module": "compute", "msg_index": "1"])
        let said = output(events: [wasm, message, wasm])
        let fee = Event("tx", ["fee": "1uscrt"])
        let transfer = Event("transfer", ["amount": "1uscrt"])
        #expect(try holds(opened(said)))
        #expect(try holds(opened(said, ante: [fee, fee])))
        // One that looks like the enclave's own, in front of it.
        #expect(try holds(opened(said, ante: [wasm, message])))
        let between = try opened(said, ante: [fee], ledger: [MessageEvents(message: 1, events: [transfer, transfer])])
        #expect(between.result.events.count == 6)
        #expect(try holds(between))
        #expect(between.proof?.ownEvents == [1..<3, 5..<6])
        let none = try opened(output(), ante: [fee])
        #expect(try holds(none) && none.proof?.ownEvents.isEmpty == true)
    }

    @Test("a failure's log is the one that all nodes have, where it is shown with the ledger's words or with a trace")
    func logs() throws {
        let place = "failed to execute message; message index: 1: dispatch: submessages: "
        for (shown, committed) in [
            ("out of gas in location: x", "out of gas in location: x"),
            (place + "spendable balance 0uscrt is smaller than 1uscrt", place + "refused by the ledger"),
            ("5uscrt: denied", "refused by the ledger"),
            (place + "trace of calls: at 0x12: encrypted: abc: failed", place + "encrypted: abc: failed"),
            ("trace: encrypted: abc: failed", "encrypted: abc: failed"),
        ] {
            let failed = output(log: shown, codespace: "compute")
            let opened = try opened(failed, code: 3, committed: committed)
            #expect(opened.result.log == shown)
            #expect(try holds(opened), "\(shown)")
            #expect(opened.proof?.committedLog == (shown == committed ? nil : committed))
        }
    }

    @Test("nothing is kept where the hashes are of another log, event or datum")
    func others() throws {
        #expect(try opened(output(log: "a: b", codespace: "sdk"), code: 3, committed: "another").proof == nil)
        let long = String(repeating: "x: ", count: 2_000)
        #expect(try opened(output(log: long, codespace: "sdk"), code: 3, committed: "x: ").proof == nil)
        var failed = output(events: [Event("wasm", ["a": "b"])])
        var result = TransactionResult()
        result.events = failed.events
        let hashes = try failed.commitment(log: "")
        #expect(OutputProof(of: failed, in: result, hashes: hashes) != nil)
        #expect(OutputProof(of: failed, in: TransactionResult(), hashes: hashes) == nil)
        failed.data[0] ^= 1
        #expect(OutputProof(of: failed, in: result, hashes: hashes) == nil)
        let kept = OutputProof(salt: [1], ownEvents: [0..<2])
        #expect(throws: (any Error).self) { try kept.said(in: result) }
    }
}
