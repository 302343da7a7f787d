import Foundation
import Glibc
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// Every verb of `cloister-node` with every option, as it is typed. What there is to type comes from the program
/// itself, so an option that no test gives is a failure here.
extension Scenarios {
    @Suite(.serialized) struct NodeCommandTests {
        /// Runs the program and remembers what was given to it.
        final class Typist {
            private(set) var typed: Set<String> = []
            let folder: TemporaryFolder

            init() throws { folder = TemporaryFolder("typed") }

            func run(_ verb: String, _ arguments: String...) async throws -> (
                ending: ChildProcess.Ending, output: String
            ) {
                try await run(verb, arguments)
            }

            func run(_ verb: String, _ arguments: [String]) async throws -> (
                ending: ChildProcess.Ending, output: String
            ) {
                note(verb, arguments)
                return try await ChildProcess.run(
                    Programs.path("cloister-node"), verb.split(separator: " ").map(String.init) + arguments)
            }

            func start(_ verb: String, _ arguments: [String], log: String) throws -> ChildProcess {
                note(verb, arguments)
                return try ChildProcess(
                    Programs.path("cloister-node"), [verb] + arguments, log: folder.path(log))
            }

            private func note(_ verb: String, _ arguments: [String]) {
                typed.insert(verb)
                for argument in arguments where argument.hasPrefix("--") { typed.insert(verb + " " + argument) }
            }
        }

        @Test("every verb of cloister-node with each of its options does what it says")
        func everyOption() async throws {
            let typist = try Typist()
            let home = typist.folder.path("home")
            let (first, second) = (try Person.a.address, try Person.b.address)

            // init
            let poor = try await typist.run(
                "init", "typed", "--chain-id", "typed-1", "--stake", "\(first)=5uscrt", "--home", home)
            #expect(poor.ending == .exit(64) && poor.output.contains("1000000uscrt or more"), "\(poor.output)")
            let made = try await typist.run(
                "init", "typed \"node\"", "--chain-id", "typed-1", "--account", "\(first)=1000000uscrt,20denom",
                "--account", "\(second)=5uscrt", "--confinement", "jit", "--home", home)
            #expect(made.ending == .exit(0), "\(made.output)")
            let again = try await typist.run("init", "typed", "--chain-id", "typed-1", "--home", home)
            #expect(again.ending == .exit(64) && again.output.contains("there is a node in"))

            try await keys(typist)
            try await founders(typist)
            try await stakers(typist)

            // config
            let valid = try await typist.run("config validate", "--home", home)
            #expect(valid.ending == .exit(0) && valid.output.contains("a node can start"), "\(valid)")

            // status and start
            let ports = try freePorts(2)
            let file = home + "/config/node.toml"
            try String(contentsOfFile: file, encoding: .utf8)
                .replacing("port = 1317", with: "port = \(ports[0])")
                .replacing("port = 26660", with: "port = \(ports[1])")
                .write(toFile: file, atomically: true, encoding: .utf8)
            let silent = try await typist.run("status", "--home", home)
            #expect(silent.ending == .exit(75) && silent.output.contains("the node does not answer on"), "\(silent)")
            let alone = try await typist.run(
                "start", "--home", home, "--trust-height", "7", "--trust-hash", String(repeating: "0", count: 64))
            #expect(
                alone.ending == .exit(64) && alone.output.contains("needs a node that shows the header"), "\(alone)")
            let node = try typist.start("start", ["--home", home, "--engine", "embedded"], log: "start")
            let client = ChainClient(node: "http://127.0.0.1:\(ports[0])", timeoutSeconds: 20)
            try await wait(for: "the node to serve") {
                (try? await client.get("/cosmos/base/tendermint/v1beta1/blocks/latest")) != nil
            }
            let status = try await typist.run("status", "--json", "--home", home)
            #expect(status.ending == .exit(0), "\(status)")
            let read = try await typist.run("status", "--home", home)
            for words in ["chain      typed-1, height ", "consensus  height ", ", power 10", "enclave    answers"] {
                #expect(read.ending == .exit(0) && read.output.contains(words), "\(words)\n\(read.output)")
            }
            let shown = try JSONReader.parse(Array(status.output.utf8))
            #expect(shown["chain_id"] == "typed-1" && shown["moniker"] == #"typed "node""#)
            #expect((shown["height"]?.string.flatMap { Int($0) } ?? 0) > 0 && shown["app_hash"]?.string != nil)
            let balances = try await client.get("/cosmos/bank/v1beta1/balances/\(first)")["balances"]
            #expect(
                balances == [["denom": "denom", "amount": "20"], ["denom": "uscrt", "amount": "1000000"]],
                "\(String(describing: balances))")
            let info = try await client.get("/cosmos/base/tendermint/v1beta1/node_info")["default_node_info"]
            let version = try await ChildProcess.run(Programs.path("cloister-node"), ["--version"])
            let application = try await client.get("/cosmos/base/tendermint/v1beta1/node_info")["application_version"]
            // The program says its commit besides, if make built it in a checkout.
            let release = version.output.split { $0 == " " || $0 == "\n" }.first.map(String.init)
            #expect(version.ending == .exit(0) && application?["version"]?.string == release)
            #expect(info?["listen_addr"] == "" && info?["other"]?["rpc_address"] == "")
            let well = try await typist.run("doctor", "--home", home)
            #expect(well.ending == .exit(0) && well.output.contains("and is ready"), "\(well)")
            let findings = try await typist.run("doctor", "--json", "--home", home)
            #expect(try JSONReader.parse(Array(findings.output.utf8)).array?.count ?? 0 > 7, "\(findings)")
            let reloaded = try await typist.run("reload", "--home", home)
            #expect(reloaded.ending == .exit(0), "\(reloaded)")
            try await wait(for: "the settings to be read again") { node.output.contains("settings read again") }
            node.send(SIGTERM)
            #expect(try await node.ending() == .exit(0))

