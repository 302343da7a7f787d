import LedgerRecords
import PublicCryptography
import SignedTransactions
import Testing
import WalletClient
import Wire

extension HostileHostSuite {
    /// Contracts that move to other code, and who may move them.
    @Suite struct MigrationTests {
        let puppets: PuppetWorld
        /// A counter at 5 that Alice may migrate.
        let counter: AccountAddress

        var alice: User { puppets.alice }
        var mallory: User { puppets.mallory }

        init() throws {
            puppets = try PuppetWorld()
            let admin = puppets.alice.address
            let result = try puppets.play([try puppets.alice.instantiateCounter("movable", count: 5, admin: admin)])
            counter = try result.response().address!
        }

        @Test("an admin moves a contract to other code: its state stays, and its keys, history and lists follow")
        func migrate() throws {
            let before = try puppets.record(ComputeStore.identityKey(counter), ContractKey.init(decoding:))!
            let message = try alice.migrateToPuppet(counter, Told.respond(data: "bW92ZWQ="))
            let result = try puppets.play([message])
            #expect(result.code == 0, "\(result.log)")
            guard case .migrate(let sent)? = try ComputeMessage.decode(message) else { return }
            #expect(
                alice.encryption.openData(try result.response().data, answerTo: sent.message) == Array("moved".utf8))
            #expect(
                result.attributes(of: "migrate") == [["code_id=2", "contract_address=\(counter)", "msg_index=0"]])

            let key = try puppets.record(ComputeStore.identityKey(counter), ContractKey.init(decoding:))!
            #expect(key.original == before.original)
            #expect(key.current.count == 64 && key.currentProof.count == 32)
            #expect(try puppets.contract(counter).codeID == 2)
            let history = try (1...3).map {
                try puppets.record(ComputeStore.historyKey(counter, $0), ContractHistoryEntry.init(decoding:))
            }
            #expect(history.map { $0?.operation } == [.instantiate, .migrate, nil])
            #expect(history[1]?.codeID == 2 && history[1]?.message == sent.message)
            let count = try puppets.record(ComputeStore.contractCountKey(codeID: 2), StateKey.number(decoding:))!!
            let listed = ComputeStore.contractOfCodeKey(codeID: 2, number: count)
            #expect(try puppets.record(listed) { $0 } == counter.bytes)

