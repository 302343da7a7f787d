import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// Keys that come from elsewhere and go there, and transactions that go from hand to hand until they are signed.
extension Scenarios.VerbTests {
    /// `keyring` has key a. `network` and `keyring` are every option of their kinds.
    func documents(
        _ tester: Tester, _ node: NodeProcess, network: [String], keyring: [String], payer: [String]
    ) async throws {
        let json = ["--output", "json"]
        let reading = json + ["--node", node.url]
        func file(_ name: String, _ text: String) throws -> String {
            let path = tester.user.folder.path(name)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }

        // Keys that come and go.
        let words = "\(Person.a.mnemonic)\n"
        let second = try await tester.use(
            "keys add", ["second"], keyring + json + ["--recover", "--account", "1", "--index", "2"], input: words)
        #expect(
            second.json["address"]?.string
                == (try Wallet(mnemonic: Person.a.mnemonic, account: 1, index: 2)).address.description)
        let digits = try await tester.use("keys export", ["second"], keyring + ["--unarmored-hex", "--unsafe"])
        #expect(digits.output.count == 65)
        try await tester.use("keys export", ["second"], keyring + ["--unarmored-hex"], status: 1)
        let again = try await tester.use("keys import-hex", ["again"], keyring + json, input: digits.output)
        #expect(again.json["address"] == second.json["address"])
        let sealed = try await tester.use("keys export", ["second"], keyring, input: "correct horse\n")
        #expect(!sealed.output.contains(digits.output.dropLast()))
        let export = try file("second.key", sealed.output)
        let third = try await tester.use("keys import", ["third", export], keyring + json, input: "correct horse\n")
        #expect(third.json["address"] == second.json["address"])
        let wrong = try await tester.use("keys import", ["fourth", export], keyring, input: "wrong horse\n", status: 1)
        #expect(wrong.errors.contains("the passphrase does not open the key"))
        let armored = try file("armored", "-----BEGIN TENDERMINT PRIVATE KEY-----\n")
        let foreign = try await tester.use("keys import", ["fourth", armored], keyring, status: 1)
        #expect(foreign.errors.contains("secretd keys export NAME --unarmored-hex --unsafe"))
        let ledger = try await tester.use("keys add", ["device"], keyring + ["--ledger"], status: 1)
        #expect(ledger.errors.contains("no support for Ledger"))

        // An account of three, of which two sign; the third one's secret is nowhere here.
        try await tester.use("keys add", ["b"], keyring + ["--recover"], input: "\(Person.b.mnemonic)\n")
        let key = AccountKey.secp256k1(try Wallet(mnemonic: Person.c.mnemonic).publicKey)
        try await tester.use("keys add", ["c"], keyring + ["--pubkey", JSONWriter.text(of: key.json)])
        let publicKey = try await tester.use("keys show", ["c"], keyring + ["--pubkey"])
        #expect(publicKey.output == JSONWriter.text(of: key.json) + "\n")
        let board = try await tester.use(
            "keys add", ["board"],
            keyring + json + ["--multisig", "a,b,c", "--multisig-threshold", "2"])
        let other = try await tester.use(
            "keys add", ["other"], keyring + json + ["--multisig", "c,b,a", "--multisig-threshold", "2", "--nosort"])
        #expect(board.json["type"] == "multi" && other.json["address"] != board.json["address"])
        let account = try #require(board.json["address"]?.string)
        let many = try await tester.use(
            "keys add", ["never"], keyring + ["--multisig", "a,b", "--multisig-threshold", "3"], status: 1)
        #expect(many.errors.contains("--multisig-threshold"))

        let sending = network + keyring + json + payer + ["--from", "a", "--gas-price", "0.0125"]
        try await tester.use(
            "tx bank send", [account, "1scrt"], sending + ["--gas", "60000", "--note", "for the board"])
        let receiver = "\(try Person.d.address)"
        let before = try await node.balance(try Person.d.address)
        // Nobody signs for it alone.
        let alone = try await tester.use(
            "tx bank send", [receiver, "2uscrt"], network + keyring + ["--from", "board"], status: 1)
        #expect(alone.errors.contains("tx multisign"))
        let draft = try await tester.use(
            "tx bank send", [receiver, "2uscrt"],
            keyring + ["--from", "board", "--generate-only", "--offline", "--gas", "90000", "--note", "rent"])
        #expect(draft.json["body"]?["memo"] == "rent" && draft.json["signatures"] == [])
        let unsigned = try file("draft.json", draft.output)
        try await tester.use("tx broadcast", [unsigned], reading, status: 1)

        let first = tester.user.folder.path("a.sig")
        try await tester.use(
            "tx sign", [unsigned],
            network + keyring + ["--from", "a", "--multisig", "board", "--output-document", first])
        let numbers = try await tester.use("query account", [account], reading)
        let number = try #require(numbers.json["account"]?["account_number"]?.string)
        let offline = ["--chain-id", NodeProcess.chainID, "--offline", "--account-number", number, "--sequence", "0"]
        let signed = try await tester.use(
            "tx sign", [unsigned], keyring + offline + ["--from", "b", "--multisig", account])
        let parts = [first, try file("b.sig", signed.output)]
        let few = try await tester.use("tx multisign", [unsigned, "board", first], keyring + offline, status: 1)
        #expect(few.errors.contains("1 of 3 have signed, and 2 must"))
        let elsewhere = try await tester.use(
            "tx multisign", [unsigned, "board"] + parts, keyring + offline + ["--sequence", "1"], status: 1)
        #expect(elsewhere.errors.contains("signed something else"))
        let whole = tester.user.folder.path("whole.json")
        try await tester.use(
            "tx multisign", [unsigned, "board"] + parts, network + keyring + ["--output-document", whole])
        try await tester.use("tx multisign", [unsigned, "board"] + parts, keyring + offline)
        let sent = try await tester.use("tx broadcast", [whole], reading)
        #expect(sent.json["code"] == 0, "\(sent)")
        #expect(try await node.balance(try Person.d.address) == before + 2)
        let hash = try #require(sent.json["txhash"]?.string)
        let waited = try await tester.use("tx wait", [hash.lowercased()], reading + ["--timeout", "5"])
        #expect(waited.json["height"] == sent.json["height"])
        let unknown = String(repeating: "0", count: 64)
        try await tester.use("tx wait", [unknown], reading + ["--timeout", "1"], status: 1)

        // One key, in both modes.
        for mode in ["direct", "amino-json"] {
            let one = try await tester.use(
                "tx bank send", [receiver, "1uscrt"],
                network + keyring + ["--from", "a", "--generate-only", "--gas", "60000", "--gas-price", "0.0125"])
            let path = try file("one.json", one.output)
            let done = try await tester.use(
                "tx sign", [path], network + keyring + ["--from", "a", "--sign-mode", mode])
            let delivered = try await tester.use("tx broadcast", [try file("one-signed.json", done.output)], reading)
            #expect(delivered.json["code"] == 0, "\(delivered)")
            let stranger = try await tester.use("tx sign", [path], network + keyring + ["--from", "b"], status: 1)
            #expect(stranger.errors.contains("this key is of"))
        }
        let mistyped = try await tester.use(
            "tx bank send", [receiver.dropLast() + (receiver.hasSuffix("q") ? "p" : "q"), "1uscrt"], sending, status: 1)
        #expect(mistyped.error?["message"]?.string?.contains("look at the character behind") == true)
    }
}