            // Its standard input is empty, so it ends at once, in order or before it is up.
            let supervised = try typist.start(
                "start", ["--until-input-ends", "--log-format", "json", "--home", home], log: "supervised")
            let ending = try await supervised.ending()
            #expect(ending == .exit(0) || ending == .signal(SIGTERM))

            // export
            let printed = try await typist.run("export", "--home", home)
            #expect(printed.ending == .exit(0) && printed.output.contains("\"initial_height\""), "\(printed)")
            let exported = typist.folder.path("exported.json")
            let written = try await typist.run("export", "--home", home, "--height", "1", "--output", exported)
            #expect(written.ending == .exit(0) && !written.output.contains("initial_height"), "\(written)")
            let genesis = try JSONReader.parse(Array(Data(contentsOf: URL(fileURLWithPath: exported))))
            #expect(genesis["initial_height"] == "2" && genesis["chain_id"] == "typed-1")

            let also = try await typist.run("genesis export", "--home", home, "--height", "1", "--output", exported)
            #expect(also.ending == .exit(0), "\(also)")

            // backup, restore, compact
            let copy = typist.folder.path("copy")
            let copied = try await typist.run("backup", copy, "--home", home)
            #expect(copied.ending == .exit(0) && copied.output.contains("chain typed-1, state at height"), "\(copied)")
            let both = try await typist.run("restore", copy, "--keep-blocks", "--blocks", copy, "--home", home)
            #expect(both.ending == .exit(64) && both.output.contains("either --keep-blocks or --blocks"), "\(both)")
            let kept = try await typist.run("restore", copy, "--keep-blocks", "--home", home)
            #expect(kept.ending == .exit(0) && kept.output.contains("blocks as they were"), "\(kept)")
            let compacted = try await typist.run("compact", "--home", home)
            #expect(compacted.ending == .exit(0) && compacted.output.contains("state: "), "\(compacted)")

