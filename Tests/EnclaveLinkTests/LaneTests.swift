import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import PublicCryptography
import Testing

extension EnclaveClientSuite {
    @Suite struct LaneTests {
        @Test("a lane is one only if both ends name the same lane, version and manifest")
        func hello() throws {
            let enclave = try PlayedEnclave()
            _ = try enclave.lane()
            var others = [enclave.hello, enclave.hello, enclave.hello]
            others[0].lane = .query
            others[1].version += 1
            others[2].manifestHash[0] ^= 1
            for answer in others {
                let enclave = try PlayedEnclave()
                try enclave.say(.hello(answer))
                #expect(throws: EnclaveError.unexpectedMessage) {
                    try Lane(descriptor: enclave.hostEnd, kind: .execution)
                }
            }
            let silent = try PlayedEnclave()
            silent.hangUp()
            // Before the host's hello or behind it.
            let error = #expect(throws: EnclaveError.self) { try Lane(descriptor: silent.hostEnd, kind: .execution) }
            #expect(error == .lost("closed") || error == .lost("broken(\(EPIPE))"))
        }

        @Test("all that the enclave asks during a call is answered in order, and then the call")
        func questions() throws {
            let enclave = try PlayedEnclave()
            let lane = try enclave.lane()
            var read = StateRead()
            read.reads = [StoreKeys(store: "bank", keys: [[1], [2]])]
            read.version = 8
            var message = LedgerMessage()
            message.scope = 4
            message.signer = [UInt8](repeating: 1, count: 20)
            message.typeURL = "/x"
            var result = DrivenResult()
            result.gasUsed = 77
            result.data = [UInt8](repeating: 3, count: 32)
            try enclave.say(
                .readState(read), .readCode([UInt8](repeating: 9, count: 32)),
                .readModule([UInt8](repeating: 9, count: 32)), .readJournal(first: 3, count: 5),
                .runLedgerMessage(message), .revertScope(4), .transactionRun(result))
            let questions = NotedQuestions()
            var request = RunTransaction()
            request.index = 6
            var order: [String] = []
            let answer = try lane.runTransaction(request, answering: questions) {
                order = questions.asked
                order.append("meanwhile")
            }
            #expect(answer == result && lane.roundTrips == 8)
            #expect(questions.asked == ["state 8", "code", "journal 3 5", "message 4", "revert 4"])
            #expect(order == ["meanwhile"], "the caller's own work comes before the first answer")
            guard case .runTransaction(let heard) = try enclave.heard() else {
                Issue.record("no request")
                return
            }
            #expect(heard.index == 6)
            guard case .state(let proofs) = try enclave.heard(), proofs[0].keys == [[1], [2]],
                case .code([1, 2, 3]) = try enclave.heard(), case .module([]) = try enclave.heard(),
                case .journal(let hashes) = try enclave.heard(), hashes == [SHA256.hash([1])],
                case .ledgerMessage = try enclave.heard(), case .scopeReverted = try enclave.heard()
            else {
                Issue.record("the answers came otherwise")
                return
            }
        }

        @Test("a refusal is the enclave's number, a number that nobody knows is another error, and the lane goes on")
        func refusals() throws {
            let enclave = try PlayedEnclave(.control)
            let lane = try enclave.lane()
            try enclave.say(.failure(Failure.notOpen.rawValue), .failure(9_999))
            #expect(throws: EnclaveError.refused(.notOpen)) { try lane.health() }
            #expect(throws: EnclaveError.refusedWithUnknownNumber(9_999)) { try lane.health() }
            try enclave.say(.moduleTaken(TakenModule()))
            _ = try lane.takeModule()
        }

        @Test("an answer to another call, and a question where none may be asked, are out of turn")
        func outOfTurn() throws {
            let control = try PlayedEnclave(.control)
            let lane = try control.lane()
            try control.say(.queryAbandoned)
            #expect(throws: EnclaveError.unexpectedMessage) { try lane.health() }
            let other = try PlayedEnclave(.control)
            let asking = try other.lane()
            try other.say(.revertScope(1))
            #expect(throws: EnclaveError.unexpectedMessage) { try asking.health() }
        }

        @Test("a question that the host cannot answer ends the call with the host's own error")
        func unanswerable() throws {
            let enclave = try PlayedEnclave()
            let lane = try enclave.lane()
            var read = StateRead()
            read.reads = [StoreKeys(store: "bank", keys: [[1]])]
            try enclave.say(.readState(read))
            let questions = NotedQuestions()
            questions.refuses = true
            #expect(throws: NotedQuestions.Refused.self) {
                try lane.runTransaction(RunTransaction(), answering: questions)
            }
        }

        @Test("an enclave that is gone, and bytes that are no message, are told apart")
        func gone() throws {
            let enclave = try PlayedEnclave(.control)
            let lane = try enclave.lane()
            try enclave.say(bytes: [0xff, 0xff])
            let error = #expect(throws: (any Error).self) { try lane.health() }
            if case .lost = error as? EnclaveError { Issue.record("bytes that are no message end no lane") }
            enclave.hangUp()
            #expect {
                try lane.health()
            } throws: { error in
                if case .lost = error as? EnclaveError { true } else { false }
            }
        }

        @Test(
            "a block's transactions go in parts below the target, each as it was acknowledged, and one that is larger alone"
        )
        func chunks() throws {
            let enclave = try PlayedEnclave()
            let lane = try enclave.lane()
            let part = BoundaryProtocol.chunkBytesTarget / 2
            let sizes = [part, part, 1, part * 2, part * 2, 5]
            // The frames are larger than a socket holds, so the enclave listens at the same time.
            let (heard, listener) = (Heard(), Unchecked(enclave))
            let thread = Thread {
                for _ in 0..<5 {
                    guard case .blockChunk(let chunk)? = try? listener.value.heard() else { return }
                    heard.add(chunk)
                    try? listener.value.say(.chunkReceived(UInt32(chunk.transactions.count)))
                }
            }
            thread.start()
            try lane.sendTransactions(sizes.map { [UInt8](repeating: 7, count: $0) })
            #expect(heard.chunks.map(\.firstIndex) == [0, 2, 3, 4, 5])
            #expect(
                heard.chunks.map { $0.transactions.map(\.count) } == [[part, part], [1], [part * 2], [part * 2], [5]])
        }

        private final class Heard: @unchecked Sendable {
            private let lock = NSLock()
            private var list: [BlockChunk] = []
            var chunks: [BlockChunk] { lock.withLock { list } }
            func add(_ chunk: BlockChunk) { lock.withLock { list.append(chunk) } }
        }

        private struct Unchecked<Value>: @unchecked Sendable {
            let value: Value
            init(_ value: Value) { self.value = value }
        }
    }
}
