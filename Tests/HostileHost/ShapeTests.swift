import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import TestSupport
import Testing
import WalletClient

extension HostileHostSuite {
    /// A contract that keeps its shape, and one that does not, to hold it against: both do what they are told, and the
    /// host looks at gas, code, text and length of what comes out (docs/decisions/0047).
    @Suite struct ShapeTests {
        private static let code = Repository.contract("puppet-shaped")
        private static let codeHash = SHA256.hash(code)
        private static let step: UInt64 = 50_000

        let puppets: PuppetWorld
        let shaped: AccountAddress
        private var alice: User { puppets.alice }

        init() throws {
            puppets = try PuppetWorld()
            let alice = puppets.alice
            let sealed = try alice.encryption.seal(
                Array("{}".utf8), codeHash: Self.codeHash.description, owner: (alice.address, Self.codeHash.bytes))
            let made = ComputeMessage.instantiate(
                .init(sender: alice.address, codeID: 3, label: "shaped", message: sealed))
            let stored = ComputeMessage.storeCode(.init(sender: alice.address, code: Self.code[...]))
            try puppets.world.play([alice.sign([stored.any], gas: 3_000_000), alice.sign([made.any])])
            shaped = try puppets.world.host.outputs[1].response().address!
        }

        private struct Seen: Equatable {
            var code: UInt32
            var codespace: String
            /// Of the contract's part, without what the transaction's own bytes and signatures cost.
            var gas: UInt64
            /// With the sealed part as its length.
            var log: String
            var dataByteCount: Int
            var writeCount: Int
        }

        /// What the host sees of a call, and what its caller reads.
        private func tell(
            _ contract: AccountAddress, _ codeHash: Hash32, _ json: String, gas: UInt64 = 1_000_000
        ) throws -> (seen: Seen, text: String) {
            let sealed = try alice.encryption.seal(
                Array(json.utf8), codeHash: codeHash.description, owner: (alice.address, contract.bytes))
            let transaction = alice.sign([alice.execute(contract, sealed: sealed)], gas: gas)
            try puppets.world.play([transaction])
            let result = puppets.world.host.outputs[0]
            let ante = GasSchedule.ante(byteCount: transaction.count, signatureCount: 1)
            var log = result.log
            if let start = log.range(of: "encrypted: "), let end = log[start.upperBound...].firstIndex(of: ":") {
                log.replaceSubrange(start.upperBound..<end, with: "\(log[start.upperBound..<end].utf8.count)")
            }
            let data = result.code == 0 ? try result.response().data : []
            let text =
                result.code == 0
                ? String(decoding: alice.encryption.openData(data, answerTo: sealed) ?? [], as: UTF8.self)
                : alice.encryption.openError(result.log, answerTo: sealed)
            return (
                Seen(
                    code: result.code, codespace: result.codespace, gas: result.gasUsed - ante, log: log,
                    dataByteCount: data.count, writeCount: result.writes.filter { $0.key.first == 0x03 }.count), text
            )
        }

        private func tellShaped(_ json: String, gas: UInt64 = 1_000_000) throws -> (seen: Seen, text: String) {
            try tell(shaped, Self.codeHash, json, gas: gas)
        }

        private func tellOrdinary(_ json: String) throws -> (seen: Seen, text: String) {
            try tell(puppets.one, PuppetContract.codeHash, json)
        }

