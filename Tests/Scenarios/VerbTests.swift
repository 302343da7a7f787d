import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import Synchronization
import TestSupport
import Testing
import WalletClient

/// The commands of a program with their arguments, as ArgumentParser itself lists them.
struct CommandTree {
    /// By the words of a command: its options, by all names of each, and its positional arguments.
    private(set) var leaves: [String: (options: [[String]], positionals: [String])] = [:]

    init(dump: JSONValue) throws {
        guard let root = dump["command"] else { throw ChildProcess.Failure(description: "no command in the dump") }
        add(root, [])
    }

    private mutating func add(_ command: JSONValue, _ words: [String]) {
        let subcommands = command["subcommands"]?.array ?? []
        for subcommand in subcommands {
            add(subcommand, words + [subcommand["commandName"]?.string ?? ""])
        }
        guard subcommands.isEmpty, words != ["help"] else { return }
        var (options, positionals) = ([[String]](), [String]())
        for argument in command["arguments"]?.array ?? [] {
            let names = (argument["names"]?.array ?? []).compactMap { $0["name"]?.string }
            // Every verb has these two, of the program.
            if names.contains("help") || names == ["version"] && argument["kind"]?.string == "flag" { continue }
            if names.isEmpty { positionals.append(argument["valueName"]?.string ?? "") } else { options.append(names) }
        }
        leaves[words.joined(separator: " ")] = (options, positionals)
    }

    /// What no use has shown, one line each, of the commands that are meant.
    func missing(in uses: [[String]], of isMeant: (String) -> Bool = { _ in true }) -> [String] {
        leaves.keys.sorted().filter(isMeant).flatMap { command -> [String] in
            let words = command.split(separator: " ").map(String.init)
            let own = uses.filter { $0.starts(with: words) }.map { Array($0.dropFirst(words.count)) }
            guard !own.isEmpty, let leaf = leaves[command] else { return [command] }
            let used = Set(own.joined().map { $0.hasPrefix("--") ? String($0.prefix { $0 != "=" }) : $0 })
            let options = leaf.options.filter { names in
                !names.contains { used.contains(($0.count == 1 ? "-" : "--") + $0) }
            }
            var lines = options.map { "\(command) --\($0[0])" }
            // A value is never taken for another argument here: uses name their positional arguments first.
            let most = own.map { $0.prefix { !$0.hasPrefix("-") }.count }.max() ?? 0
            if most < leaf.positionals.count { lines.append("\(command) \(leaf.positionals[most].uppercased())") }
            return lines
        }
    }
}

extension Scenarios {
    @Suite(.serialized) struct VerbTests {
        /// A user who tries everything, and what he has tried.
        final class Tester {
            let user: WalletProcess
            private(set) var uses: [[String]] = []

            init(_ node: String) throws { user = try WalletProcess(node) }

            /// Something that was typed beside this.
            func note(_ line: [String]) { uses.append(line) }

            /// Runs a verb, whose status must be `status`; any, if that is -2.
            @discardableResult
            func use(
                _ verb: String, _ arguments: [String] = [], _ options: [String] = [], input: String = "",
                status: Int32 = 0,
                seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
            ) async throws -> WalletProcess.Run {
                let line = verb.split(separator: " ").map(String.init) + arguments + options
                uses.append(line)
                // No home and no node but those of the options.
                let run = try await user.run(
                    line, input: input,
                    environment: ["CLOISTER_HOME": "", "CLOISTER_NODE": "", "HOME": "/nonexistent"],
                    seconds: seconds)
                #expect(status == -2 || run.status == status, "\(line): \(run)", sourceLocation: sourceLocation)
                return run
            }
        }

