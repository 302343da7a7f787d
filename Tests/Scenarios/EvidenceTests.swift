import Foundation
import LedgerRecords
import PublicCryptography
import StrictJSON
import Testing
import WalletClient

extension Scenarios {
    /// Whose key a user encrypts to, with a host in between that would like it to be its own.
    @Suite(.serialized) struct EvidenceTests {
        private static let txKey = "/registration/v1beta1/tx-key"
        private static let evidence = "/cloister/v1/evidence"
        private static let nodeInfo = "/cosmos/base/tendermint/v1beta1/node_info"
        private static let mallory = JSONValue.string(Base64.encode(SHA256.hash(Array("mallory".utf8)).bytes))
        private static let somebody = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"

        private static func question(_ contract: String) -> [String] {
            ["query", "compute", "query", contract, #"{"get_count":{}}"#, "-o", "json"]
        }

        private static func execution(_ contract: String) -> [String] {
            ["tx", "compute", "execute", contract, #"{"increment":{}}"#, "--from", "a", "-o", "json"]
        }

        /// What a user meant for a contract has not left his machine: neither a question nor a transaction.
        private func expectNothingSent(
            _ host: ManInTheMiddle, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let sent = host.seen.filter { $0.method == "POST" || $0.target.contains("/compute/v1beta1/query/") }
            #expect(sent.isEmpty, "\(what): \(sent.map(\.target))", sourceLocation: sourceLocation)
            #expect(!host.seen.isEmpty, "\(what)", sourceLocation: sourceLocation)
        }

        @Test("a host that swaps the network's key gets nothing to read, however it dresses it up")
        func swappedKey() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let contract = try await CounterContract.make(try await node.session(.b), count: 7)
            let (question, execution) = (
                Self.question("\(contract.address)"), Self.execution("\(contract.address)")
            )
            let host = ManInTheMiddle(node.url)
            try await host.start()
            let genuine = try await node.client.get(Self.evidence)
            let measurement = try #require(genuine["measurement"]?.string.flatMap { Base64.decode($0) })
            let root = try #require(
                genuine["identity"]?["attestation_roots"]?[0]?["spki_sha256"]?.string.flatMap { Base64.decode($0) })
            let key: ManInTheMiddle.Lie = { $0.replacing("key", with: Self.mallory) }
            let record = JSONValue.string(
                Base64.encode(RegisterStore.encodeMasterKey(SHA256.hash(Array("mallory".utf8)))))
            let own: ManInTheMiddle.Lie = { $0.replacing("io_exchange_key", with: Self.mallory) }
            let attacks: [(what: String, lies: [String: ManInTheMiddle.Lie], says: String)] = [
                ("the key alone", [Self.txKey: key], "gives out another key than the one its evidence is for"),
                ("the key without evidence", [Self.txKey: key, Self.evidence: { _ in nil }], "serves no evidence"),
                (
                    "the key in the evidence too", [Self.txKey: key, Self.evidence: own],
                    "key: the quote is over another key"
                ),
                (
                    "the record too",
                    [
                        Self.txKey: key,
                        Self.evidence: {
                            own($0)!.replacing("register_record", "io_exchange_record", with: record)
                        },
                    ], "key: the quote is over another key"
                ),
                (
                    "the record alone",
                    [Self.evidence: { $0.replacing("register_record", "io_exchange_record", with: record) }],
                    "record: the record is not proved"
                ),
                (
                    "another chain", [Self.evidence: { $0.replacing("identity", "chain_id", with: "other-1") }],
                    "chain: the evidence is of chain other-1"
                ),
                (
                    "another profile",
                    [Self.evidence: { $0.replacing("identity", "profile", with: "PROFILE_PRODUCTION") }],
                    "key: the quote is over another key"
                ),
                (
                    "another program", [Self.evidence: { $0.replacing("measurement", with: Self.mallory) }],
                    "program: the quote is of"
                ),
                (
                    "another root",
                    [
                        Self.evidence: {
                            $0.replacing(
                                "identity", "attestation_roots",
                                with: [
                                    ["name": "mine", "spki_sha256": Self.mallory, "kind": "ROOT_KIND_SIMULATED"]
                                ])
                        }
                    ], "quote: step 2, trustRoot: unknownRoot"
                ),
                (
                    "a simulated root as hardware",
                    [
                        Self.evidence: {
                            $0.replacing(
                                "identity", "attestation_roots",
                                with: [
                                    [
                                        "name": "intel", "spki_sha256": .string(Base64.encode(root)),
                                        "kind": "ROOT_KIND_HARDWARE",
                                    ]
                                ])
                        }
                    ], "quote: step 2, trustRoot: marksContradictRoot"
                ),
                (
                    "a record of the last height there is",
                    [
                        Self.evidence: {
                            $0.replacing("register_record", "height", with: .string(String(Int64.max)))
                        }
                    ], "record: the stores shown are not those of header"
                ),
                (
                    "a program that took the key over, and from whom",
                    [Self.evidence: { $0.replacing("founder_quote", with: genuine["quote"]!) }],
                    "key: the quote is over another key"
                ),
                (
                    "a maker of the key that nobody quoted",
                    [Self.evidence: { $0.replacing("founder_quote", with: Self.mallory) }],
                    "program: nothing shows whose the keys were"
                ),
                (
                    "other approved programs",
                    [Self.evidence: { $0.replacing("register_record", "policy_record", with: record) }],
                    "record: the record is not proved"
                ),
                ("no JSON of ours", [Self.evidence: { _ in ["quote": "AA=="] }], "evidence is not readable"),
            ]
            for attack in attacks {
                let user = try WalletProcess(host.url)
                try await user.recover(.a)
                for command in [question, execution] {
                    host.tell(attack.lies)
                    let run = try await user.run(command)
                    #expect(run.status == 1, "\(attack.what): \(run)")
                    #expect(
                        run.error?["message"]?.string?.contains(attack.says) == true, "\(attack.what): \(run.errors)")
                    #expect(run.output.isEmpty)
                    expectNothingSent(host, attack.what)
                }
                #expect(!FileManager.default.fileExists(atPath: user.home + "/known_chains.json"), "\(attack.what)")
            }