        @Test("calls that differ in their work use the same gas, a whole number of steps")
        func gas() throws {
            let work = ["{}", #"{"work":20}"#, #"{"set":{"key":"a","value":"b"}}"#]
            #expect(Set(try work.map { try tellOrdinary($0).seen.gas }).count == 3)
            #expect(Set(try work.map { try tellShaped($0).seen.gas }) == [Self.step])
            // Beyond the step there is the next.
            let more = try tellShaped(#"{"work":200}"#).seen
            #expect(more.code == 0 && more.gas > Self.step && more.gas.isMultiple(of: Self.step))
        }

        @Test("an error, a longer one, a panic and an answer that is none are one failure, which its caller can read")
        func failures() throws {
            let long = String(repeating: "x", count: 200)
            let ways = [
                (#"{"fail":"no"}"#, "no"), (#"{"fail":"\#(long)"}"#, long),
                (#"{"panic":true}"#, "Execution error: Enclave: the contract panicked: execute contract failed"),
                (
                    #"{"say":"nothing"}"#,
                    "Execution error: Enclave: failed to deserialize data: execute contract failed"
                ),
            ]
            let told = try ways.map { try tellShaped($0.0) }
            let sealed = Base64.encode([UInt8](repeating: 0, count: 256 + 16)).utf8.count
            for (told, way) in zip(told, ways) {
                #expect(told.seen.code == 3 && told.seen.codespace == "compute" && told.seen.gas == Self.step)
                #expect(
                    told.seen.log
                        == "failed to execute message; message index: 0: encrypted: \(sealed): execute contract failed")
                #expect(told.text.trimmingCharacters(in: .whitespaces) == way.1)
            }
            // An ordinary contract's are told apart, as clients of Secret Network know them.
            let ordinary = try ways.map { try tellOrdinary($0.0).seen }
            #expect(Set(ordinary.map(\.log)).count == ways.count)
            #expect(ordinary[2].log.contains("the contract panicked"))
        }

        @Test("how deep among messages it failed is told of an ordinary contract alone")
        func depth() throws {
            func call(_ contract: AccountAddress, _ codeHash: Hash32) -> String {
                let message = Base64.encode(Array(#"{"fail":"no"}"#.utf8))
                return Told.respond([
                    Told.message(
                        #"{"wasm":{"execute":{"contract_addr":"\#(contract)","code_hash":"\#(codeHash)","#
                            + #""msg":"\#(message)","send":[]}}}"#)
                ])
            }
            let inner = try tellOrdinary(call(shaped, Self.codeHash))
            #expect(inner.seen.log.hasPrefix("failed to execute message; message index: 0: encrypted: "))
            let ordinary = try tellOrdinary(call(puppets.two, PuppetContract.codeHash))
            #expect(ordinary.seen.log.contains("dispatch: submessages: encrypted: "))
        }

        @Test(
            "the least limit under which a call succeeds is the same for little work and for more, and says one thing below"
        )
        func limits() throws {
            for gas in [Self.step - 1, Self.step / 2, Self.step] {
                let seen = try [#"{}"#, #"{"work":20}"#, #"{"panic":true}"#].map { json -> Seen in
                    let sealed = try alice.encryption.seal(
                        Array(json.utf8), codeHash: Self.codeHash.description, owner: (alice.address, shaped.bytes))
                    let draft = alice.sign(
                        [alice.execute(shaped, sealed: sealed)], gas: 100_000, sequence: alice.sequence)
                    // As long as the transaction that is sent.
                    let ante = GasSchedule.ante(byteCount: draft.count, signatureCount: 1)
                    return try tellShaped(json, gas: ante + gas).seen
                }
                if gas == Self.step {
                    #expect(seen.map(\.code) == [0, 0, 3])
                } else {
                    #expect(seen.map(\.code) == [11, 11, 11])
                    #expect(seen.allSatisfy { $0.log.contains("out of gas in location: wasm contract") }, "\(seen)")
                    #expect(Set(seen.map(\.gas)) == [Self.step], "\(seen)")
                }
            }
        }

        @Test("a host that lies to a contract that keeps its shape ends the call, and is no result")
        func lies() throws {
            puppets.world.host.tricks.readState = { read, proofs in
                guard read.reads.contains(where: { $0.keys.contains { $0.first == 0x03 } }) else { return proofs }
                var proofs = proofs
                proofs[0].proof[0] ^= 1
                return proofs
            }
            // With too little gas for a step, so that running out of it would be the result.
            #expect(refusal { try tellShaped(#"{"work":1}"#, gas: 40_000).text } == .proofInvalid)
        }

        @Test("answers of JSON come in multiples of 256 bytes, whatever the contract, and others as long as they are")
        func answers() throws {
            func lengths(_ texts: [String]) throws -> [Int] {
                try texts.map { text in
                    let told = try tellOrdinary(Told.respond(data: Base64.encode(Array(text.utf8))))
                    #expect(told.text.hasPrefix(text) && told.text.dropFirst(text.count).allSatisfy { $0 == " " })
                    return told.seen.dataByteCount
                }
            }
            let json = try lengths([#"{"a":1}"#, #"{"a":"\#(String(repeating: "x", count: 200))"}"#, "[]"])
            #expect(Set(json) == [Base64.encode([UInt8](repeating: 0, count: 256)).utf8.count + 16])
            let others = try lengths(["", "a", "{no JSON}", "7"])
            #expect(others == ["", "a", "{no JSON}", "7"].map { Base64.encode(Array($0.utf8)).utf8.count + 16 })
            for text in [#"{"a":1}"#, #"{"a":[1,2,3,4,5,6,7,8,9]}"#] {
                var query = ContractQuery()
                query.contract = puppets.one.bytes
                query.input = try alice.encryption.seal(
                    Array(#"{"echo":\#(text)}"#.utf8), codeHash: PuppetContract.codeHash.description, owner: nil)
                query.height = UInt64(puppets.world.chain.height - 1)
                query.gasLimit = 1_000_000
                let answer = try puppets.world.enclave.queries[0].query(query, answering: puppets.world.host)
                #expect(answer.data.count == json[0])
                let opened = try #require(alice.encryption.open(answer.data, answerTo: query.input))
                let bytes = try #require(Base64.decode(String(decoding: opened, as: UTF8.self)))
                #expect(bytes.count == 256 && bytes.starts(with: Array(text.utf8)))
            }
        }
    }
}