            // light
            let light = [
                "typed-1", "--primary", "127.0.0.1:\(ports[1])", "--trust-height", "1", "--trust-hash",
                String(repeating: "0", count: 64), "--trust-period", "24h0m0s", "--every", "1",
            ]
            let unshown = try await typist.run("light", light + ["--witnesses", "127.0.0.1:\(ports[1])"])
            #expect(
                unshown.ending == .exit(75) && unshown.output.contains("does not show the header of height 1"),
                "\(unshown)")
            let unwitnessed = try await typist.run("light", light + ["--witnesses", ""])
            #expect(
                unwitnessed.ending == .exit(64) && unwitnessed.output.contains("--witnesses: at least one"),
                "\(unwitnessed)")

            // simulate
            let simulated = try await typist.run(
                "simulate", "--seed", "7", "--seeds", "2", "--nodes", "4", "--heights", "2", "--attack", "none",
                "--verbose")
            #expect(simulated.ending == .exit(0), "\(simulated)")
            let talking = try await typist.run("simulate", "--reactors", "--heights", "2", "--attack", "none")
            #expect(talking.ending == .exit(0), "\(talking)")
            let defective = try await typist.run("simulate", "--defect", "nothing-like-it")
            #expect(defective.ending == .exit(64) && defective.output.contains("no such defect"), "\(defective)")

            // localnet
            let own = try freePorts(5).map(String.init)
            let net = try typist.start(
                "localnet",
                [
                    "--home", typist.folder.path("net"), "--chain-id", "typed-2", "--rest-port", own[0],
                    "--faucet-port",
                    own[1], "--metrics-port", own[2], "--rpc-port", own[3], "--grpc-port", own[4], "--demo",
                    CounterContract.codeFile, "--development-enclave", "--log-format", "json", "--keep",
                ], log: "localnet")
            try await wait(seconds: 90, for: "localnet to serve") {
                guard net.isRunning else { throw ChildProcess.Failure(description: net.output) }
                return net.output.contains("Serving:")
            }
            #expect(net.output.contains("the caller sees"))
            #expect(net.output.contains("http://127.0.0.1:\(own[3]) (CometBFT's"))
            let rpc = ChainClient(node: "http://127.0.0.1:\(own[3])", timeoutSeconds: 20)
            #expect(try await rpc.get("/status")["result"]?["node_info"]?["network"] == "typed-2")
            #expect(net.output.contains("cloister-enclave-development: tells callers"))
            let netStatus = try await typist.run("status", "--json", "--home", typist.folder.path("net"))
            #expect(try JSONReader.parse(Array(netStatus.output.utf8))["chain_id"] == "typed-2")
            let faucet = ChainClient(node: "http://127.0.0.1:\(own[1])", timeoutSeconds: 20)
            #expect(try await faucet.get("/status")["faucet_address"] != nil)
            let metrics = try RawConnection(port: Int(own[2])!)
            metrics.write(Array("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(metrics.read().hasPrefix("HTTP/1.1 200"))
            net.send(SIGINT)
            #expect(try await net.ending() == .exit(0))
            let said = try LogGrammar.json(net.output)
            #expect(said.contains { $0["message"] == "block" && ($0["gas"]?.uint64 ?? 0) > 100_000 }, "\(net.output)")
            let ofNode = try LogGrammar.json(
                String(contentsOfFile: typist.folder.path("net/node.log"), encoding: .utf8))
            #expect(ofNode.contains { $0["source"] == "enclave" && $0["level"] == "notice" })
            _ = try LogGrammar.json(String(contentsOfFile: typist.folder.path("net/faucet.log"), encoding: .utf8))

            try await testnet(typist)

            // register; JoiningTests has what becomes of it
            let joined = typist.folder.path("joined")
            let born = try Data(contentsOf: URL(fileURLWithPath: home + "/config/genesis.json"))
            let toJoin = try await typist.run(
                "init", "joined", "--join", "http://127.0.0.1:1", "--genesis", home + "/config/genesis.json",
                "--genesis-hash", Hexadecimal.encode(SHA256.hash(Array(born)).bytes), "--maker",
                home + "/data/platform", "--home", joined)
            #expect(toJoin.ending == .exit(0) && toJoin.output.contains("of chain typed-1"), "\(toJoin)")
            let unanswered = try await typist.run(
                "register", "--home", joined, "--from", "a", "--wallet", typist.folder.path("wallet"), "--patience",
                "1",
                "--replaces", String(repeating: "0", count: 64))
            #expect(unanswered.ending == .exit(75) && unanswered.output.contains("does not answer"), "\(unanswered)")

            // upgrade-enclave and keys hand-over; TakeOverTests has what becomes of them
            let same = try await typist.run(
                "upgrade-enclave", "--home", home, "--from", "a", "--wallet", typist.folder.path("wallet"),
                "--patience", "1")
            #expect(same.ending == .exit(0) && same.output.contains("runs this node already"), "\(same)")
            let nobody = try await typist.run(
                "keys hand-over", "--home", home, "--to", String(repeating: "0", count: 64))
            #expect(nobody.ending == .exit(64) && nobody.output.contains("no enclave was registered"), "\(nobody)")

            let all = try await Self.options()
            #expect(all.count > 10)
            #expect(all.subtracting(typist.typed).isEmpty, "no test types \(all.subtracting(typist.typed).sorted())")
            #expect(typist.typed.subtracting(all).isEmpty)
        }

        /// Two founders; `FoundingTests` has what becomes of it.
        private func founders(_ typist: Typist) async throws {
            let (one, two) = (typist.folder.path("one"), typist.folder.path("two"))
            let drafted = try await typist.run(
                "genesis draft", "one", "--chain-id", "typed-4", "--account", "\(try Person.a.address)=1uscrt",
                "--root",
                String(repeating: "ab", count: 32), "--profile", "development", "--home", one)
            #expect(drafted.ending == .exit(0) && drafted.output.contains("every founder needs it"), "\(drafted)")
            let first = try await typist.run(
                "genesis founder", "one", "--power", "3", "--output", one + ".json", "--home", one)
            #expect(first.ending == .exit(0), "\(first)")
            let weak = try await typist.run("genesis founder", "two", "--power", "0", "--home", one)
            #expect(weak.ending == .exit(64) && weak.output.contains("above zero"), "\(weak)")
            let second = try await typist.run(
                "genesis founder", "two", "--draft", one + "/config/genesis-draft.json", "--maker",
                one + "/data/platform", "--output", two + ".json", "--home", two)
            #expect(second.ending == .exit(0), "\(second)")
            let collected = try await typist.run("genesis collect", one + ".json", two + ".json", "--home", one)
            #expect(collected.ending == .exit(0) && collected.output.contains("power 3 one"), "\(collected)")
            let wrong = try await typist.run(
                "genesis accept", one + "/config/genesis.json", "--genesis-hash", String(repeating: "0", count: 64),
                "--home", two)
            #expect(wrong.ending == .exit(65), "\(wrong)")
            let accepted = try await typist.run("genesis accept", one + "/config/genesis.json", "--home", two)
            #expect(accepted.ending == .exit(0) && accepted.output.contains("can start"), "\(accepted)")
            let valid = try await typist.run("config validate", "--home", two)
            #expect(valid.ending == .exit(0), "\(valid)")
        }

        /// Two validators on this machine make blocks together, and each weighs what it stakes.
        private func testnet(_ typist: Typist) async throws {
            let folder = typist.folder.path("validators")
            let refused = try await typist.run(
                "testnet", folder, "--validators", "65", "--machine", "10.0.0.192", "--port", "65533")
            for words in [
                "--validators 65: must be", "--machine 10.0.0.192: must be", "--port 65533: there is no port",
            ] {
                #expect(refused.ending == .exit(64) && refused.output.contains(words), "\(words)\n\(refused.output)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder))
            // Below the ports that the system gives away by itself.
            let port = 21_000 + Int(getpid() % 400) * 20
            let made = try await typist.run(
                "testnet", folder, "--validators", "2", "--chain-id", "typed-9", "--stake", "3000000", "--account",
                "\(try Person.a.address)=5uscrt", "--port", String(port))
            #expect(made.ending == .exit(0) && made.output.contains("RPC at \(port + 11)"), "\(made.output)")
            let again = try await typist.run("testnet", folder)
            #expect(again.ending == .exit(64) && again.output.contains("there is something already"), "\(again)")
            let nodes = try (0..<2).map {
                try typist.start("start", ["--home", folder + "/node\($0)"], log: "validator\($0)")
            }
            let client = ChainClient(node: "http://127.0.0.1:\(port + 12)", timeoutSeconds: 20)
            try await wait(seconds: 90, for: "two validators to make blocks") {
                let latest = try? await client.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
                return latest?["block"]?["header"]?["height"]?.string.flatMap { Int($0) } ?? 0 > 3
            }
            let validators = try await client.get("/cosmos/staking/v1beta1/validators")["validators"]?.array ?? []
            #expect(validators.map { $0["tokens"] } == ["3000000", "3000000"])
            let set = try await client.get("/cosmos/staking/v1beta1/historical_info/2")["hist"]
            #expect(set?["header"]?["chain_id"] == "typed-9" && set?["valset"]?.array?.count == 2)
            let rich = try await client.get(
                "/cosmos/bank/v1beta1/balances/\(try Person.a.address)/by_denom?denom=uscrt")
            #expect(rich["balance"]?["amount"] == "5")
            for node in nodes { node.send(SIGTERM) }
            for node in nodes { #expect(try await node.ending() == .exit(0)) }
        }

        /// Two founders who weigh what they stake; `Tests/Testnet/staking.py` has what becomes of it.
        private func stakers(_ typist: Typist) async throws {
            let (one, two, wallet) = (typist.folder.path("s1"), typist.folder.path("s2"), typist.folder.path("stakers"))
            let folder = wallet + "/keyring-test"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for person in [Person.a, .b] {
                try #"{"mnemonic":"\#(person.mnemonic)","name":"\#(person)"}"#
                    .write(toFile: "\(folder)/\(person).json", atomically: false, encoding: .utf8)
            }
            let drafted = try await typist.run(
                "genesis draft", "one", "--chain-id", "typed-5", "--account", "\(try Person.a.address)=5000000uscrt",
                "--staked", "--unbonding-time", "600s", "--home", one)
            #expect(drafted.ending == .exit(0), "\(drafted)")
            let other = "\(try Person.b.address)=3000000uscrt"
            let added = try await typist.run("genesis add-account", other, "--home", one)
            #expect(added.ending == .exit(0) && added.output.contains("has 2 accounts"), "\(added)")
            let again = try await typist.run("genesis add-account", other, "--home", one)
            #expect(again.ending == .exit(64) && again.output.contains("is in the draft already"), "\(again)")
            let locked = [
                "\(try Person.c.address)=9000000uscrt", "--vesting-amount", "8000000uscrt", "--vesting-start-time",
                "2027-01-01T00:00:00Z", "--home", one,
            ]
            let endless = try await typist.run("genesis add-account", locked)
            #expect(endless.ending == .exit(64) && endless.output.contains("--vesting-end-time"), "\(endless)")
            let early = try await typist.run("genesis add-account", locked + ["--vesting-end-time", "1000"])
            #expect(early.ending == .exit(64) && early.output.contains("later than the start"), "\(early)")
            let vesting = try await typist.run(
                "genesis add-account", locked + ["--vesting-end-time", "2029-01-01T00:00:00Z"])
            #expect(vesting.ending == .exit(0) && vesting.output.contains("has 3 accounts"), "\(vesting)")
            let draft = try String(contentsOfFile: one + "/config/genesis-draft.json", encoding: .utf8)
            #expect(draft.contains("/cosmos.vesting.v1beta1.ContinuousVestingAccount"))
            let nothing = try await typist.run("genesis founder", "one", "--power", "3", "--home", one)
            #expect(nothing.output.contains("use `cloister-node genesis gentx`"), "\(nothing)")
            let signing = ["--wallet", wallet, "--home", one, "--output", one + ".json"]
            let poor = try await typist.run("genesis gentx", ["one", "6000000uscrt", "--from", "a"] + signing)
            #expect(poor.ending != .exit(0) && poor.output.contains("is smaller than"), "\(poor)")
            let first = try await typist.run(
                "genesis gentx",
                [
                    "one", "4000000uscrt", "--from", "a", "--commission-rate", "0.05", "--commission-max-rate", "0.5",
                    "--commission-max-change-rate", "0.02",
                ] + signing)
            #expect(first.ending == .exit(0), "\(first)")
            let second = try await typist.run(
                "genesis gentx", "two", "3000000uscrt", "--from", "b", "--wallet", wallet, "--draft",
                one + "/config/genesis-draft.json", "--maker", one + "/data/platform", "--output", two + ".json",
                "--home", two)
            #expect(second.ending == .exit(0), "\(second)")
            // Somebody else's stake under a founder's evidence.
            let text = { (path: String) in try String(contentsOfFile: path + ".json", encoding: .utf8) }
            let stakes = try [one, two].map { path in
                try #require(
                    JSONReader.parse(Array(text(path).utf8), limits: JSONLimits(bytesMax: 1 << 16))["stake"]?.string)
            }
            let forged = typist.folder.path("forged.json")
            try text(one).replacing(stakes[0], with: stakes[1]).write(toFile: forged, atomically: true, encoding: .utf8)
            let other2 = try await typist.run("genesis collect", forged, two + ".json", "--home", one)
            #expect(other2.ending == .exit(65) && other2.output.contains("the key of another validator"), "\(other2)")
            let collected = try await typist.run("genesis collect", one + ".json", two + ".json", "--home", one)
            #expect(collected.ending == .exit(0) && collected.output.contains("power 4 one"), "\(collected)")
            let accepted = try await typist.run("genesis accept", one + "/config/genesis.json", "--home", two)
            #expect(accepted.ending == .exit(0) && accepted.output.contains("power 3 two, this node"), "\(accepted)")
            let look = try await typist.run("genesis validate", "--home", two)
            #expect(look.ending == .exit(0) && look.output.contains("power 4 of 7 one, which it stakes"), "\(look)")
            let file = typist.folder.path("richer.json")
            try String(contentsOfFile: one + "/config/genesis.json", encoding: .utf8)
                .replacing("\"power\":\"4\"", with: "\"power\":\"5\"").write(
                    toFile: file, atomically: true, encoding: .utf8)
            let richer = try await typist.run("genesis validate", file, "--home", two)
            #expect(richer.ending == .exit(65) && richer.output.contains("not those who stake coins"), "\(richer)")
        }

        /// A validator's key goes from CometBFT's files into the enclave.
        private func keys(_ typist: Typist) async throws {
            let home = typist.folder.path("moved")
            let made = try await typist.run(
                "init", "moved", "--chain-id", "typed-3", "--home", home, "--signer", "file")
            #expect(made.ending == .exit(0), "\(made.output)")
            func shown() async throws -> JSONValue {
                let shown = try await typist.run("keys show", "--home", home)
                #expect(shown.ending == .exit(0), "\(shown)")
                return try JSONReader.parse(Array(shown.output.utf8))
            }
            let before = try await shown()
            #expect(before["signer"] == "file" && before["evidence"] == nil)
            let genesis = try JSONReader.parse(
                Array(Data(contentsOf: URL(fileURLWithPath: home + "/config/genesis.json"))))
            #expect(genesis["validators"]?.array?.first?["pub_key"] == before["pub_key"])

            let (key, state) = (home + "/config/priv_validator_key.json", home + "/data/priv_validator_state.json")
            let copy = typist.folder.path("copy.json")
            try FileManager.default.copyItem(atPath: key, toPath: copy)
            func write(state height: Int) throws {
                try #"{"height":"\#(height)","round":1,"step":2}"#
                    .write(toFile: state, atomically: true, encoding: .utf8)
            }
            try write(state: 3)
            let imported = try await typist.run("keys import", "--home", home)
            #expect(imported.ending == .exit(0) && imported.output.contains("priv_validator_key.json.imported"))
            #expect(!FileManager.default.fileExists(atPath: key))
            let settings = home + "/config/node.toml"
            let ports = try freePorts(2)
            try String(contentsOfFile: settings, encoding: .utf8)
                .replacing("port = 1317", with: "port = \(ports[0])")
                .replacing("port = 26660", with: "port = \(ports[1])")
                .replacing("signer = \"file\"", with: "signer = \"enclave\"")
                .write(toFile: settings, atomically: true, encoding: .utf8)
            let after = try await shown()
            #expect(after["signer"] == "enclave" && after["pub_key"] == before["pub_key"])
            #expect((after["evidence"]?.string?.utf8.count ?? 0) > 1000)

            // A second time: what the file says is later is refused, and an earlier record sets nothing back.
            try write(state: 4)
            let later = try await typist.run("keys import", "--home", home, "--key", copy, "--state", state)
            #expect(later.ending == .exit(77) && later.output.contains("somebody else signs with the key"), "\(later)")
            #expect(later.output.contains("signed last for height 3, round 1"), "\(later)")
            let node = try await ChildProcess.run(Programs.path("cloister-node"), ["start", "--home", home])
            #expect(node.ending == .exit(77) && node.output.contains("somebody else signs with the key"), "\(node)")
            try FileManager.default.removeItem(atPath: home + "/config/priv_validator_enclave.json")
            try write(state: 0)
            let again = try await typist.run("keys import", "--home", home, "--key", copy, "--state", state)
            #expect(again.ending == .exit(77) && again.output.contains("has a validator's key already"), "\(again)")
            #expect(FileManager.default.fileExists(atPath: copy))
        }

        @Test("init says all that is wrong with its arguments, and makes nothing")
        func refusals() async throws {
            let typist = try Typist()
            let (home, address) = (typist.folder.path("home"), try Person.a.address)
            let refused = try await typist.run(
                "init", "", "--chain-id", "bad id!", "--account", "\(address)=12", "--account", "secret1no=1uscrt",
                "--account", "uscrt", "--account", "\(address)=1uscrt,2uscrt", "--account", "\(address)=0uscrt",
                "--account", "\(address)=1u", "--account", "\(address)=1uscrt,", "--home", home)
            #expect(refused.ending == .exit(64))
            for words in [
                "the node's name \"\": must have 1 to 70 bytes", #"--chain-id "bad id!": must have"#,
                "12 has no denomination; did you mean 12uscrt?", "\"secret1no\" is no address",
                "--account \"uscrt\": must be ADDRESS=AMOUNT", "a denomination is given twice",
                "\"0uscrt\" must begin with an amount above zero", "\"u\" is no denomination",
                "\"\" must begin with an amount above zero",
            ] { #expect(refused.output.contains(words), "\(words)\n\(refused.output)") }
            let twice = try await typist.run(
                "init", "a", "--chain-id", "ok-1", "--account", "\(address)=1uscrt", "--account", "\(address)=2other",
                "--home", home)
            #expect(twice.ending == .exit(64) && twice.output.contains("is given twice"))
            #expect(!FileManager.default.fileExists(atPath: home))
            let net = try await typist.run("localnet", "--home", home, "--chain-id", "bad id!", "--rest-port", "70000")
            #expect(net.ending == .exit(64) && net.output.contains("--rest-port 70000: must be from 1 to 65535"))
            #expect(!FileManager.default.fileExists(atPath: home))
        }

        @Test("the help has the statuses with which the node ends")
        func help() async throws {
            let help = try await ChildProcess.run(Programs.path("cloister-node"), ["--help"])
            for status in ["0", "64", "65", "70", "75", "77"] {
                #expect(help.output.split(separator: "\n").contains { $0.hasPrefix("  \(status)  ") }, "\(help.output)")
            }
        }

        /// `verb` and `verb --option` for all that the parser knows.
        private static func options() async throws -> Set<String> {
            let dump = try await ChildProcess.run(Programs.path("cloister-node"), ["--experimental-dump-help"])
            let json = try JSONReader.parse(Array(dump.output.utf8))
            var options: Set<String> = []
            func add(_ command: JSONValue, _ words: [String]) {
                let subcommands = command["subcommands"]?.array ?? []
                for subcommand in subcommands where subcommand["commandName"] != "help" {
                    add(subcommand, words + [subcommand["commandName"]?.string ?? ""])
                }
                guard subcommands.isEmpty else { return }
                let verb = words.joined(separator: " ")
                options.insert(verb)
                for argument in command["arguments"]?.array ?? [] {
                    for name in argument["names"]?.array ?? [] {
                        guard let text = name["name"]?.string, name["kind"] == "long",
                            !["help", "version"].contains(text)
                        else {
                            continue
                        }
                        options.insert("\(verb) --\(text)")
                    }
                }
            }
            if let command = json["command"] { add(command, []) }
            return options
        }
    }
}