            // What the user knows beforehand is held against it.
            host.tell([:])
            let (right, wrong) = (
                (Hexadecimal.encode(measurement), Hexadecimal.encode(root)), String(repeating: "ab", count: 32)
            )
            for options in [
                ["--expect-measurement", wrong], ["--expect-root", wrong],
                ["--expect-root", right.1, "--expect-measurement", wrong],
            ] {
                let user = try WalletProcess(host.url)
                let run = try await user.run(question + options)
                #expect(run.status == 1 && run.errors.contains("is not the expected \(wrong)"), "\(run)")
                expectNothingSent(host, "\(options)")
            }
            let user = try WalletProcess(host.url)
            let careful = try await user.run(
                ["evidence", "verify", "-o", "json"],
                environment: ["CLOISTER_EXPECT_MEASUREMENT": right.0, "CLOISTER_EXPECT_ROOT": right.1])
            #expect(careful.status == 0 && careful.json["verdict"] == "accepted", "\(careful)")
            let later = try await user.run(question + ["--expect-root", wrong])
            #expect(later.status == 1 && later.errors.contains("the root of chain secretdev-1 is not the expected one"))

            // Who takes the node's word says so, and is held to it.
            let trusting = try WalletProcess(host.url)
            host.tell([Self.evidence: { _ in nil }])
            let taken = try await trusting.run(question + ["--accept-nodes-word"])
            #expect(taken.errors.contains("its word is taken for the key"), "\(taken)")
            #expect(taken.json["count"] == 7, "\(taken)")
            host.tell([Self.txKey: key])
            let swapped = try await trusting.run(question + ["--accept-nodes-word"])
            #expect(swapped.error?["code"] == "key_changed", "\(swapped)")
            host.tell([:])
            let verified = try await trusting.run(["evidence", "verify", "-o", "json"])
            #expect(verified.status == 1 && verified.error?["code"] == "evidence_refused", "\(verified)")
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a key that is known is kept, and any other is refused until the user says that the network is new")
        func pinnedKey() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let contract = try await CounterContract.make(try await node.session(.b), count: 7)
            let host = ManInTheMiddle(node.url)
            try await host.start()
            let place = host.url.dropFirst("http://".count)
            let port = place.drop { $0 != ":" }.dropFirst()
            let user = try WalletProcess(host.url)
            try await user.recover(.a)
            let question = ["query", "compute", "query", "\(contract.address)", #"{"get_count":{}}"#]

            // The first use says what is trusted, and that the platform is simulated; later ones say nothing.
            let first = try await user.run(question + ["-o", "json"])
            #expect(first.status == 0 && first.json["count"] == 7, "\(first)")
            #expect(first.errors.contains("chain secretdev-1 is used for the first time"))
            #expect(first.errors.contains("taken on trust; SIMULATED"))
            let second = try await user.run(question + ["-o", "json"])
            #expect(second.json["count"] == 7 && second.errors.isEmpty, "\(second)")
            let file = user.home + "/known_chains.json"
            let permissions = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(permissions == 0o600)
            let known = try await user.run(["evidence", "known", "-o", "json"])
            #expect(known.json[0]?["chain_id"] == "secretdev-1")
            #expect(known.json[0]?["proved"]?["root_is_simulated"] == true)

            // Another network of the same name, genuine in itself.
            let twin = try await NodeProcess()
            try await twin.start()
            var moved = user
            moved.node = twin.url
            let changed = try await moved.run(["query", "compute", "query", "\(contract.address)", "{}"])
            #expect(changed.status == 1, "\(changed)")
            #expect(changed.errors.hasPrefix("cloister: THE KEY OF CHAIN secretdev-1 HAS CHANGED"), "\(changed)")
            #expect(changed.errors.contains("\n  If it was made anew: cloister evidence forget secretdev-1"))
            #expect(try await moved.run(["evidence", "verify"]).status == 1)
            let shown = try await moved.run(["evidence", "show", "-o", "json"])
            #expect(shown.status == 0 && shown.json["verdict"] == "refused" && shown.json["known"] == "another key")

            // A swapped key, and a chain under another name.
            let swap: ManInTheMiddle.Lie = { $0.replacing("key", with: Self.mallory) }
            let call = [
                "tx", "compute", "execute", "\(contract.address)", #"{"increment":{}}"#, "--from", "a", "-o", "json",
            ]
            for command in [question + ["-o", "json"], call] {
                host.tell([Self.txKey: swap])
                let run = try await user.run(command)
                #expect(run.status == 1 && run.error?["code"] == "key_changed", "\(run)")
                expectNothingSent(host, "\(command)")
                host.tell([
                    Self.txKey: swap,
                    Self.nodeInfo: { $0.replacing("default_node_info", "network", with: "secretdev-2") },
                ])
                let renamed = try await user.run(command)
                #expect(
                    renamed.status == 1 && renamed.errors.contains("served chain secretdev-1 until now"), "\(renamed)")
                expectNothingSent(host, "\(command)")
            }