            #expect(try puppets.kept("count", by: counter) == "5")
            #expect(try puppets.tell(counter, Told.respond(data: "b2s=")).data == "ok")
        }

        @Test("who is not the admin moves nothing, and a contract without one stays what it is")
        func notAdmin() throws {
            let before = try puppets.contract(counter)
            for message in [
                try mallory.migrateToPuppet(counter),
                ComputeMessage.updateAdmin(.init(sender: mallory.address, newAdmin: mallory.address, contract: counter))
                    .any,
                ComputeMessage.clearAdmin(.init(sender: mallory.address, contract: counter)).any,
                try mallory.migrateToPuppet(puppets.one),
                ComputeMessage.clearAdmin(.init(sender: mallory.address, contract: puppets.one)).any,
            ] {
                let result = try puppets.play([message], by: mallory)
                let (number, text) =
                    message.typeURL.hasSuffix("MsgMigrateContract")
                    ? ("compute 5", "requires migrate from admin: migrate contract failed")
                    : ("sdk 4", "caller is not the admin: unauthorized")
                #expect("\(result.codespace) \(result.code)" == number)
                #expect(result.log == "failed to execute message; message index: 0: " + text)
                #expect(result.writes.isEmpty)
            }
            #expect(try puppets.contract(counter) == before)
        }

        @Test("an admin hands the contract on and may no longer move it; cleared, nobody may")
        func changeAdmin() throws {
            let handOn = ComputeMessage.updateAdmin(
                .init(sender: alice.address, newAdmin: mallory.address, contract: counter)
            ).any
            #expect(try puppets.play([handOn]).code == 0)
            #expect(try puppets.contract(counter).admin == mallory.address)
            #expect(try puppets.play([try alice.migrateToPuppet(counter)]).code == 5)

            // In one transaction: the new admin moves the contract, calls its new code, and gives his right up for
            // ever.
            let last = ComputeMessage.clearAdmin(.init(sender: mallory.address, contract: counter)).any
            let moved = try puppets.play(
                [try mallory.migrateToPuppet(counter), try mallory.tell(counter, "{}"), last, last], by: mallory)
            #expect(moved.log == "failed to execute message; message index: 3: caller is not the admin: unauthorized")
            #expect(try puppets.contract(counter).codeID == 1)
            let again = try puppets.play(
                [try mallory.migrateToPuppet(counter), try mallory.tell(counter, "{}"), last], by: mallory)
            #expect(again.code == 0, "\(again.log)")
            #expect(try puppets.contract(counter).admin == nil)
            #expect(try puppets.contract(counter).codeID == 2)
            #expect(try puppets.play([try mallory.migrateToPuppet(counter)], by: mallory).code == 5)
        }

        @Test("a migration that fails leaves the old code, also where the new code has no migration")
        func failed() throws {
            let failing = try alice.migrateToPuppet(
                counter, "{\"set\":{\"key\":\"count\",\"value\":\"9\"},\"fail\":\"no\"}")
            let result = try puppets.play([failing])
            #expect(result.code == 5 && result.log.hasSuffix(": migrate contract failed"))
            #expect(result.log.contains("message index: 0: encrypted: "))
            #expect(try puppets.contract(counter).codeID == 1)
            #expect(try puppets.play([try alice.migrateToPuppet(counter)]).code == 0)
            #expect(try puppets.kept("count", by: counter) == "5")

            let store = ComputeMessage.storeCode(.init(sender: alice.address, code: ProbeContract.code[...])).any
            #expect(try puppets.play([store]).code == 0)
            let sealed = try alice.encryption.seal(
                Array("{}".utf8), codeHash: "\(ProbeContract.codeHash)", owner: (alice.address, counter.bytes))
            let probe = ComputeMessage.migrate(
                .init(sender: alice.address, contract: counter, codeID: 3, message: sealed)
            ).any
            let refused = try puppets.play([probe])
            #expect(refused.code == 5 && refused.log.contains("no function migrate"), "\(refused.log)")
            let missing = ComputeMessage.migrate(
                .init(sender: alice.address, contract: counter, codeID: 99, message: sealed)
            ).any
            #expect(try puppets.play([missing]).log.hasSuffix("unknown code: invalid request"))
        }

        @Test("a contract that is the admin moves another and is told of it")
        func byContract() throws {
            let handOn = ComputeMessage.updateAdmin(
                .init(sender: alice.address, newAdmin: puppets.one, contract: counter)
            ).any
            #expect(try puppets.play([handOn]).code == 0)
            let migrate = Told.message(
                "{\"wasm\":{\"migrate\":{\"contract_addr\":\"\(counter)\",\"code_hash\":\"\(PuppetContract.codeHash)\",\"code_id\":2,"
                    + "\"msg\":\"\(Base64.encode(Array(Told.respond(data: "bmV3").utf8)))\"}}}", replyOn: "always")
            let update = Told.message(
                "{\"wasm\":{\"update_admin\":{\"contract_addr\":\"\(counter)\",\"admin\":\"\(alice.address)\"}}}")
            // The second puppet is not the admin.
            let refused = try puppets.tell(puppets.two, Told.respond([migrate])).result
            #expect(refused.code != 0 && refused.log.contains("requires migrate from admin: migrate contract failed"))
            let moved = try puppets.tell(puppets.one, Told.respond([migrate, update])).result
            #expect(moved.code == 0, "\(moved.log)")
            #expect(try puppets.contract(counter).codeID == 2)
            #expect(try puppets.contract(counter).admin == alice.address)
            let reply = try #require(try puppets.kept("reply", by: puppets.one))
            #expect(reply.hasPrefix("{\"id\":7,\"result\":{\"ok\":{\"events\":[{\"type\":\"migrate\""))
            #expect(reply.hasSuffix("\"data\":\"bmV3\"}}}"))
        }
    }
}