        /// The key of the node's validator is its enclave's: so finds who delegates to it.
        private func validatorKey(
            _ tester: Tester, _ node: NodeProcess, _ expected: [String], _ options: [String]
        ) async throws {
            let shown = try await ChildProcess.run(
                Programs.path("cloister-node"), ["keys", "show", "--home", node.home])
            let file = tester.user.folder.path("validator.json")
            let key = try #require(
                JSONReader.parse(Array(shown.output.utf8), limits: JSONLimits(bytesMax: 1 << 16))["pub_key"]?["value"]?
                    .string)
            try shown.output.write(toFile: file, atomically: true, encoding: .utf8)
            let chain = ["--chain-id", NodeProcess.chainID]
            for known in [chain, expected] {
                let verified = try await tester.use("evidence key", [file], options + known)
                #expect(verified.json["verdict"] == "accepted" && verified.json["pub_key"]?.string == key)
            }
            func refused(_ text: String, _ options: [String], _ code: String) async throws {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                let run = try await tester.use("evidence key", [file], options, status: 1)
                #expect(run.error?["code"]?.string == code, "\(run)")
            }
            let other = Base64.encode([UInt8](repeating: 7, count: 32))
            try await refused(shown.output.replacing(key, with: other), options + chain, "evidence_refused")
            let program = ["--expect-measurement", String(repeating: "0", count: 64)]
            try await refused(shown.output, options + chain + program, "evidence_refused")
            let root = ["--expect-root", String(repeating: "0", count: 64)]
            try await refused(shown.output, options + chain + root, "evidence_refused")
            try await refused(
                shown.output.replacing("\"evidence\"", with: "\"other\""), options + chain, "evidence_refused")
            try await refused(shown.output, options + ["--chain-id", "unknown-1"], "not_found")
            try await refused("{}", options + chain, "invalid_input")
        }

        /// As the node's operator sees it.
        private func identity(of node: NodeProcess) async throws -> String {
            let status = try await ChildProcess.run(
                Programs.path("cloister-node"), ["status", "--json", "--home", node.home])
            return try #require(try JSONReader.parse(Array(status.output.utf8))["identity"]?.string)
        }

