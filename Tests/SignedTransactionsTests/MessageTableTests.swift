import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import TestSupport
import Testing
import Wire

/// What the table says of messages: their text for hardware wallets, their price, and what they take.
@Suite("Message table") struct MessageTableTests {
    private let a = GoldenTransaction.sender
    private let b = GoldenTransaction.receiver
    private var v: String { a.validatorText }

    private func text(_ message: AnyMessage) -> String? {
        AminoDocument.bytes(
            body: TransactionBody(messages: [message]), fee: Fee(), chainID: "c", accountNumber: 0, sequence: 0
        ).map { document in
            let text = String(decoding: document, as: UTF8.self)
            let head = #"{"account_number":"0","chain_id":"c","fee":{"amount":[],"gas":"0"},"memo":"","msgs":["#
            return String(text.dropFirst(head.count).dropLast(#"],"sequence":"0"}"#.count))
        }
    }

    private func message(_ typeURL: String, _ body: (inout ProtobufWriter) -> Void) -> AnyMessage {
        AnyMessage(typeURL: typeURL, value: ProtobufWriter.encode(body))
    }

    private func document(_ message: AnyMessage) -> [UInt8]? {
        AminoDocument.bytes(
            body: TransactionBody(messages: [message]), fee: Fee(), chainID: "c", accountNumber: 0, sequence: 0)
    }

    @Test("a document is no longer than 8 MiB, however few bytes its message takes, and neither is what is shown of it")
    func tooLong() throws {
        func payments(_ count: Int) -> AnyMessage {
            // An output of two bytes stands for an object with an empty list.
            message("/cosmos.bank.v1beta1.MsgMultiSend") { writer in
                for _ in 0..<count { writer.message(2, []) }
            }
        }
        let long = try #require(document(payments(300_000)))
        let short = try #require(document(payments(3)))
        #expect(long.count - short.count == (300_000 - 3) * #"{"coins":[]},"#.utf8.count)
        #expect(AminoDocument.indented(long) == nil)
        #expect(document(payments(700_000)) == nil)
        #expect(try #require(AminoDocument.indented(short)).count > short.count)
        // What is escaped takes six times its bytes.
        func marks(_ count: Int) -> AnyMessage {
            message("/cosmos.bank.v1beta1.MsgSetSendEnabled") { writer in
                writer.bytes(1, [UInt8](repeating: UInt8(ascii: "<"), count: count))
            }
        }
        #expect(document(marks(1_000_000)) != nil && document(marks(1_400_000)) == nil)
        // The same of a memo, and of a fee, whose coins take more as a text.
        func with(memo: Int = 0, coins: Int = 0) -> [UInt8]? {
            let memo = String(repeating: "<", count: memo)
            let fee = Fee(amount: [Coin](repeating: Coin(1, "abc"), count: coins))
            return AminoDocument.bytes(
                body: TransactionBody(messages: [], memo: memo), fee: fee, chainID: "c", accountNumber: 0, sequence: 0)
        }
        #expect(with(memo: 1_390_000) != nil && with(memo: 1_400_000) == nil)
        #expect(with(coins: 280_000) != nil && with(coins: 300_000) == nil && with(coins: 400_000) == nil)
        // The longest code that may be stored.
        let code = message("/secret.compute.v1beta1.MsgStoreCode") { writer in
            writer.bytes(1, a.bytes)
            writer.bytes(2, [UInt8](repeating: 7, count: 2 << 20))
        }
        let upload = try #require(document(code))
        #expect(AminoDocument.indented(upload) != nil)
    }

    /// Messages and texts of secret-sdk 1.8.3, those whose names are the chain's.
    private static var recorded: [(typeURL: String, bytes: String, text: String)] {
        [
            (
                "/cosmos.staking.v1beta1.MsgDelegate",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSNHNlY3JldHZhbG9wZXIxcXFxc3"
                    + "lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25zNXR3cHYaCgoFdXNjcnQSATc=",
                #"{"type":"cosmos-sdk/MsgDelegate","value":{"amount":{"amount":"7","denom":"uscrt"},"delegat"#
                    + #"or_address":"secret1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9","validator_address":"secretval"#
                    + #"oper1qqqsyqcyq5rqwzqfpg9scrgwpugpzysns5twpv"}}"#
            ),
            (
                "/cosmos.staking.v1beta1.MsgUndelegate",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSNHNlY3JldHZhbG9wZXIxcXFxc3"
                    + "lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25zNXR3cHYaCgoFdXNjcnQSATc=",
                #"{"type":"cosmos-sdk/MsgUndelegate","value":{"amount":{"amount":"7","denom":"uscrt"},"deleg"#
                    + #"ator_address":"secret1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9","validator_address":"secretv"#
                    + #"aloper1qqqsyqcyq5rqwzqfpg9scrgwpugpzysns5twpv"}}"#
            ),
            (
                "/cosmos.staking.v1beta1.MsgBeginRedelegate",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSNHNlY3JldHZhbG9wZXIxcXFxc3"
                    + "lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25zNXR3cHYaNHNlY3JldHZhbG9wZXIxcXlwcXhwcTlxY3Jzc3pnMnB2"
                    + "eHE2cnMwenFnM3l5YzV2cWsya2YiCgoFdXNjcnQSATc=",
                #"{"type":"cosmos-sdk/MsgBeginRedelegate","value":{"amount":{"amount":"7","denom":"uscrt"},""#
                    + #"delegator_address":"secret1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9","validator_dst_address""#
                    + #":"secretvaloper1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5vqk2kf","validator_src_address":"secretval"#
                    + #"oper1qqqsyqcyq5rqwzqfpg9scrgwpugpzysns5twpv"}}"#
            ),
            (
                "/cosmos.distribution.v1beta1.MsgSetWithdrawAddress",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSLXNlY3JldDFxeXBxeHBxOXFjcn"
                    + "NzemcycHZ4cTZyczB6cWczeXljNWE4Y2htcQ==",
                #"{"type":"cosmos-sdk/MsgModifyWithdrawAddress","value":{"delegator_address":"secret1qqqsyqc"#
                    + #"yq5rqwzqfpg9scrgwpugpzysnpn9nv9","withdraw_address":"secret1qypqxpq9qcrsszg2pvxq6rs0zqg3yy"#
                    + #"c5a8chmq"}}"#
            ),
            (
                "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSNHNlY3JldHZhbG9wZXIxcXFxc3"
                    + "lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25zNXR3cHY=",
                #"{"type":"cosmos-sdk/MsgWithdrawDelegationReward","value":{"delegator_address":"secret1qqqs"#
                    + #"yqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9","validator_address":"secretvaloper1qqqsyqcyq5rqwzqfpg9"#
                    + #"scrgwpugpzysns5twpv"}}"#
            ),
            (
                "/cosmos.distribution.v1beta1.MsgFundCommunityPool",
                "CgoKBXVzY3J0EgE1Ei1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjk=",
                #"{"type":"cosmos-sdk/MsgFundCommunityPool","value":{"amount":[{"amount":"5","denom":"uscrt""#
                    + #"}],"depositor":"secret1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9"}}"#
            ),
            (
                "/cosmos.gov.v1beta1.MsgDeposit",
                "CAMSLXNlY3JldDFxcXFzeXFjeXE1cnF3enFmcGc5c2NyZ3dwdWdwenlzbnBuOW52ORoKCgV1c2NydBIBNQ==",
                #"{"type":"cosmos-sdk/MsgDeposit","value":{"amount":[{"amount":"5","denom":"uscrt"}],"deposi"#
                    + #"tor":"secret1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9","proposal_id":"3"}}"#
            ),
            (
                "/cosmos.slashing.v1beta1.MsgUnjail",
                "CjRzZWNyZXR2YWxvcGVyMXFxcXN5cWN5cTVycXd6cWZwZzlzY3Jnd3B1Z3B6eXNuczV0d3B2",
                #"{"type":"cosmos-sdk/MsgUnjail","value":{"address":"secretvaloper1qqqsyqcyq5rqwzqfpg9scrgwp"#
                    + #"ugpzysns5twpv"}}"#
            ),
            (
                "/cosmos.feegrant.v1beta1.MsgGrantAllowance",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSLXNlY3JldDFxeXBxeHBxOXFjcn"
                    + "NzemcycHZ4cTZyczB6cWczeXljNWE4Y2htcRo/CicvY29zbW9zLmZlZWdyYW50LnYxYmV0YTEuQmFzaWNBbGxvd2Fu"
                    + "Y2USFAoKCgV1c2NydBIBNRIGCKWq9YYH",
                #"{"type":"cosmos-sdk/MsgGrantAllowance","value":{"allowance":{"type":"cosmos-sdk/BasicAllow"#
                    + #"ance","value":{"expiration":"2030-01-02T03:04:05Z","spend_limit":[{"amount":"5","denom":"u"#
                    + #"scrt"}]}},"grantee":"secret1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5a8chmq","granter":"secret1qqqs"#
                    + #"yqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9"}}"#
            ),
            (
                "/cosmos.feegrant.v1beta1.MsgRevokeAllowance",
                "Ci1zZWNyZXQxcXFxc3lxY3lxNXJxd3pxZnBnOXNjcmd3cHVncHp5c25wbjludjkSLXNlY3JldDFxeXBxeHBxOXFjcn"
                    + "NzemcycHZ4cTZyczB6cWczeXljNWE4Y2htcQ==",
                #"{"type":"cosmos-sdk/MsgRevokeAllowance","value":{"grantee":"secret1qypqxpq9qcrsszg2pvxq6rs"#
                    + #"0zqg3yyc5a8chmq","granter":"secret1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnpn9nv9"}}"#
            ),
        ]
    }

    @Test("a message of another client has the text that this client signs")
    func recorded() throws {
        for (typeURL, bytes, expected) in MessageTableTests.recorded {
            let value = try #require(Base64.decode(bytes))
            #expect(text(AnyMessage(typeURL: typeURL, value: value)) == expected)
        }
    }

    /// Tests/Fixtures/amino.json, made by amino_vectors.py beside this file.
    private struct Vector: Decodable {
        var type: String
        var bytes: String
        var text: String
    }

    @Test("every message has the signers and the text that another library's descriptors give it")
    func foreign() throws {
        let fixture = Repository.root.appendingPathComponent("Tests/Fixtures/amino.json")
        let vectors = try JSONDecoder().decode([Vector].self, from: try Data(contentsOf: fixture))
        let signer = AccountAddress(Array(1...20))
        for vector in vectors {
            let message = AnyMessage(typeURL: vector.type, value: try #require(Base64.decode(vector.bytes)))
            #expect(try message.signers() == [signer], "\(vector.type)")
            #expect(text(message) == vector.text, "\(vector.type)")
        }
        // The rest is this network's own, or of modules that they do not have.
        let own = Set(knownMessageTypes.keys).subtracting(vectors.map(\.type)).filter { !$0.hasPrefix("/secret.") }
        #expect(
            own == [
                "/cloister.registration.v1.MsgApproveProgram", "/cloister.registration.v1.MsgEndApproval",
                "/cloister.registration.v1.MsgUpdatePolicy", "/cosmos.consensus.v1.MsgUpdateParams",
                "/cosmos.distribution.v1beta1.MsgSetAutoRestake",
                "/cosmos.distribution.v1beta1.MsgUpdateParams",
            ])
        #expect(knownMessageTypes.keys.contains { $0.hasPrefix("/secret.") })
    }

    @Test("decimals have 18 places, moments and durations are texts, short numbers are not, and keys stand alone")
    func kinds() {
        let create = message("/cosmos.staking.v1beta1.MsgCreateValidator") { writer in
            writer.message(1) { $0.string(1, "m") }
            writer.message(2) { rates in
                rates.string(1, "100000000000000000")
                rates.string(2, "1000000000000000000")
                rates.string(3, "1")
            }
            writer.string(3, "1")
            writer.string(5, v)
            writer.message(6, message("/cosmos.crypto.ed25519.PubKey") { $0.bytes(1, [1, 2, 3]) }.encoded)
            writer.message(7, Coin(7, "uscrt").encoded)
        }
        #expect(
            text(create)
                == #"{"type":"cosmos-sdk/MsgCreateValidator","value":{"commission":{"max_change_rate":"0.000000000000000001","#
                + #""max_rate":"1.000000000000000000","rate":"0.100000000000000000"},"description":{"moniker":"m"},"#
                + #""min_self_delegation":"1","pubkey":{"type":"tendermint/PubKeyEd25519","value":"AQID"},"#
                + #""validator_address":"\#(v)","value":{"amount":"7","denom":"uscrt"}}}"#)
        let vote = message("/cosmos.gov.v1beta1.MsgVote") { writer in
            writer.uint64(1, 3)
            writer.string(2, a.description)
            writer.uint64(3, 1)
        }
        #expect(
            text(vote) == #"{"type":"cosmos-sdk/MsgVote","value":{"option":1,"proposal_id":"3","voter":"\#(a)"}}"#)
        let grant = message("/cosmos.feegrant.v1beta1.MsgGrantAllowance") { writer in
            writer.string(1, a.description)
            writer.string(2, b.description)
            let periodic = message("/cosmos.feegrant.v1beta1.PeriodicAllowance") { writer in
                writer.message(1) { $0.message(2) { $0.int64(1, 1_893_553_445) } }
                writer.message(2) { $0.int64(1, 86_400) }
                writer.message(5) { $0.int64(1, 1_893_553_445) }
            }
            writer.message(3, periodic.encoded)
        }
        #expect(
            text(grant)
                == #"{"type":"cosmos-sdk/MsgGrantAllowance","value":{"allowance":{"type":"cosmos-sdk/PeriodicAllowance","#
                + #""value":{"basic":{"expiration":"2030-01-02T03:04:05Z","spend_limit":[]},"period":"86400000000000","#
                + #""period_can_spend":[],"period_reset":"2030-01-02T03:04:05Z","period_spend_limit":[]}},"#
                + #""grantee":"\#(b)","granter":"\#(a)"}}"#)
    }

    @Test("what is this network's own has texts, signers and a price, too, and takes nothing")
    func ownMessages() throws {
        let digits = String(repeating: "ab", count: 32)
        let (name, authority) = ("cloister.registration.v1", #""authority":"\#(a)""#)
        let approve = message("/\(name).MsgApproveProgram") { writer in
            writer.string(1, a.description)
            writer.string(2, digits)
            writer.message(3) { $0.int64(1, 1_893_553_445) }
        }
        let end = message("/\(name).MsgEndApproval") { writer in
            writer.string(1, a.description)
            writer.string(2, digits)
        }
        let update = message("/\(name).MsgUpdatePolicy") { writer in
            writer.string(1, a.description)
            writer.string(2, #"{"a":1}"#)
            writer.message(3) { $0.int64(1, 1_893_553_445) }
        }
        let rest = [
            #""measurement":"\#(digits)","not_before":"2030-01-02T03:04:05Z""#, #""measurement":"\#(digits)""#,
            #""not_before":"2030-01-02T03:04:05Z","params":"{\"a\":1}""#,
        ]
        for (message, rest) in zip([approve, end, update], rest) {
            #expect(text(message) == #"{"type":"\#(message.typeURL)","value":{\#(authority),\#(rest)}}"#)
            #expect(try message.signers() == [a] && message.gas() == 6_000 && message.takenCoins().isEmpty)
        }
    }

    @Test("a message that holds others shows each by its name, and a type without a name by its URL")
    func nested() {
        let burn = message("/cosmos.gov.v1.MsgCancelProposal") {
            $0.uint64(1, 3); $0.string(2, a.description)
        }
        let exec = message("/cosmos.authz.v1beta1.MsgExec") { writer in
            writer.string(1, b.description)
            writer.message(2, burn.encoded)
        }
        #expect(
            text(exec)
                == #"{"type":"cosmos-sdk/MsgExec","value":{"grantee":"\#(b)","msgs":[{"type":"/cosmos.gov.v1.MsgCancelProposal","#
                + #""value":{"proposal_id":"3","proposer":"\#(a)"}}]}}"#)
        // A form that is not known has no text, however deep it lies.
        let unknown = message("/cosmos.authz.v1beta1.MsgExec") { writer in
            writer.string(1, b.description)
            writer.message(2, AnyMessage(typeURL: "/cosmos.nft.v1beta1.MsgSend", value: []).encoded)
        }
        #expect(text(unknown) == nil)
        var deep = burn
        for _ in 0..<20 {
            let inner = deep
            deep = message("/cosmos.authz.v1beta1.MsgExec") { writer in
                writer.string(1, b.description)
                writer.message(2, inner.encoded)
            }
        }
        #expect(text(deep) == nil)
    }

    @Test("an encoding that is not ours has no text, for every recorded message and every place in it")
    func canonical() throws {
        for (typeURL, bytes, _) in MessageTableTests.recorded {
            let value = try #require(Base64.decode(bytes))
            func refused(_ other: [UInt8]) -> Bool { text(AnyMessage(typeURL: typeURL, value: other)) == nil }
            // Unknown, an empty text spelled out, an explicit zero.
            #expect(refused(value + [0x78, 1]))
            #expect(refused(value + [0xf2, 0x07, 0]))
            #expect(refused(value + [0xf0, 0x07, 0]))
            var reader = ProtobufReader(value)
            var parts = [[UInt8]]()
            while let field = try reader.next() {
                var writer = ProtobufWriter()
                switch field.value {
                case .varint(let number): writer.uint64(field.number, number)
                case .bytes(let bytes): writer.message(field.number, bytes)
                default: Issue.record("no such field")
                }
                parts.append(writer.bytes)
            }
            if parts.count > 1 { #expect(refused(parts.reversed().flatMap { $0 })) }
            // A length that is padded.
            for index in parts.indices where parts[index][0] & 7 == 2 && parts[index][1] < 0x80 {
                var padded = parts
                padded[index].replaceSubrange(1...1, with: [parts[index][1] | 0x80, 0])
                #expect(refused(padded.flatMap { $0 }), "\(typeURL) part \(index)")
            }
            // What must be there is not.
            for index in parts.indices where typeURL.hasSuffix("MsgDelegate") && index == 2 {
                #expect(refused(parts[..<index].flatMap { $0 }))
            }
        }
    }

    @Test("the price of a message is in the table, with those of what it holds")
    func prices() throws {
        let vote = message("/cosmos.gov.v1.MsgVote") { $0.string(2, a.description) }
        let send = BankMessage.send(.init(from: a, to: b, amount: [Coin(1, "uscrt")])).any
        #expect(try vote.gas() == 6_000)
        #expect(try send.gas() == GasSchedule.send(coinCount: 1))
        func exec(_ messages: [AnyMessage]) -> AnyMessage {
            message("/cosmos.authz.v1beta1.MsgExec") { writer in
                writer.string(1, b.description)
                for held in messages { writer.message(2, held.encoded) }
            }
        }
        #expect(try exec([vote, send, vote]).gas() == 2_000 + 6_000 + GasSchedule.send(coinCount: 1) + 6_000)
        #expect(try exec([exec([send])]).gas() == 4_000 + GasSchedule.send(coinCount: 1))
        // Only the enclave can price a contract's call, and only for who signed it.
        let call = ComputeMessage.execute(.init(sender: a, contract: b, message: [])).any
        #expect(try call.gas() == nil)
        #expect(try exec([vote, call]).gas() == nil)
        var deep = send
        for _ in 0...AnyMessage.depthMax { deep = exec([deep]) }
        #expect(throws: TransactionError.nestedTooDeeply) { try deep.gas() }
        #expect(throws: TransactionError.unknownMessageType("/cosmos.nft.v1beta1.MsgSend")) {
            try exec([AnyMessage(typeURL: "/cosmos.nft.v1beta1.MsgSend", value: [])]).gas()
        }
    }

    @Test("what a message takes from its signer is what its fields say")
    func takes() throws {
        let coins = [Coin(1, "uscrt"), Coin(2, "uxyz")]
        let fund = message("/cosmos.distribution.v1beta1.MsgFundCommunityPool") { writer in
            for coin in coins { writer.message(1, coin.encoded) }
            writer.string(2, a.description)
        }
        #expect(try fund.takenCoins() == coins)
        let periods = message("/cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount") { writer in
            writer.string(1, a.description)
            writer.string(2, b.description)
            for coin in coins {
                writer.message(4) { writer in
                    writer.int64(1, 5)
                    writer.message(2, coin.encoded)
                }
            }
        }
        #expect(try periods.takenCoins() == coins)
        #expect(MessageType.named("/cosmos.staking.v1beta1.MsgUndelegate")?.takes == .nothing)
        #expect(MessageType.named("/ibc.core.channel.v1.MsgRecvPacket")?.takes == .whatItsPacketHolds(field: 1))
        #expect(MessageType.named("/cosmos.authz.v1beta1.MsgExec")?.takes == .whatItHolds(field: 2))
    }

    @Test("every message but those of bank, compute and registration has a price, and the table says who signs it")
    func complete() {
        #expect(knownMessageTypes.count > 100)
        for (typeURL, type) in knownMessageTypes {
            if let price = GasSchedule.message(type.price) {
                #expect(price >= 2_000 && type.takes != .byItsModule, "\(typeURL)")
            } else {
                #expect(["bank", "compute", "register"].contains(type.module) && type.takes == .byItsModule)
            }
        }
    }
}