            // So under any spelling of the address, where it serves no evidence either and the user takes its word.
            for spelling in [
                "HTTP://\(place)", "http://\(place)//", "http://user@\(place)", "http://[::ffff:127.0.0.1]:\(port)",
            ] {
                host.tell([
                    Self.txKey: swap, Self.evidence: { _ in nil },
                    Self.nodeInfo: { $0.replacing("default_node_info", "network", with: "secretdev-2") },
                ])
                var respelled = user
                respelled.node = spelling
                let run = try await respelled.run(question + ["--accept-nodes-word"])
                #expect(run.status == 1 && run.errors.contains("served chain secretdev-1 until now"), "\(run)")
                expectNothingSent(host, spelling)
            }
            // And at an address of its own: the key belongs to one chain.
            host.tell([
                Self.evidence: { _ in nil },
                Self.nodeInfo: { $0.replacing("default_node_info", "network", with: "secretdev-2") },
            ])
            var elsewhere = user
            elsewhere.node = "http://localhost:\(port)"
            let borrowed = try await elsewhere.run(question + ["--accept-nodes-word"])
            #expect(
                borrowed.status == 1 && borrowed.errors.contains("gives out the key of chain secretdev-1"),
                "\(borrowed)")
            expectNothingSent(host, "a borrowed key")

