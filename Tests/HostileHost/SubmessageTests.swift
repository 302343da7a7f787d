import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import Testing
import WalletClient

extension HostileHostSuite {
    /// What contracts ask for in return, and what they are told of it.
    @Suite struct SubmessageTests {
        let puppets: PuppetWorld

        var alice: User { puppets.alice }
        var one: AccountAddress { puppets.one }
        var two: AccountAddress { puppets.two }

        init() throws { puppets = try PuppetWorld() }

        @Test("a reply brings the callee's own data and the events, and does what it was told")
        func replyOnSuccess() throws {
            let call = Told.execute(two, Told.respond(data: "aGk="), replyOn: "success")
            let told = try puppets.tell(
                one,
                "{\"on_reply\":\(Told.respond(data: "cmVwbGllZA==")),\"respond\":\(Told.response([call], data: "Zmlyc3Q="))}"
            )
            #expect(told.result.code == 0, "\(told.error)")
            #expect(told.data == "replied")
            let reply = try #require(try puppets.kept("reply", by: one))
            let event = "{\"type\":\"wasm\",\"attributes\":[{\"key\":\"contract_address\",\"value\":\"\(two)\"}]}"
            #expect(reply.hasPrefix("{\"id\":7,\"result\":{\"ok\":{\"events\":["))
            #expect(reply.contains(event) && !reply.contains("\"message\""))
            #expect(reply.hasSuffix("],\"data\":\"aGk=\"}}}"))
            #expect(told.result.attributes(of: "reply") == [["contract_address=\(one)", "msg_index=0"]])
        }