        /// The network that runs, against what a publisher stated of its enclave's image, and against other statements.
        private func audited(_ tester: Tester) async throws {
            let programs = try await SignedPrograms()
            let node = try await programs.node(in: tester.user.folder.path("signed"))
            try await node.start(programs: programs.folder)
            let options = [
                "--node", node.url, "--chain-id", NodeProcess.chainID, "--home", tester.user.home, "--output", "json",
            ]
            let file = programs.manifest
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let publisher = try #require(
                text.split(separator: "\n").first { $0.hasPrefix("publisher ") }?.dropFirst(10))
            let told = ["--manifest", file, "--boundary", Repository.path("proto/boundary/v1")]
            let also = ["--also", String(repeating: "0f", count: 32)]
            let all = told + ["--publisher", String(publisher), "--max-age", "86400"] + also + options
            let accepted = try await tester.use("audit", [], all)
            #expect(accepted.json["verdict"] == "accepted", "\(accepted)")
            let subjects = accepted.json["checks"]?.array?.compactMap { $0["subject"]?.string } ?? []
            #expect(
                subjects.suffix(10) == [
                    "key", "age", "releases", "image", "signer", "maker", "holders", "approved", "publisher",
                    "boundary",
                ])

            func refused(_ options: [String], _ code: String, _ message: String) async throws {
                let run = try await tester.use("audit", [], options, status: 1)
                #expect(run.error?["code"]?.string == code, "\(run)")
                #expect(run.error?["message"]?.string?.hasPrefix(message) == true, "\(run)")
            }
            let another = ["--publisher", String(repeating: "0f", count: 32), "--max-age", "86400"]
            try await refused(told + another + options, "evidence_refused", "publisher: ")
            try await refused(["--max-age=-1"] + options, "evidence_refused", "age: ")
            try await refused(["--boundary", "x"] + options, "invalid_input", "--publisher, --boundary and --also")
            // The same bytes, signed as a later version or by somebody else: it runs as neither.
            let (statement, key) = (tester.user.folder.path("other.manifest"), tester.user.folder.path("other.pem"))
            let generated = try await ChildProcess.run(
                "/usr/bin/openssl", ["genpkey", "-algorithm", "ed25519", "-out", key])
            #expect(generated.ending == .exit(0), "\(generated)")
            for (signing, message) in [
                (["--version", "2"], "image: it runs in version 1"),
                (["--product", "9"], "image: it runs as product 1"),
                (["--key", key], "signer: it runs under another publisher's name"),
                (["--debug"], "image: a debug image"),
            ] {
                try await programs.sign(to: statement, signing)
                try await refused(
                    ["--manifest", statement, "--max-age", "86400"] + options, "evidence_refused", message)
            }
            let zeros = String(repeating: "0", count: 64)
            for expected in ["--expect-measurement", "--expect-root", "--expect-identity"] {
                let run = try await tester.use("audit", [], [expected, zeros] + options, status: 1)
                #expect(run.error?["code"]?.string == "evidence_refused", "\(run)")
            }
            // Who audits takes nobody's word.
            let word = try await tester.use("audit", [], ["--accept-nodes-word"] + told + options)
            #expect(word.json["verdict"] == "accepted", "\(word)")
            // Messages that nobody signed, an image that does not run, and a statement that was changed.
            let folder = tester.user.folder.path("boundary")
            try FileManager.default.copyItem(atPath: Repository.path("proto/boundary/v1"), toPath: folder)
            let messages = try String(contentsOfFile: folder + "/boundary.proto", encoding: .utf8)
            try (messages + "\n").write(toFile: folder + "/boundary.proto", atomically: true, encoding: .utf8)
            try await refused(
                ["--manifest", file, "--boundary", folder, "--max-age", "86400"] + options, "evidence_refused",
                "boundary: ")
            let development = try await ChildProcess.run(
                Repository.path("enclave-host/sign.sh"), [Programs.developmentEnclave, "--to", statement])
            #expect(development.ending == .exit(0), "\(development)")
            try await refused(
                ["--manifest", statement, "--max-age", "86400"] + options, "evidence_refused",
                "image: another program runs")
            try text.replacing("version 1", with: "version 2")
                .write(toFile: statement, atomically: true, encoding: .utf8)
            try await refused(["--manifest", statement] + options, "invalid_input", statement)
            #expect(try await node.stop() == .exit(0))
        }

        /// The quote of the node's enclave as a file, beside the lists that its launcher publishes.
        private func recorded(
            _ tester: Tester, _ node: NodeProcess, _ evidence: JSONValue, _ network: [String]
        ) async throws {
            let quote = try #require(evidence["quote"]?.string.flatMap { Base64.decode($0) })
            let (file, root) = (tester.user.folder.path("quote"), tester.user.folder.path("root.der"))
            try Data(quote).write(to: URL(fileURLWithPath: file))
            let last = String(decoding: quote, as: UTF8.self).components(separatedBy: "-----BEGIN CERTIFICATE-----")
                .last
            let certificate = try #require(last?.components(separatedBy: "-----END").first)
            let der = try #require(Base64.decode(certificate.filter { !$0.isWhitespace }))
            try Data(der).write(to: URL(fileURLWithPath: root))
            let options = [
                "--collateral", node.home + "/data/platform/simulated-collateral.pb", "--simulated-root", root,
                "--allow-status", "OutOfDate", "--json", "--at",
            ]
            let now = "\(Int(Date().timeIntervalSince1970))"
            let verified = try await tester.use("evidence verify", [file], options + [now])
            #expect(verified.json["verdict"] == "accepted" && verified.json["steps"]?.array?.count == 12)
            let early = try await tester.use("evidence verify", [file], options + ["2001-01-01T00:00:00Z"], status: 1)
            #expect(early.json["verdict"] != "accepted")
            // Held against the policy that the chain's state proves.
            let policy = try await tester.use(
                "evidence policy", [], network + ["--home", tester.user.home, "--output", "json"])
            #expect(
                policy.json["asks"]?.array?.contains("kinds: sgx") == true && policy.json["collateral"] == "not needed")
            let record = tester.user.folder.path("policy")
            try #require(policy.json["record"]?.string).write(toFile: record, atomically: true, encoding: .utf8)
            let held = try await tester.use("evidence verify", [file], options + [now, "--policy", record])
            #expect(held.json["verdict"] == "accepted")
            try await recordedTPM(tester)
        }

        /// A quote of a software TPM, as `tpm2_quote` writes it.
        private func recordedTPM(_ tester: Tester) async throws {
            let facts = try JSONReader.parse(
                [UInt8](Data(contentsOf: URL(filePath: Repository.path("Tests/Fixtures/tpm-quotes.json")))),
                limits: JSONLimits(bytesMax: 65_536))
            func file(_ name: String, _ value: JSONValue?) throws -> String {
                let path = tester.user.folder.path(name)
                try Data(#require(value?.string.flatMap { Base64.decode($0) })).write(to: URL(fileURLWithPath: path))
                return path
            }
            let quote = try #require(facts["quotes"]?["ecdsa"])
            let values = try #require(quote["values"]?.string.flatMap { Base64.decode($0) })
            let message = try file("tpm.msg", quote["message"])
            let asked = [
                "--signature", try file("tpm.sig", quote["signature"]), "--qualifying-data",
                String(repeating: "ab", count: 32), "--json",
            ]
            let key = ["--attestation-key", try file("tpm.pem", facts["keys"]?["ecdsa"])]
            let registers = [0, 7, 10].enumerated().flatMap { index, register in
                ["--pcr", "\(register)=" + Hexadecimal.encode(values[(32 * index)..<(32 * index + 32)])]
            }
            let verified = try await tester.use("evidence verify", [message], asked + key + registers)
            #expect(verified.json["verdict"] == "accepted" && verified.json["steps"]?.array?.count == 8)
            let certificates = try #require(facts["certificates"]?.array).enumerated().flatMap { index, certificate in
                ["--certificate", try file("tpm-\(index).der", certificate)]
            }
            let under = ["--certificate-root", try file("tpm-root.der", facts["root"])] + certificates
            let time = ["--at", try #require(facts["verifyAt"]?.uint64.map { String($0) })]
            let some = ["--pcr-values", try file("tpm.values", quote["values"])] + registers.prefix(2)
            let certified = try await tester.use("evidence verify", [message], asked + under + time + some)
            #expect(certified.json["verdict"] == "accepted")
            let wrong = ["--pcr", "7=" + String(repeating: "00", count: 32), "--pcr-values", some[1]]
            let refused = try await tester.use("evidence verify", [message], asked + key + wrong, status: 1)
            #expect(refused.output.contains("registerDiffers(7)"), "\(refused)")
        }

        @Test("every verb of the wallet runs, with each of its options")
        func everyVerb() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let tester = try Tester(node.url)
            let dump = try await tester.user.run(["--experimental-dump-help"])
            let tree = try CommandTree(dump: dump.json)
            #expect(tree.leaves.count >= 33)

            let evidence = try await node.client.get("/cloister/v1/evidence")
            let hexadecimal = { (json: JSONValue?) throws -> String in
                Hexadecimal.encode(try #require(json?.string.flatMap { Base64.decode($0) }))
            }
            let json = ["--output", "json"]
            let home = ["--home", tester.user.home]
            let keyring = home + ["--keyring-backend", "test"]
            let reading = json + ["--node", node.url]
            let network =
                ["--node", node.url, "--chain-id", NodeProcess.chainID, "--accept-nodes-word"] + [
                    "--expect-identity", try await identity(of: node), "--expect-measurement",
                    try hexadecimal(evidence["measurement"]), "--expect-root",
                    try hexadecimal(evidence["identity"]?["attestation_roots"]?[0]?["spki_sha256"]),
                ]
            // Whoever pays for himself needs no allowance.
            let payer = ["--fee-granter", "\(try Person.a.address)"]
            let sending = network + keyring + json + ["--from", "a", "--gas-price", "0.0125"] + payer

            // Keys.
            try await tester.use("keys add", ["a"], keyring + json + ["--recover"], input: Person.a.mnemonic + "\n")
            let made = try await tester.use("keys add", ["new"], keyring + json)
            #expect(made.json["mnemonic"]?.string?.split(separator: " ").count == 24)
            let list = try await tester.use("keys list", [], keyring + json)
            #expect(list.json.array?.compactMap { $0["name"]?.string } == ["a", "new"])
            let shown = try await tester.use("keys show", ["new"], keyring + json + ["--address"])
            #expect(shown.output == "\(made.json["address"]?.string ?? "")\n")
            let kept = try await tester.use("keys delete", ["new"], keyring, input: "n\n", status: 1)
            #expect(kept.errors.contains("Remove key new") && kept.errors.contains("key new was kept"))
            try await tester.use("keys delete", ["new"], keyring, status: 1)
            #expect(try await tester.use("keys list", [], keyring + json).json.array?.count == 2)
            try await tester.use("keys delete", ["new"], keyring + ["--yes"])
            #expect(try await tester.use("keys list", [], keyring + json).json.array?.count == 1)

            // Evidence.
            let verdict = try await tester.use("evidence show", [], network + home + json)
            #expect(verdict.json["verdict"] == "accepted" && verdict.json["known"] == "not yet")
            #expect(try await tester.use("evidence verify", [], network + home + json).json["known"] == "the same key")
            #expect(try await tester.use("evidence known", [], home + json).json.array?.count == 1)
            try await validatorKey(tester, node, Array(network.suffix(4)), home + json)
            try await recorded(tester, node, evidence, network)
            try await audited(tester)
            try await tester.use("evidence forget", [NodeProcess.chainID], home)

            // Coins.
            let receiver = "\(try Person.b.address)"
            let before = try await node.balance(try Person.b.address)
            let sent = try await tester.use("tx bank send", [receiver, "1.5scrt"], sending + ["--gas", "auto"])
            #expect(sent.json["code"] == 0)
            #expect(try await node.balance(try Person.b.address) == before + 1_500_000)
            let unknown = try await tester.use("tx bank send", [receiver, "1moon"], sending, status: 1)
            #expect(unknown.error?["message"]?.string?.hasPrefix("there is no coin moon on this chain") == true)

            // Contracts.
            let code = CounterContract.codeFile
            let stored = try await tester.use(
                "tx compute store", [code],
                sending + [
                    "--source", "https://example.org/x", "--builder", "example/builder:1", "--gas", "2000000",
                    "--gas-profile", try profile(in: tester.user.folder),
                ])
            #expect(stored.json["code_id"] == "1", "\(stored)")
            try await tester.use("tx compute store", [code], sending)
            let codeHash = ["--code-hash", SHA256.hash(Repository.contract("counter")).description]
            let explaining = ["--explain", "--symbols", code] + codeHash
            let instance = try await tester.use(
                "tx compute instantiate", ["1", #"{"count":41}"#],
                sending + explaining
                    + [
                        "--label", "verbs", "--admin", "\(try Person.a.address)", "--amount", "3uscrt", "--gas",
                        "300000",
                    ])
            let contract = try #require(instance.json["contract_address"]?.string, "\(instance)")
            let called = try await tester.use(
                "tx compute execute", [contract, #"{"increment":{}}"#],
                sending + explaining + ["--amount", "0.000001scrt", "--gas", "200000"])
            #expect(called.json["answers"]?[0]?.string == #"{"count":42}"#, "\(called)")
            let hash = try #require(called.json["txhash"]?.string)
            // Nothing is said to whom a message is not for.
            let other = ["--code-hash", String(repeating: "0f", count: 32)]
            for (verb, arguments) in [("tx compute execute", [contract]), ("tx compute migrate", [contract, "2"])] {
                let run = try await tester.use(verb, arguments + ["{}"], sending + other, status: -2)
                #expect(run.status != 0 && run.error?["message"]?.string?.contains("and not 0f0f") == true, "\(run)")
            }
            let admin = sending + ["--gas", "100000"]
            try await tester.use(
                "tx compute migrate", [contract, "2", "{}"], sending + explaining + ["--gas", "200000"])
            try await tester.use("tx compute update-admin", [contract, receiver], admin)
            try await tester.use("tx compute clear-admin", [contract], admin, status: 2)
            let answer = try await tester.use(
                "query compute query", [contract, #"{"get_count":{}}"#],
                network + home + json + ["--max-age", "86400"] + codeHash)
            #expect(answer.json["count"] == 42)
            let explained = try await tester.use(
                "query compute tx", [hash], network + home + json + ["--symbols", code])
            #expect(explained.json["messages"]?[0]?["message"]?.string == #"{"increment":{}}"#)

            // The network's seeds: what is no evidence gets none, and so the log stays empty.
            let certificate = tester.user.folder.path("no.evidence")
            try "no evidence".write(toFile: certificate, atomically: true, encoding: .utf8)
            let digits = String(repeating: "0f", count: 32)
            let refused = try await tester.use(
                "tx register auth", [certificate], sending + ["--replaces", digits, "--gas", "200000"], status: 2)
            #expect(refused.output.contains("the certificate cannot be read"), "\(refused)")
            let collateral = ["--collateral", node.home + "/data/platform/simulated-collateral.pb"]
            _ = try await tester.use("tx register auth", [certificate], sending + collateral, status: 1)
            let watched = try await tester.use(
                "watch releases", [],
                ["--known", digits, "--measurement", digits, "--once", "--interval", "1"] + network + home + json)
            #expect(watched.errors.hasPrefix("0 releases"), "\(watched)")
            let stale = try await tester.use(
                "watch releases", [], ["--max-age=-1", "--once"] + network + home + json, status: 4)
            #expect(stale.errors.hasPrefix("STALE: the node proves the log by header"), "\(stale)")

            // The chain.
            #expect(try await tester.use("query account", [receiver], reading).json["account"] != nil)
            #expect(try await tester.use("query bank balances", [receiver], reading).json["balances"] != nil)
            let transaction = try await tester.use("query tx", [hash], reading)
            #expect(transaction.json["txhash"]?.string == hash && transaction.json["tx_response"] == nil)
            #expect(transaction.json["tx"]?["body"]?["messages"]?.array?.count == 1)
            let block = try await tester.use("query block", ["1"], reading)
            #expect(block.json.object?.map(\.0) == ["block_id", "block"])
            #expect(try await tester.use("query block", [], reading).json["block"] != nil)
            #expect(try await tester.use("query compute list-code", [], reading).json["code_infos"]?.array?.count == 2)
            let info = try await tester.use("query compute contract", [contract], reading)
            #expect(info.json["contract_info"]?["admin"]?.string == receiver)
            #expect(try await tester.use("query compute contract-hash", [contract], reading).json["code_hash"] != nil)
            let ofCode = try await tester.use("query compute list-contract-by-code", ["2"], reading)
            #expect(ofCode.json["contract_infos"]?.array?.count == 1)
            let named = try await tester.use("query compute label", ["verbs"], reading)
            #expect(named.json["contract_address"]?.string == contract)
            let history = try await tester.use("query compute contract-history", [contract], reading)
            #expect(history.json["entries"]?.array?.count == 2)
            #expect(try await tester.use("status", [], reading).json["chain_id"]?.string == NodeProcess.chainID)
            let demo = try await tester.use("demo", [code], network + home)
            #expect(demo.output.contains(#"the caller sees    data  {"count":42}"#))

            try await documents(tester, node, network: network, keyring: keyring, payer: payer)

            // Programs that serve or build.
            let words = tester.user.folder.path("faucet.mnemonic")
            try Person.c.mnemonic.write(toFile: words, atomically: true, encoding: .utf8)
            let port = try freePorts(1)[0]
            // Its standard input ends at once.
            try await tester.use(
                "faucet", [],
                [
                    "--listen", "127.0.0.1", "--port", "\(port)", "--amount", "5scrt", "--mnemonic-file", words,
                    "--until-input-ends", "--log-format", "json", "--node", node.url,
                ], status: -1)
            let new = try await tester.use("contract new", ["thing"], ["--contracts", Repository.path("contracts")])
            #expect(new.output.hasPrefix("thing is ready"))
            let voting = try await tester.use(
                "contract new", ["ballot"], ["--template", "voting", "--contracts", Repository.path("contracts")])
            #expect(voting.output.hasPrefix("ballot is ready"))
            let counter = Repository.contractFile("counter")
            let story = tester.user.folder.path("counter.story")
            try #"instantiate {"count":5}"#.write(toFile: story, atomically: true, encoding: .utf8)
            #expect(try await tester.use("contract check", [counter]).output.contains("interface version 1"))
            #expect(try await tester.use("contract run", [counter, story]).output.contains("instantiate"))
            try await tester.use("contract build", status: 1)
            try await tester.use("contract test", ["thing"], ["--only", "words"], status: 1)
            try await tester.use("contract test", [], ["--native"], status: 1)
            try await tester.use("contract test", [], ["--engine"], status: 1)
            // There is no project in this folder.
            try await tester.use("contract schema", status: 1)
            try await tester.use(
                "contract watch", ["thing"],
                ["--deploy", "{}", "--migrate", "{}", "--from", "a", "--every", "50"] + network + keyring, status: 1)
            for form in ["--json", "--check", "--write"] {
                try await tester.use("contract leaks", ["contract"], [form], status: 1)
            }

            let backends = try await tester.use("research", ["list", "--json"])
            #expect(backends.json.array?.contains { $0["name"] == "launched" } == true)

            #expect(tree.missing(in: tester.uses, of: { !EconomyVerbTests.has($0) }).isEmpty)
            let others = tester.uses.filter { $0.first != "status" }
            #expect(tree.missing(in: others, of: { !EconomyVerbTests.has($0) }) == ["status"])
            #expect(try await node.stop() == .exit(0))
        }

        private func profile(in folder: TemporaryFolder) throws -> String {
            let path = folder.path("counter.gas")
            try "gas=1;i=200000".write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }

        @Test("an error with -o json is one line of JSON, and the status stays what it was")
        func errors() async throws {
            let user = try WalletProcess()
            let cases: [(arguments: [String], code: String, status: Int32)] = [
                (["status", "-o", "json"], "unreachable", 1),
                (["query", "tx", "12", "--output=json"], "invalid_input", 1),
                (["keys", "show", "nobody", "-o=json"], "not_found", 1),
                (["keys", "shown", "-o", "json"], "usage", 64), (["query", "block", "x", "-o", "json"], "usage", 64),
            ]
            for (arguments, code, status) in cases {
                let asJSON = try await user.run(arguments)
                #expect(asJSON.error?["code"]?.string == code, "\(asJSON)")
                #expect(asJSON.errors.split(separator: "\n").count == 1 && asJSON.output.isEmpty, "\(asJSON)")
                #expect(asJSON.status == status)
                let plain = try await user.run(
                    arguments.filter { !$0.hasPrefix("-o") && $0 != "json" && !$0.hasPrefix("--output") })
                #expect(plain.status == status && plain.error == nil, "\(plain)")
            }
        }

        @Test("keys lie in clear with a warning at the first, or under a passphrase; HOME is where they lie")
        func keyrings() async throws {
            let user = try WalletProcess()
            let mine = ["CLOISTER_HOME": "", "HOME": user.folder.path("me")]
            let first = try await user.run(["keys", "add", "one"], environment: mine)
            #expect(first.status == 0 && first.errors.contains("kept in clear"), "\(first)")
            #expect(FileManager.default.fileExists(atPath: user.folder.path("me/.cloister/keyring-test/one.json")))
            let second = try await user.run(["keys", "add", "two"], environment: mine)
            #expect(second.status == 0 && second.errors.isEmpty, "\(second)")
            let list = try await user.run(["keys", "list"], environment: mine)
            let entries = list.output.split(separator: "\n")
            #expect(entries.filter { $0.hasPrefix("- ") }.map(String.init) == ["- name: one", "- name: two"])
            #expect(entries.count == 8 && entries[1] == "  type: local")

            let file = ["--keyring-backend", "file"]
            let sealed = try await user.run(
                ["keys", "add", "a", "--recover"] + file, input: Person.a.mnemonic + "\ncorrect horse\n")
            #expect(sealed.status == 0 && !sealed.output.contains("mnemonic"), "\(sealed)")
            #expect(try await user.run(["keys", "add", "b"], input: "another horse\n").status == 1)
            // The home has this kind alone: it need not be named.
            let shown = try await user.run(["keys", "show", "a", "-a"])
            #expect(shown.output == "\(try Person.a.address)\n", "\(shown)")
            let node = try await NodeProcess()
            try await node.start()
            let send = ["tx", "bank", "send", "\(try Person.b.address)", "1uscrt", "--from", "a", "--node", node.url]
            let wrong = try await user.run(send, input: "wrong horse!\n")
            #expect(wrong.status == 1 && wrong.errors.contains("the passphrase does not open key a"), "\(wrong)")
            #expect(try await user.run(send).status == 1)
            let sent = try await user.run(send, input: "correct horse\n")
            #expect(sent.status == 0 && sent.output.contains("\ncode: 0\n"), "\(sent)")
            let other = try await user.run(["keys", "list"], environment: ["CLOISTER_KEYRING_BACKEND": "os"])
            #expect(other.status == 1 && other.errors.contains("neither test nor file"))
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a label with escape codes and a forged line is shown as it is written, in text, in JSON and in errors")
        func othersTexts() async throws {
            let label = "mine\u{1b}[2K\nadmin: secret1mallory\u{202e}"
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let contract = try await CounterContract.make(session, label: label)
            let receipt = try await session.send(
                [
                    BankMessage.send(
                        .init(from: session.wallet.address, to: session.wallet.address, amount: [Coin(1, "uscrt")])
                    ).any
                ],
                gas: 100_000, memo: label)
            let user = try WalletProcess(node.url)
            for command in [["query", "compute", "contract", "\(contract.address)"], ["query", "tx", receipt.hash]] {
                for form in [[], ["-o", "json"]] {
                    let run = try await user.run(command + form)
                    #expect(run.status == 0 && run.output.contains(#"\nadmin: secret1mallory\u202e"#), "\(run)")
                    #expect(!run.output.contains("\u{1b}") && !run.output.contains("\nadmin: secret1m"), "\(run)")
                    #expect(!run.output.unicodeScalars.contains { $0 != "\n" && Rendering.isUnsafe($0) })
                }
            }
            // The contract's own words in an error.
            try await user.recover(.b)
            let missing = try await user.run(["query", "compute", "label", label + "x"])
            #expect(missing.status == 1 && missing.errors.split(separator: "\n").count == 1, "\(missing)")
            #expect(!missing.errors.contains("\u{1b}"))
            #expect(try await node.stop() == .exit(0))
        }
    }
}
