import Ante
import Auth
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures
import Wire

@Suite("Ante rules")
struct AnteHandlerTests {
    @Test("a good transaction pays, moves its sequence, leaves its key, and says so in the SDK's order")
    func good() throws {
        let ledger = try Ledger()
        let transaction = ledger.send(10)
        let signature = try TransactionEnvelope(decoding: transaction.bytes).signatures[0]
        let alice = ledger.alice.address
        #expect(
            try ledger.run(transaction).get() == [
                "coin_spent{spender=\(alice),amount=2500uscrt}",
                "coin_received{receiver=\(ledger.feeCollector),amount=2500uscrt}",
                "transfer{recipient=\(ledger.feeCollector),sender=\(alice),amount=2500uscrt}",
                "message{sender=\(alice)}",
                "tx{fee=2500uscrt,fee_payer=\(alice)}",
                "tx{acc_seq=\(alice)/0}",
                "tx{signature=\(Base64.encode(Array(signature)))}",
            ])
        let account = try #require(try AuthModule.account(alice, on: ledger.state))
        #expect(account.sequence == 1)
        #expect(account.publicKey == AccountKey.secp256k1(ledger.alice.publicKey).any)
        #expect(try ledger.balance(alice) == 997_500)
        #expect(try ledger.balance(ledger.feeCollector) == 2_500)
        let next = ledger.send(1, sequence: 1).with { $0.hasPublicKeys = false }
        #expect(try ledger.refusal(next) == nil)
    }

    @Test("a wrong sequence is refused with the text that clients parse")
    func wrongSequence() throws {
        let ledger = try Ledger()
        let refusal = try ledger.refusal(ledger.send(1, sequence: 5))
        #expect(
            refusal
                == TransactionRefusal(
                    code: 32, log: "account sequence mismatch, expected 0, got 5: incorrect account sequence"))
        #expect(try ledger.refusal(ledger.send(1)) == nil)
        #expect(try ledger.refusal(ledger.send(1))?.code == 32)
        #expect(try ledger.refusal(ledger.send(1), mode: .recheck)?.code == 32)
        #expect(try ledger.refusal(ledger.send(1), mode: .simulate)?.code == 32)
    }

    @Test("a signature for another chain, account or text is refused, naming account number, sequence and chain")
    func wrongSignature() throws {
        let ledger = try Ledger()
        let text =
            "signature verification failed; please verify account number (0), sequence (0) and chain-id "
            + "(cloister-test-1): (unable to verify single signer signature): unauthorized"
        let otherChain = ledger.send(1).with { $0.chainID = "cloister-test-2" }
        #expect(try ledger.refusal(otherChain) == TransactionRefusal(code: 4, log: text))
        let otherNumber = ledger.send(1).with { $0.signers[0].accountNumber = 1 }
        #expect(try ledger.refusal(otherNumber) == TransactionRefusal(code: 4, log: text))
        let otherKey = ledger.send(1).with { $0.signers[0].key = ledger.bob }
        #expect(try ledger.refusal(otherKey)?.code == 8)
        let withoutKey = ledger.send(1).with { $0.hasPublicKeys = false }
        #expect(try ledger.refusal(withoutKey)?.log == "pubkey on account is not set: invalid pubkey")
    }

    @Test("every flipped bit of a transaction is refused")
    func flippedBits() throws {
        let good = try Ledger().send(1).bytes
        for index in stride(from: 0, to: good.count, by: 3) {
            let ledger = try Ledger()
            var bytes = good
            bytes[index] ^= 1 << UInt8(index % 8)
            #expect(throws: TransactionRefusal.self, "byte \(index)") {
                let form = try TransactionForm(decoding: bytes, router: ledger.router)
                _ = try ledger.ante.run(form, in: Ledger.block, mode: .deliver, on: ledger.state)
            }
        }
    }

    @Test("the minimum fee binds the mempool and not the block")
    func minimumFee() throws {
        let ledger = try Ledger()
        let cheap = ledger.send(1).with { $0.fee = [Coin(2_499, "uscrt")] }
        let expected = TransactionRefusal(
            code: 13, log: "insufficient fees; got: 2499uscrt required: 2500uscrt: insufficient fee")
        #expect(try ledger.refusal(cheap, mode: .check) == expected)
        #expect(try ledger.refusal(cheap, mode: .recheck) == expected)
        let free = ledger.send(1).with { $0.fee = [] }
        #expect(
            try ledger.refusal(free, mode: .check)?.log
                == "insufficient fees; got:  required: 2500uscrt: insufficient fee")
        #expect(try ledger.run(free).get().first == "tx{fee=,fee_payer=\(ledger.alice.address)}")
    }

    @Test("a fee beyond the balance is refused in the SDK's words")
    func feeBeyondBalance() throws {
        let ledger = try Ledger()
        let dear = ledger.send(1).with { $0.fee = [Coin(1_000_001, "uscrt")] }
        #expect(
            try ledger.refusal(dear)
                == TransactionRefusal(
                    code: 5,
                    log: "spendable balance 1000000uscrt is smaller than 1000001uscrt: insufficient funds: "
                        + "insufficient funds"))
    }

    @Test("memo, timeout, gas and signers are bounded")
    func bounds() throws {
        let ledger = try Ledger()
        let memo = ledger.send(1).with { $0.memo = String(repeating: "m", count: 257) }
        #expect(
            try ledger.refusal(memo)
                == TransactionRefusal(
                    code: 12, log: "maximum number of characters is 256 but received 257 characters: memo too large"))
        let late = ledger.send(1).with { $0.timeoutHeight = 9 }
        #expect(
            try ledger.refusal(late, height: 10)
                == TransactionRefusal(code: 30, log: "block height: 10, timeout height: 9: tx timeout height"))
        #expect(try ledger.refusal(late, height: 9) == nil)
        #expect(try ledger.refusal(ledger.send(1, sequence: 1).with { $0.gasLimit = 0 })?.code == 41)
        #expect(try ledger.refusal(ledger.send(1, sequence: 1).with { $0.gasLimit = UInt64.max })?.code == 41)
        let starved = ledger.send(1, sequence: 1).with { $0.gasLimit = 6_000 }
        let used = GasSchedule.ante(byteCount: starved.bytes.count, signatureCount: 1)
        #expect(
            try ledger.refusal(starved)?.log
                == "out of gas in location: txSize; gasWanted: 6000, gasUsed: \(used): out of gas")
        let many = (0..<8).map { FixtureKey("signer \($0)") }
        var crowd = FixtureTransaction([], by: many[0], number: 0, sequence: 0)
        for key in many.dropFirst() { crowd = crowd.and(key, number: 0, sequence: 0) }
        crowd.messages = many.map { .send(1, from: $0.address, to: ledger.bob.address) }
        #expect(try ledger.refusal(crowd)?.code == 14)
    }

    @Test("nothing wants more gas than a block may hold, or than this node takes before a block")
    func gasMax() throws {
        let rules = ChainRules(blockGasMax: 300_000)
        let ledger = try Ledger(rules: rules, transactionGasMax: 250_000)
        func refusal(_ gas: UInt64, _ mode: AnteHandler.Mode) throws -> TransactionRefusal? {
            try ledger.refusal(
                ledger.send(1).with { ($0.gasLimit, $0.fee) = (gas, [Coin(10_000, "uscrt")]) }, mode: mode)
        }
        for mode in [AnteHandler.Mode.check, .deliver] {
            #expect(
                try refusal(300_001, mode)
                    == TransactionRefusal(
                        code: 41, log: "tx gas limit 300001 exceeds block max gas 300000: invalid gas limit"))
        }
        #expect(try refusal(250_001, .check)?.code == 41)
        #expect(try refusal(250_000, .check) == nil)
        #expect(try Ledger(rules: rules).refusal(ledger.send(1).with { $0.gasLimit = 300_000 }) == nil)
    }

    @Test("a chain's minimum fee holds in blocks, a node's own only before them")
    func chainMinimum() throws {
        let rules = ChainRules(minimumGasPrice: MinimumGasPrice("0.01uscrt"))
        let ledger = try Ledger(rules: rules)
        let cheap = ledger.send(1).with { $0.fee = [Coin(1_999, "uscrt")] }
        for mode in [AnteHandler.Mode.check, .deliver] {
            #expect(
                try ledger.refusal(cheap, mode: mode)
                    == TransactionRefusal(
                        code: 13, log: "insufficient fees; got: 1999uscrt required: 2000uscrt: insufficient fee"))
        }
        let fair = ledger.send(1).with { $0.fee = [Coin(2_000, "uscrt")] }
        #expect(try ledger.refusal(fair, mode: .check)?.log.contains("required: 2500uscrt") == true)
        #expect(try ledger.refusal(fair) == nil)
    }

    @Test("who has no account is unknown")
    func unknownAccount() throws {
        let ledger = try Ledger()
        let stranger = FixtureKey("stranger")
        let transaction = FixtureTransaction(
            [.send(1, from: stranger.address, to: ledger.bob.address)], by: stranger, number: 0, sequence: 0)
        #expect(
            try ledger.refusal(transaction)
                == TransactionRefusal(
                    code: 9, log: "fee payer address: \(stranger.address) does not exist: unknown address"))
        #expect(try ledger.refusal(transaction, mode: .simulate)?.code == 9)
    }

    @Test("another account may pay when it signs, and nobody pays by grant")
    func payer() throws {
        let ledger = try Ledger()
        let sponsored = FixtureTransaction(
            [.send(1, from: ledger.bob.address, to: ledger.alice.address)], by: ledger.bob, number: 1, sequence: 0
        ).and(ledger.alice, number: 0, sequence: 0).with { $0.payer = ledger.alice.address.description }
        let events = try ledger.run(sponsored).get()
        #expect(events.contains("tx{fee=2500uscrt,fee_payer=\(ledger.alice.address)}"))
        #expect(try ledger.balance(ledger.alice.address) == 997_500)
        #expect(try AuthModule.account(ledger.bob.address, on: ledger.state)?.sequence == 1)
        let granted = ledger.send(1, sequence: 1).with { $0.granter = ledger.bob.address.description }
        #expect(try ledger.refusal(granted)?.log.hasSuffix("fee-grant not found: not found") == true)
    }

    @Test("a simulation needs neither fee nor signature and leaves no key")
    func simulation() throws {
        let ledger = try Ledger()
        let form = try TransactionForm(
            decoding: ledger.send(1).with { $0.fee = [] }.unsignedBytes, router: ledger.router)
        _ = try ledger.ante.run(form, in: Ledger.block, mode: .simulate, on: ledger.state)
        #expect(try AuthModule.account(ledger.alice.address, on: ledger.state)?.publicKey == nil)
    }

    @Test("types that nobody runs are refused before anything is paid")
    func unknownTypes() throws {
        let ledger = try Ledger()
        let nonsense = ledger.send(1).with { $0.messages = [AnyMessage(typeURL: "/x.y.MsgZ", value: [1])] }
        #expect(
            try ledger.refusal(nonsense)
                == TransactionRefusal(code: 2, log: "unable to resolve type URL /x.y.MsgZ: tx parse error"))
        let unhandled = ledger.send(1).with {
            $0.messages = [
                AnyMessage(
                    typeURL: "/ibc.core.client.v1.MsgUpdateClient",
                    value: ProtobufWriter.encode { $0.string(3, ledger.alice.address.description) })
            ]
        }
        #expect(
            try ledger.refusal(unhandled)
                == TransactionRefusal(
                    code: 6,
                    log: "no message handler found for /ibc.core.client.v1.MsgUpdateClient: unknown request"))
    }

    @Test("prices are exact and rounded up")
    func prices() throws {
        #expect(MinimumGasPrice.standard.description == "0.012500000000000000uscrt")
        #expect(MinimumGasPrice.standard.fee(gasLimit: 1) == Coin(1, "uscrt"))
        #expect(MinimumGasPrice.standard.fee(gasLimit: 80) == Coin(1, "uscrt"))
        #expect(MinimumGasPrice.standard.fee(gasLimit: 81) == Coin(2, "uscrt"))
        #expect(MinimumGasPrice.standard.fee(gasLimit: UInt64.max) == Coin(230_584_300_921_369_396, "uscrt"))
        #expect(MinimumGasPrice("0uscrt")?.fee(gasLimit: 5) == nil)
        #expect(MinimumGasPrice("3uscrt")?.fee(gasLimit: 5) == Coin(15, "uscrt"))
        for text in [
            "", "uscrt", "0.0125", "-1uscrt", "1.uscrt", ".5uscrt", "1.0.0uscrt", "0.0000000000000000001uscrt",
        ] {
            #expect(MinimumGasPrice(text) == nil, "\(text)")
        }
    }
}