        @Test("attributes of a sub-message's events are in the order of their keys' bytes, and of one key in their own")
        func orderOfAttributes() throws {
            let keys = ["z", "e\u{301}", "\u{212a}", "K", "z"]
            let list = keys.enumerated().map { #"{"key":"\#($1)","value":"\#($0)","encrypted":false}"# }
            let respond =
                #"{"respond":{"messages":[],"attributes":[\#(list.joined(separator: ","))],"events":[],"data":null}}"#
            let told = try puppets.tell(one, Told.respond([Told.execute(two, respond, replyOn: "success")]))
            #expect(told.result.code == 0, "\(told.error)")
            let wanted = ["K=3", "contract_address=\(two)", "e\u{301}=1", "z=0", "z=4", "\u{212a}=2"]
            let found = told.result.attributes(of: "wasm").first { $0.count > 2 } ?? []
            // Not as `String`, to which one order of marks is another.
            #expect(found.filter { !$0.hasPrefix("msg_index") }.map { Array($0.utf8) } == wanted.map { Array($0.utf8) })
            let reply = try #require(try puppets.kept("reply", by: one))
            let places = ["K", "e\u{301}", "z", "\u{212a}"].map { key in
                reply.utf8.split(separator: UInt8(ascii: "{")).firstIndex {
                    $0.starts(with: Array("\"key\":\"\(key)\"".utf8))
                }
            }
            #expect(
                places.compactMap { $0 }.count == 4 && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        }

        @Test("gas that is evaporated is what was asked for, at least eight, and reading the number costs two at most")
        func evaporation() throws {
            func gas(_ amount: Int, _ padding: Int) throws -> Int {
                let note = String(repeating: "x", count: padding)
                let call = #"{"function":"gas_evaporate","arguments":[\#(amount)]}"#
                let message = try alice.tell(one, #"{"call":\#(call),"note":"\#(note)"}"#)
                let transaction = alice.sign([message], gas: 1_000_000)
                try puppets.world.play([transaction])
                let result = puppets.world.host.outputs[0]
                #expect(result.code == 0, "\(result.log)")
                // A longer number makes a longer transaction, which costs by its bytes.
                return Int(result.gasUsed - GasSchedule.ante(byteCount: transaction.count, signatureCount: 1))
            }
            _ = try gas(0, 0)
            // What is evaporated exactly, HostFunctionTests say, in wasm gas. Here a contract reads a number of up to
            // six digits besides, and an environment of other digits: less than a unit each, before rounding.
            var others: Set<Int> = []
            for padding in [0, 3, 6, 9, 12, 15, 18, 21] {
                let base = try gas(0, padding)
                for amount in [1, 7, 8, 9, 10, 100, 1200, 123_456] {
                    others.insert(try gas(amount, padding) - base - (max(amount, 8) - 8))
                }
            }
            #expect(others.isSubset(of: [0, 1, 2]) && others.contains(0), "\(others)")
        }

        @Test(
            "only a reply that sets data replaces a contract's own",
            arguments: [
                ("never", "", "first"), ("success", "{}", "first"),
                ("success", Told.respond(data: "c2Vjb25k"), "second"),
            ])
        func dataOfReplies(replyOn: String, onReply: String, expected: String) throws {
            let call = Told.execute(two, Told.respond(data: "aGk="), replyOn: replyOn)
            let next = onReply.isEmpty ? "" : "\"on_reply\":\(onReply),"
            let told = try puppets.tell(one, "{\(next)\"respond\":\(Told.response([call], data: "Zmlyc3Q="))}")
            #expect(told.data == expected, "\(told.error)")
        }

        @Test("an instantiation answers with its contract's data, and the new address in an event")
        func instantiate() throws {
            let text = Base64.encode(Array(Told.respond(data: "Ym9ybg==").utf8))
            func make(_ label: String) -> String {
                Told.message(
                    "{\"wasm\":{\"instantiate\":{\"admin\":null,\"code_id\":2,\"code_hash\":\"\(PuppetContract.codeHash)\",\"msg\":\"\(text)\","
                        + "\"send\":[],\"label\":\"\(label)\"}}}", replyOn: "always")
            }
            let told = try puppets.tell(one, Told.respond([make("child")]))
            #expect(told.result.code == 0, "\(told.error)")
            let reply = try #require(try puppets.kept("reply", by: one))
            #expect(reply.hasSuffix("],\"data\":\"Ym9ybg==\"}}}"))
            let address = try #require(try puppets.record(ComputeStore.labelKey("child")) { AccountAddress($0) } ?? nil)
            let event =
                "{\"type\":\"instantiate\",\"attributes\":[{\"key\":\"code_id\",\"value\":\"2\"},"
                + "{\"key\":\"contract_address\",\"value\":\"\(address)\"}]}"
            #expect(reply.contains(event) || reply.contains("\(address)"))
            #expect(try puppets.contract(address).creator == one)
            #expect(try puppets.tell(one, Told.respond([make("")])).error.contains("label must have"))
        }

        @Test("a contract is made at no address that has an account, or was paid to before it in its block")
        func takenAddress() throws {
            let world = puppets.world
            func address(_ instance: UInt64, by user: User) -> AccountAddress {
                ContractAddress.derive(codeID: PuppetWorld.puppetCodeID, instanceID: instance, creator: user.address)
            }
            let made = try #require((1...100).first { address($0, by: puppets.alice) == puppets.two })
            let first = address(made + 1, by: puppets.alice)
            // An account as the ledger makes it for whoever is paid, with nothing in it.
            try world.begin([])
            world.host.state.setAccount(AccountRecord(address: first, accountNumber: 900))
            _ = try world.host.end()
            let refused = try puppets.play([try puppets.alice.instantiatePuppet("taken")])
            #expect(refused.codespace == "compute" && refused.code == 6)
            #expect(refused.log.hasSuffix("message index: 0: \(first): contract account already exists"))
            #expect(refused.writes.isEmpty)
            // Another creator's address is another one; paid to in the same transaction, it is taken as well.
            let second = address(made + 1, by: world.mallory)
            let paid = try puppets.play(
                [world.mallory.send(1, to: second), try world.mallory.instantiatePuppet("paid")], by: world.mallory)
            #expect(paid.log.hasSuffix("message index: 1: \(second): contract account already exists"))
            #expect(try puppets.play([try world.mallory.instantiatePuppet("free")], by: world.mallory).code == 0)
        }

        @Test("an error is told to who asked, what failed is undone, and the rest stands")
        func replyOnError() throws {
            let call = Told.execute(
                two, "{\"set\":{\"key\":\"mark\",\"value\":\"x\"},\"fail\":\"not today\"}", replyOn: "error")
            let told = try puppets.tell(
                one, "{\"set\":{\"key\":\"mark\",\"value\":\"y\"},\"respond\":\(Told.response([call]))}")
            #expect(told.result.code == 0, "\(told.error)")
            #expect(try puppets.kept("reply", by: one) == "{\"id\":7,\"result\":{\"error\":\"not today\"}}")
            #expect(try puppets.kept("mark", by: one) == "y")
            #expect(try puppets.kept("mark", by: two) == nil)
        }

        @Test("an error that nobody asked for fails the transaction, and the client can read it")
        func unaskedError() throws {
            let call = Told.execute(two, "{\"fail\":\"not today\"}")
            let told = try puppets.tell(one, Told.respond([call]))
            #expect(told.result.code == 3 && told.result.codespace == "compute")
            #expect(
                told.result.log.hasPrefix(
                    "failed to execute message; message index: 0: dispatch: submessages: encrypted: "))
            #expect(told.result.log.hasSuffix(": execute contract failed"))
            #expect(told.error.contains("not today"))

            // Who waited for a success alone is named in front of the error, as clients of Secret Network know it.
            let awaited = try puppets.tell(
                one, Told.respond([Told.execute(two, "{\"fail\":\"not today\"}", replyOn: "success")]))
            #expect(awaited.error.contains("\(PuppetContract.codeHash)not today"))
        }

        @Test("an error passes through contracts that did not ask, to the one that did")
        func innermostError() throws {
            let inner = Told.respond([Told.execute(puppets.one, "{\"fail\":\"deep\"}")])
            let call = Told.execute(two, inner, replyOn: "error")
            let told = try puppets.tell(one, Told.respond([call]))
            #expect(told.result.code == 0, "\(told.error)")
            #expect(try puppets.kept("reply", by: one) == "{\"id\":7,\"result\":{\"error\":\"deep\"}}")
        }

        @Test("a reply that fails fails the transaction")
        func failingReply() throws {
            let call = Told.execute(two, "{}", replyOn: "always")
            let told = try puppets.tell(one, "{\"on_reply\":{\"fail\":\"sorry\"},\"respond\":\(Told.response([call]))}")
            #expect(told.result.code == 19)
            #expect(told.result.log.hasSuffix(": reply to contract failed"))
            #expect(told.error.contains("sorry"))
        }

        @Test("of another module's error a contract learns the number alone")
        func redacted() throws {
            let told = try puppets.tell(one, Told.respond([Told.send(5, to: two, replyOn: "error")]))
            #expect(told.result.code == 0, "\(told.error)")
            let reply = try #require(try puppets.kept("reply", by: one))
            #expect(reply.contains("the error was redacted (codespace: sdk, code: 5)."))
        }

        @Test("a payment in the chain's own encoding moves a contract's own coins, and nobody else's")
        func encodedPayment() throws {
            func pay(from sender: AccountAddress, type: String = BankMessage.sendTypeURL) -> String {
                let value = BankMessage.send(.init(from: sender, to: two, amount: [Coin(5, "uscrt")])).any.value
                return Told.message(
                    "{\"stargate\":{\"type_url\":\"\(type)\",\"value\":\"\(Base64.encode(Array(value)))\"}}")
            }
            // The host's own business: the enclave is not asked to run it.
            try puppets.world.play([alice.sign([alice.send(9, to: one)])])
            let balance = { try puppets.world.host.state.balance(two) }
            #expect(try puppets.tell(one, Told.respond([pay(from: one)])).result.code == 0)
            #expect(try balance() == 5)
            let stolen = try puppets.tell(one, Told.respond([pay(from: alice.address)])).result
            #expect(stolen.code == 4 && stolen.log.contains("contract doesn't have permission"), "\(stolen.log)")
            let other = try puppets.tell(one, Told.respond([pay(from: one, type: "/cosmos.gov.v1.MsgCancelProposal")]))
                .result
            #expect(other.code == 6 && other.log.contains("unknown request"))
            #expect(try balance() == 5)
        }

        @Test("a call that fails beside its contract fails the transaction, whoever asked")
        func calleeMissing() throws {
            let nobody = AccountAddress([UInt8](repeating: 9, count: 20))!
            let told = try puppets.tell(one, Told.respond([Told.execute(nobody, "{}", replyOn: "always")]))
            #expect(told.result.code != 0)
            #expect(told.result.log.contains("an sdk error occurred while sending a sub-message"))
            #expect(try puppets.kept("reply", by: one) == nil)
        }

        @Test("a message gets no more gas than was granted, and what it used is paid")
        func gasLimit() throws {
            let cheap = try puppets.tell(one, Told.respond([Told.execute(two, "{}", gas: 100_000)])).result
            #expect(cheap.code == 0, "\(cheap.log)")
            let stopped = try puppets.tell(one, Told.respond([Told.execute(two, "{}", gas: 10_000)])).result
            #expect(stopped.code == 11 && stopped.log.contains("SubMsg hit gas limit"), "\(stopped.log)")
            #expect(stopped.gasUsed < 300_000)
        }

        @Test("a message whose reads use up its grant fails alone, and the enclave goes on")
        func gasLimitOfReads() throws {
            let call = Told.execute(two, "{\"work\":2000}", gas: 60_000)
            let stopped = try puppets.tell(one, Told.respond([call])).result
            #expect(stopped.code == 11 && stopped.log.contains("SubMsg hit gas limit"), "\(stopped.log)")
            #expect(try puppets.tell(one, Told.respond([])).result.code == 0)
        }

        @Test("another module's message that cannot be paid with its grant is told by its number")
        func gasLimitOfSend() throws {
            let send = try puppets.tell(one, Told.respond([Told.send(5, to: two, replyOn: "error", gas: 10)])).result
            #expect(send.code == 0, "\(send.log)")
            #expect(try #require(try puppets.kept("reply", by: one)).contains("(codespace: sdk, code: 11)"))
        }

        @Test("calls nest a hundred deep and no deeper")
        func depth() throws {
            let loop = "{\"run\":\"loop\"}"
            let again = Told.respond([Told.execute(one, loop)])
            let quoted = again.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            #expect(try puppets.tell(one, "{\"set\":{\"key\":\"loop\",\"value\":\"\(quoted)\"}}").result.code == 0)
            let told = try puppets.tell(one, loop, gas: 20_000_000)
            #expect(told.result.code != 0 && told.result.log.contains("depth of nested contract calls exceeded"))
            #expect(told.result.log.components("dispatch: submessages: ") == 100)
        }

        /// The attack: a reply is no deeper than what it answers, so a contract whose every reply sends a message
        /// climbs the lane's stack until there is none left.
        @Test("replies that send messages stand four hundred high with what they answer, and no higher")
        func replyChain() throws {
            let again = Told.respond([Told.send(1, to: puppets.one, replyOn: "always")])
            try puppets.world.play([alice.sign([alice.send(1, to: puppets.one)])])
            let told = try puppets.tell(
                puppets.one, "{\"on_reply\":\(again),\(again.dropFirst())", gas: 1_000_000_000)
            #expect(told.result.code == 3, "\(told.result.log)")
            #expect(
                told.result.log.contains("depth of nested contract calls exceeded"), "\(told.result.log.suffix(200))")
            #expect(told.result.log.components("dispatch: submessages: ") == 400)
            #expect(try puppets.tell(puppets.one, Told.respond(data: "b2s=")).data == "ok")
        }

