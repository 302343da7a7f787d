import DecidedBlocks
import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// A node whose enclave wants its nonce in a block before it answers.
extension Scenarios {
    @Suite(.serialized) struct LeaseTests {
        @Test("a start costs an idle chain no more than two blocks, and answers say of which state they are")
        func idleChain() async throws {
            let node = try await NodeProcess()
            // An hour, so that no lease is renewed however slow the machine is.
            let genesis = node.home + "/config/genesis.json"
            let text = try String(contentsOfFile: genesis, encoding: .utf8)
            let slow = text.replacing(#""seconds":"60""#, with: #""seconds":"3600""#)
            #expect(slow != text)
            try slow.write(toFile: genesis, atomically: true, encoding: .utf8)
            try await node.start()
            let identity = try await node.client.get("/cloister/v1/evidence")["identity"]
            #expect(identity?["lease_answers"]?.uint64 == 10_000 && identity?["lease_seconds"]?.uint64 == 3_600)
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 2)
            let answer = try await Session.query(
                load.contract.address, message: Array(#"{"get_count":{}}"#.utf8), client: node.client,
                encryption: session.encryption)
            let stamp = try #require(answer.stamp)
            let height = try await node.height()
            #expect(stamp.height >= height && stamp.leaseHeight > 0 && stamp.leaseHeight <= height)

            // What the contract refuses is of that state, too.
            var told: [AnswerStamp?] = []
            let refusal = await #expect(throws: ClientError.self) {
                try await Session.query(
                    load.contract.address, message: Array(#"{"no_such_question":{}}"#.utf8), client: node.client,
                    encryption: session.encryption
                ) { told.append($0) }
            }
            #expect(refusal?.code == .refused && refusal?.description.contains("encrypted") == false)
            #expect(told == [stamp])

            let before = try await node.height()
            try await Task.sleep(for: .seconds(2))
            for _ in 0..<20 { #expect(try await load.contract.count(session) == 2) }
            #expect(try await node.height() == before)
            // Another start has another nonce; nobody is told of it.
            #expect(try await node.stop() == .exit(0))
            try await node.start()
            #expect(try await load.contract.count(session) == 2)
            try await Task.sleep(for: .seconds(2))
            #expect(try await node.height() <= before + 3)
            // The newest block of before was not shown yet: it was the one that proved what is shown.
            let block = try await node.client.get("/cosmos/base/tendermint/v1beta1/blocks/\(before + 2)")
            let transactions = block["block"]?["data"]?["txs"]?.array ?? []
            #expect(transactions.count == 1)
            // Whoever shows transactions can show it.
            let bytes = try #require(transactions.first?.string.flatMap { Base64.decode($0) })
            let name = Hexadecimal.encode(SHA256.hash(bytes).bytes)
            let shown = try await node.client.get("/cosmos/tx/v1beta1/txs/\(name)")
            #expect(shown["tx_response"]?["code"]?.uint64 == 0)
            #expect(shown["tx"]?["body"]?["memo"]?.string?.hasPrefix("cloister-lease-1:") == true)
            #expect(try await node.stop() == .exit(0))
        }
    }
}