            // The user says that the network is new.
            #expect(try await moved.run(["evidence", "forget", "secretdev-1"]).status == 0)
            #expect(try await moved.run(["evidence", "forget", "secretdev-1"]).status == 1)
            #expect(try await moved.run(["evidence", "verify"]).status == 0)
            host.tell([:])
            #expect(try await user.run(call).error?["code"] == "key_changed")
            #expect(try await twin.stop() == .exit(0))
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a chain that was met on trust is no chain of the expected root if it has another root, too")
        func otherRoot() async throws {
            let node = try await NodeProcess()
            let genesis = node.home + "/config/genesis.json"
            let text = try String(contentsOfFile: genesis, encoding: .utf8)
            let place = #""register":{"#
            #expect(text.contains(place))
            let policy =
                #""params":{"attestation_roots":[{"name":"other","spki_sha256":"\#(String(repeating: "ab", count: 32))","#
                + #""kind":"simulated"}],"measurements":[],"security_version_min":"0","evidence_blocks_max":"64","#
                + #""seed_blocks_max":"100"},"#
            try text.replacing(place, with: place + policy).write(toFile: genesis, atomically: true, encoding: .utf8)
            try await node.start()
            let evidence = try await node.client.get(Self.evidence)
            let roots = (evidence["identity"]?["attestation_roots"]?.array ?? []).compactMap {
                $0["spki_sha256"]?.string.flatMap { Base64.decode($0) }
            }
            let root = try #require(roots.first { $0 != [UInt8](repeating: 0xab, count: 32) })
            let expectation = ["--expect-root", Hexadecimal.encode(root)]
            let careful = try WalletProcess(node.url)
            let refused = try await careful.run(["evidence", "verify"] + expectation)
            #expect(refused.status == 1 && refused.errors.contains("has the root abab"), "\(refused)")
            let user = try WalletProcess(node.url)
            #expect(try await user.run(["evidence", "verify"]).status == 0)
            let known = try await user.run(["evidence", "known", "-o", "json"])
            #expect(known.json[0]?["proved"]?["has_one_root"] == false)
            let told = try await user.run(["evidence", "verify", "-o", "json"] + expectation)
            #expect(told.status == 1 && told.error?["code"] == "evidence_refused", "\(told)")
            #expect(told.errors.contains("but not that it has no other root"), "\(told)")
            let identity = Hexadecimal.encode(
                try #require(known.json[0]?["proved"]?["identity"]?.string.flatMap { Base64.decode($0) }))
            let both = try await user.run(["evidence", "verify"] + expectation + ["--expect-identity", identity])
            #expect(both.status == 0, "\(both)")
            #expect(try await node.stop() == .exit(0))

            // One that has no other, and of which an earlier version kept nothing: it is verified again and then known.
            let single = try await NodeProcess()
            try await single.start()
            let own = try WalletProcess(single.url)
            #expect(try await own.run(["evidence", "verify"]).status == 0)
            let file = own.home + "/known_chains.json"
            let kept = try String(contentsOfFile: file, encoding: .utf8)
            #expect(kept.contains(#","has_one_root":true"#))
            try kept.replacing(#","has_one_root":true"#, with: "").write(
                toFile: file, atomically: true, encoding: .utf8)
            let alone = try #require(
                try await single.client.get(Self.evidence)["identity"]?["attestation_roots"]?[0]?["spki_sha256"]?.string
                    .flatMap { Base64.decode($0) })
            let again = try await own.run(["evidence", "verify", "--expect-root", Hexadecimal.encode(alone)])
            #expect(again.status == 0, "\(again)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == kept)
            #expect(try await single.stop() == .exit(0))
        }

        @Test("who watches the key-release log is not held at a header from before")
        func oldHeader() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let host = ManInTheMiddle(node.url)
            try await host.start()
            let before = try await node.client.get(Self.evidence)
            _ = try await CounterContract.make(try await node.session(.b), count: 7)
            let user = try WalletProcess(host.url)
            async let watching = user.run(["watch", "releases", "--interval", "0.1", "--max-age", "86400"])
            try await wait(for: "two looks") { host.seen.filter { $0.target == Self.evidence }.count > 1 }
            host.tell([Self.evidence: { _ in before }])
            let watched = try await watching
            #expect(watched.status == 4 && watched.errors.contains(" before; of what came later"), "\(watched)")
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a wrong --chain-id is found before anything is signed or asked for")
        func wrongChain() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let host = ManInTheMiddle(node.url)
            try await host.start()
            let user = try WalletProcess(host.url)
            try await user.recover(.a)
            let send = ["tx", "bank", "send", Self.somebody, "1uscrt", "--from", "a", "-o", "json"]
            for command in [send, Self.execution(Self.somebody), Self.question(Self.somebody)] {
                host.tell([:])
                let run = try await user.run(command + ["--chain-id", "secret-4"])
                #expect(run.status == 1 && run.error?["code"] == "invalid_input", "\(run)")
                #expect(run.error?["message"] == .string("--chain-id is secret-4, but \(host.url) serves secretdev-1"))
                expectNothingSent(host, "\(command)")
                #expect(host.seen.map(\.target) == [Self.nodeInfo])
            }
            let sent = try await user.run(send + ["--chain-id", "secretdev-1"])
            #expect(sent.status == 0 && sent.json["code"] == 0, "\(sent)")
            #expect(try await node.stop() == .exit(0))
        }
    }
}