        @Test("nothing runs after the message that a contract called the last")
        func finalize() throws {
            let last = Told.message("{\"finalize_tx\":{}}")
            #expect(try puppets.tell(one, Told.respond([last])).result.code == 0)
            // What the same answer asks for after it is dropped; what asked for that answer may ask for nothing more.
            let mark = Told.execute(two, "{\"set\":{\"key\":\"mark\",\"value\":\"x\"}}")
            #expect(try puppets.tell(one, Told.respond([last, mark])).result.code == 0)
            #expect(try puppets.kept("mark", by: two) == nil)
            let within = Told.execute(one, Told.respond([last]))
            let more = try puppets.tell(two, Told.respond([within, Told.execute(one, "{}")])).result
            #expect(more.code == 18 && more.log.contains("the last message of this transaction has been run"))
            let next = try puppets.play([try alice.tell(one, Told.respond([last])), try alice.tell(two, "{}")])
            #expect(next.code == 18 && next.log.contains("message index: 1"))
        }

        @Test("nobody outside can send a reply, or a call in a contract's name")
        func callbacksFromOutside() throws {
            // The mark of a call between contracts, as Secret Network's host may send it.
            guard case .execute(var claimed)? = try ComputeMessage.decode(try alice.tell(one, "{}")) else { return }
            claimed.callbackSignature = [UInt8](repeating: 1, count: 32)
            #expect(
                try puppets.play([ComputeMessage.execute(claimed).any]).log.contains("failed to validate transaction"))
            claimed.callbackSignature = []
            claimed.callbackCodeHash = "\(PuppetContract.codeHash)"
            #expect(
                try puppets.play([ComputeMessage.execute(claimed).any]).log.contains("failed to validate transaction"))

            // A message in the form of a reply goes where messages go; the reply header of a call is part of the
            // message.
            let reply = try puppets.tell(one, "{\"id\":7,\"result\":{\"ok\":{\"events\":[],\"data\":null}}}")
            #expect(reply.result.code == 0)
            let header = "REPLY01\0\0\0\0\0\0\0\u{7}\(PuppetContract.codeHash){}"
            #expect(try puppets.tell(one, header).result.code == 3)
            #expect(try puppets.kept("reply", by: one) == nil)

            // A sender other than the signer is not a sender at all.
            guard case .execute(var forged)? = try ComputeMessage.decode(try alice.tell(one, "{}")) else { return }
            forged.sender = two
            let message = ComputeMessage.execute(forged).any
            try puppets.world.begin([alice.sign([message])])
            #expect(refusal { try puppets.world.host.run(0) } == .signerUnknown)
        }
    }
}

extension String {
    fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
