import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// The wallet's verbs for who delegates, runs a validator, votes or grants, each with each of its options, on a network
/// that its stake runs.
extension Scenarios {
    @Suite(.serialized) struct EconomyVerbTests {
        private static let groups = [
            "tx": ["staking", "distribution", "slashing", "gov", "authz", "feegrant", "vesting"],
            "query": [
                "staking", "distribution", "slashing", "mint", "gov", "authz", "feegrant", "cron", "circuit", "upgrade",
            ],
        ]

        /// Whether a command is one of these.
        static func has(_ command: String) -> Bool {
            let words = command.split(separator: " ").map(String.init)
            return words.count == 3 && groups[words[0]]?.contains(words[1]) == true
        }

        private struct Story {
            let tester: VerbTests.Tester
            let sending: [String]
            let reading: [String]
            let a: String
            let b: String
            /// Of the node's validator, which is account b's.
            let validator: String

            /// Sends, and gives the outcome, which must be a success.
            @discardableResult
            func sends(
                _ verb: String, _ arguments: [String] = [], _ options: [String] = [], by person: Person = .a,
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws -> WalletProcess.Run {
                // Whoever pays for himself needs no allowance.
                let payer = options.contains("--fee-granter") ? [] : ["--fee-granter", "\(try person.address)"]
                try await drafts(verb, arguments, options + payer, by: person)
                let run = try await tester.use(
                    "tx " + verb, arguments, options + sending + payer + ["--from", person.rawValue],
                    sourceLocation: sourceLocation)
                #expect(run.json["code"] == 0, "\(run)", sourceLocation: sourceLocation)
                return run
            }

            /// The same for others to sign, of which no node is asked, unless only a node knows what is meant.
            func drafts(
                _ verb: String, _ arguments: [String], _ options: [String], by person: Person = .a
            ) async throws {
                let draft = try await tester.use(
                    "tx " + verb, arguments,
                    options + sending + ["--generate-only", "--offline", "--note", "n", "--from", person.rawValue],
                    status: -2)
                let isRefused = draft.error?["message"]?.string?.contains("--offline forbids") == true
                #expect(isRefused || draft.json["body"]?["messages"]?.array?.isEmpty == false, "\(verb): \(draft)")
                #expect(isRefused == (verb == "distribution withdraw-all-rewards"), "\(verb): \(draft)")
            }

            /// What stops at the command itself, with these words.
            func stops(
                _ verb: String, _ arguments: [String], _ options: [String] = [], at words: String,
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let run = try await tester.use(
                    "tx " + verb, arguments, options + sending + ["--from", "a"], status: 1,
                    sourceLocation: sourceLocation)
                #expect(run.error?["code"]?.string == "invalid_input", "\(run)", sourceLocation: sourceLocation)
                #expect(
                    run.error?["message"]?.string?.contains(words) == true, "\(run)", sourceLocation: sourceLocation)
            }

            /// What the chain refuses in a block, with our own word about it.
            func fails(
                _ verb: String, _ arguments: [String], hint: String, by person: Person = .a,
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                try await drafts(verb, arguments, ["--fee-granter", "\(try person.address)"], by: person)
                let run = try await tester.use(
                    "tx " + verb, arguments,
                    sending + ["--fee-granter", "\(try person.address)", "--from", person.rawValue], status: 2,
                    sourceLocation: sourceLocation)
                #expect(
                    hint.isEmpty || run.json["hint"]?.string?.contains(hint) == true, "\(run)",
                    sourceLocation: sourceLocation)
            }

            func asks(
                _ verb: String, _ arguments: [String] = [], _ options: [String] = [],
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws -> JSONValue {
                try await tester.use(
                    "query " + verb, arguments, options + reading, sourceLocation: sourceLocation
                ).json
            }

            /// The lines that people are shown.
            func reads(_ verb: String, _ arguments: [String] = []) async throws -> [String] {
                let run = try await tester.use("query " + verb, arguments, ["--node", reading[1], "--output", "text"])
                return run.output.split(separator: "\n").map(String.init)
            }

            func file(_ name: String, _ text: String) throws -> String {
                let path = tester.user.folder.path(name)
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                return path
            }
        }

        private let page = ["--limit", "10"]

        @Test("every verb for stake, rewards, votes and grants runs, with each of its options, and names mistakes")
        func everyVerb() async throws {
            let node = try await NodeProcess(
                settings: "[consensus]\ncommit_timeout = 100\n", stake: (.b, 500_000_000))
            // One of the validators has no node, and misses every block.
            let file = node.home + "/config/genesis.json"
            let genesis = try String(contentsOfFile: file, encoding: .utf8)
            let schedule =
                #""cron":{"scheduleList":[{"name":"yearly","period":"6000000","msgs":[{"contract":""#
                + "\(try Person.a.address)" + #"","msg":"{}"}]}]},"#
            try genesis.replacing(
                #""mint":{"#, with: schedule + #""slashing":{"params":{"signed_blocks_window":"100000"}},"mint":{"#
            ).write(toFile: file, atomically: true, encoding: .utf8)
            try await node.start()
            let tester = try VerbTests.Tester(node.url)
            let tree = try CommandTree(dump: try await tester.user.run(["--experimental-dump-help"]).json)
            for person in Person.allCases { try await tester.user.recover(person) }
            let (a, b) = (try Person.a.address, try Person.b.address)
            let network = ["--node", node.url, "--chain-id", NodeProcess.chainID, "--accept-nodes-word"]
            let evidence = try await node.client.get("/cloister/v1/evidence")
            let hexadecimal = { (json: JSONValue?) throws -> String in
                Hexadecimal.encode(try #require(json?.string.flatMap { Base64.decode($0) }))
            }
            let status = try await ChildProcess.run(
                Programs.path("cloister-node"), ["status", "--json", "--home", node.home])
            let expected = [
                "--expect-identity",
                try #require(try JSONReader.parse(Array(status.output.utf8))["identity"]?.string),
                "--expect-measurement", try hexadecimal(evidence["measurement"]), "--expect-root",
                try hexadecimal(evidence["identity"]?["attestation_roots"]?[0]?["spki_sha256"]),
            ]
            let keyring = ["--home", tester.user.home, "--keyring-backend", "test"]
            let story = Story(
                tester: tester,
                sending: network + expected + keyring + [
                    "--output", "json", "--gas-price", "0.0125", "--gas", "200000",
                ],
                reading: ["--node", node.url, "--output", "json"], a: "\(a)", b: "\(b)", validator: b.validatorText)
            try await stakes(story, node)
            try await earns(story)
            try await grants(story)
            try await votes(story)
            try await vests(story)
            let missing = tree.missing(in: tester.uses, of: Self.has)
            #expect(missing.isEmpty, "no test types \(missing)")
            #expect(try await node.stop() == .exit(0))
        }

        private func stakes(_ story: Story, _ node: NodeProcess) async throws {
            let (a, validator) = (story.a, story.validator)
            try await story.stops(
                "staking delegate", [story.b, "1scrt"], at: "its validator, if it has one, is \(validator)")
            try await story.stops("staking delegate", ["x", "1scrt"], at: "is no validator")
            try await story.stops("staking delegate", [validator, "1scrt,2other"], at: "one coin is meant")
            try await story.stops("staking delegate", [validator, "1moon"], at: "there is no coin moon on this chain")
            try await story.sends("staking delegate", [validator, "20scrt"])
            let delegations = try await story.asks("staking delegations", [a], page)
            #expect(delegations["delegation_responses"]?[0]?["balance"]?["amount"] == "20000000")
            let one = try await story.asks("staking delegation", [a, validator])
            #expect(one["delegation_response"]?["balance"]?["amount"] == "20000000")
            let read = try await story.reads("staking delegations", [a])
            #expect(read.count == 2 && read[0].hasPrefix("DELEGATOR") && read[1].hasSuffix("  20scrt"), "\(read)")
            #expect(
                try await story.asks("staking delegations-to", [validator], page)["delegation_responses"]?.array?.count
                    == 2)

            try await story.fails("staking undelegate", [validator, "30scrt"], hint: "more than is delegated")
            try await story.sends("staking undelegate", [validator, "5scrt"])
            let unbonding = try await story.asks("staking unbonding-delegations", [a], page)
            let height = try #require(
                unbonding["unbonding_responses"]?[0]?["entries"]?[0]?["creation_height"]?.string)
            #expect(try await story.reads("staking unbonding-delegations", [a])[1].hasSuffix("  5scrt"))
            let from = try await story.asks("staking unbonding-delegations-from", [validator], page)
            #expect(from["unbonding_responses"]?.array?.count == 1)
            try await story.fails("staking cancel-unbond", [validator, "5scrt", "1"], hint: "")
            try await story.sends("staking cancel-unbond", [validator, "5scrt", height])
            #expect(try await story.reads("staking unbonding-delegations", [a]) == ["none"])

            // A second validator, of a key that no node has: it will be jailed in time.
            let other = Base64.encode([UInt8](repeating: 7, count: 32))
            try await story.stops("staking create-validator", ["1scrt"], ["--pubkey", other], at: "--moniker")
            let wrong = Base64.encode([UInt8](repeating: 2, count: 33))
            try await story.stops(
                "staking create-validator", ["1scrt"], ["--moniker", "x", "--pubkey", wrong], at: "an account's key")
            try await story.stops(
                "staking create-validator", ["1scrt"],
                ["--moniker", "x", "--pubkey", other, "--commission-rate", "5"], at: "5 of 100 is written 0.05 or 5%")
            let shown = try await ChildProcess.run(
                Programs.path("cloister-node"), ["keys", "show", "--home", node.home])
            let taken = try await story.tester.use(
                "tx staking create-validator", ["1scrt"],
                ["--moniker", "x", "--pubkey", try story.file("key.json", shown.output)] + story.sending
                    + ["--from", "a"], status: 2)
            #expect(taken.json["hint"]?.string?.contains("another validator has this key") == true, "\(taken)")
            let text = ["--identity", "i", "--website", "w", "--security-contact", "s", "--details", "d"]
            try await story.sends(
                "staking create-validator", ["2scrt"],
                [
                    "--moniker", "second", "--pubkey", other, "--commission-rate", "5%", "--commission-max-rate", "0.3",
                    "--commission-max-change-rate", "0.02", "--min-self-delegation", "1000",
                ] + text)
            // The same for a network that begins; sent nowhere.
            let signed = try await story.tester.use(
                "tx staking genesis-validator", ["2scrt"],
                [
                    "--moniker", "x", "--pubkey", other, "--commission-rate", "5%", "--commission-max-rate", "0.3",
                    "--commission-max-change-rate", "0.02", "--min-self-delegation", "1000", "--chain-id", "other-1",
                    "--memo", "m", "--from", "a", "--home", story.tester.user.home, "--keyring-backend", "test",
                    "--output", "json",
                ] + text)
            let bytes = try #require(signed.json["tx"]?.string.flatMap { Base64.decode($0) })
            #expect(try Transaction(decoding: bytes).body.memo == "m")
            let mine = try #require(AccountAddress(bech32: a)).validatorText
            try await story.sends(
                "staking edit-validator", [], ["--moniker", "renamed", "--min-self-delegation", "2000"] + text)
            let early = try await story.tester.use(
                "tx staking edit-validator", [], ["--commission-rate", "0.06"] + story.sending + ["--from", "a"],
                status: 2)
            #expect(early.json["hint"]?.string?.contains("once in 24 hours") == true, "\(early)")
            let edited = try await story.asks("staking validator", [mine])["validator"]
            #expect(edited?["description"]?["moniker"] == "renamed" && edited?["min_self_delegation"] == "2000")
            #expect(edited?["commission"]?["commission_rates"]?["rate"] == "0.050000000000000000")
            let list = try await story.asks("staking validators", [], page + ["--status", "bonded"])
            #expect(list["validators"]?.array?.count == 2)
            let first = try await story.asks("staking validators", [], ["--limit", "1"])
            let key = try #require(first["pagination"]?["next_key"]?.string)
            for command in [
                "staking validators", "slashing signing-infos",
            ] { _ = try await paged(story, command, [], key) }
            for command in ["staking delegations", "staking unbonding-delegations", "staking redelegations"] {
                _ = try await paged(story, command, [a], key)
            }
            for command in ["staking delegations-to", "staking unbonding-delegations-from"] {
                _ = try await paged(story, command, [validator], key)
            }
            let table = try await story.reads("staking validators").map { $0.split(separator: " ").map(String.init) }
            #expect(table.contains([mine, "renamed", "bonded", "false", "2scrt", "5%"]), "\(table)")

            try await story.sends("staking redelegate", [validator, mine, "3scrt"])
            let moved = try await story.asks("staking redelegations", [a], page)
            #expect(moved["redelegation_responses"]?.array?.count == 1)
            #expect(try await story.reads("staking redelegations", [a])[1].hasSuffix("  3scrt"))
            try await story.fails("staking redelegate", [mine, validator, "1scrt"], hint: "just come from another")
            #expect(try await story.asks("staking pool")["pool"]?["bonded_tokens"] != nil)
            #expect(try await story.asks("staking params")["params"]?["bond_denom"] == "uscrt")

            try await story.fails("slashing unjail", [], hint: "is not jailed")
            let info = try await story.asks("slashing signing-info", [validator])["val_signing_info"]
            #expect(info?["tombstoned"] == false)
            let address = try #require(info?["address"]?.string)
            #expect(try await story.asks("slashing signing-info", [address])["val_signing_info"] != nil)
            #expect(try await story.asks("slashing signing-infos", [], page)["info"]?.array?.count == 2)
            #expect(try await story.reads("slashing signing-infos").count == 3)
            #expect(try await story.asks("slashing params")["params"] != nil)
        }

        /// A key that is none of this list's may be refused; that it is asked for is shown.
        private func paged(_ story: Story, _ verb: String, _ arguments: [String], _ key: String) async throws
            -> WalletProcess.Run
        {
            let run = try await story.tester.user.run(
                ["query"] + verb.split(separator: " ").map(String.init) + arguments
                    + ["--page-key", key, "--node", story.reading[1], "--output", "json"])
            story.tester.note(
                ["query"] + verb.split(separator: " ").map(String.init) + arguments + ["--page-key", key])
            return run
        }

        private func earns(_ story: Story) async throws {
            let (a, b, validator) = (story.a, story.b, story.validator)
            let rewards = try await story.asks("distribution rewards", [a])
            #expect(rewards["rewards"]?.array?.isEmpty == false, "\(rewards)")
            #expect(try await story.reads("distribution rewards", [a])[0].hasPrefix("VALIDATOR  "))
            try await story.sends("distribution withdraw-rewards", [validator])
            try await story.stops(
                "distribution withdraw-rewards", [validator], ["--commission"], at: "is not this account's")
            try await story.sends("distribution withdraw-rewards", [validator], ["--commission"], by: .b)
            try await story.sends("distribution withdraw-all-rewards")
            let none = try await story.tester.use(
                "tx distribution withdraw-all-rewards", [], story.sending + ["--from", "c"], status: 1)
            #expect(none.error?["message"]?.string?.contains("has delegated nothing") == true)
            try await story.sends("distribution set-withdraw-addr", [b])
            #expect(try await story.asks("distribution withdraw-addr", [a])["withdraw_address"]?.string == b)
            try await story.drafts(
                "distribution set-auto-restake", [validator], ["--off", "--fee-granter", story.b], by: .b)
            let small = try await story.tester.use(
                "tx distribution set-auto-restake", [validator],
                ["--off"] + story.sending + ["--from", "b", "--fee-granter", story.b],
                status: -2)
            #expect([0, 2].contains(small.status), "\(small)")
            _ = try await story.asks("distribution restake-entries", [b])
            try await story.sends("distribution fund-community-pool", ["1.5scrt"])
            let pool = try await story.asks("distribution community-pool")
            #expect(pool["pool"]?[0]?["denom"] == "uscrt")
            #expect(try await story.reads("distribution community-pool").count == 2)
            #expect(try await story.asks("distribution commission", [validator])["commission"] != nil)
            #expect(try await story.asks("distribution outstanding-rewards", [validator])["rewards"] != nil)
            #expect(
                try await story.asks("distribution slashes", [validator], page + ["--from", "1", "--to", "9"])[
                    "slashes"]?
                    .array?.isEmpty == true)
            _ = try await paged(story, "distribution slashes", [validator], "AQ==")
            #expect(try await story.asks("distribution params")["params"] != nil)
            for verb in ["inflation", "annual-provisions", "params"] { _ = try await story.asks("mint " + verb) }
            #expect(try await story.asks("cron schedules", page)["schedules"]?[0]?["name"] == "yearly")
            #expect(try await story.reads("cron schedules").count == 2)
            for verb in ["cron schedules", "circuit accounts"] { _ = try await paged(story, verb, [], "AQ==") }
            let schedule = try await story.asks("cron schedule", ["yearly"])["schedule"]
            #expect(schedule?["period"] == "6000000" && schedule?["msgs"]?[0]?["contract"]?.string == a)
            #expect(try await story.asks("cron params")["params"]?["limit"] == "5")
            #expect(try await story.asks("circuit disabled-list")["disabled_list"]?.array?.isEmpty == true)
            #expect(try await story.asks("circuit accounts", page)["accounts"]?.array?.isEmpty == true)
            #expect(try await story.asks("upgrade plan")["plan"] == JSONValue.null)
            #expect(try await story.asks("upgrade applied", ["none"])["height"] == "0")
            #expect(try await story.reads("upgrade module-versions").count > 10)
        }

        private func grants(_ story: Story) async throws {
            let (a, b, validator) = (story.a, story.b, story.validator)
            let send = "/cosmos.bank.v1beta1.MsgSend"
            try await story.stops("authz grant", [b, "send"], at: "send needs a --spend-limit")
            try await story.stops("authz grant", [b, "generic"], ["--msg-type", "/x"], at: "no such message")
            try await story.stops(
                "authz grant", [b, "send"], ["--spend-limit", "1scrt", "--msg-type", send], at: "no meaning")
            let until = ["--expiration", "2099-01-01T00:00:00Z"]
            try await story.sends("authz grant", [b, "send"], ["--spend-limit", "2scrt", "--allow", b] + until)
            try await story.sends("authz grant", [b, "generic"], ["--msg-type", "/cosmos.bank.v1beta1.MsgMultiSend"])
            try await story.sends(
                "authz grant", [b, "delegate"], ["--validator", validator, "--spend-limit", "1scrt"])
            try await story.sends("authz grant", [b, "undelegate"], ["--not-validator", validator])
            let granted = try await story.asks("authz grants", [a, b], page)
            #expect(granted["grants"]?.array?.count == 4, "\(granted)")
            let table = try await story.reads("authz grants", [a, b])
            #expect(
                table.contains { $0.hasPrefix("SendAuthorization") && $0.contains("2scrt  2099-01-01T00:00:00Z") },
                "\(table)")
            #expect(try await story.reads("authz grants-by-granter", [a]).count == 5)
            for verb in ["authz grants-by-granter", "authz grants-by-grantee"] {
                _ = try await story.asks(verb, [verb.hasSuffix("er") ? a : b], page)
                _ = try await paged(story, verb, [a], "AQ==")
            }
            _ = try await paged(story, "authz grants", [a, b], "AQ==")
            let messages = try story.file(
                "exec.json",
                #"[{"@type":"\#(send)","from_address":"\#(a)","to_address":"\#(b)","amount":[{"denom":"uscrt","amount":"7"}]}]"#
            )
            try await story.sends("authz exec", [messages], by: .b)
            try await story.sends("authz revoke", [b, send])
            try await story.fails("authz exec", [messages], hint: "no such grant", by: .b)
            try await story.stops("authz revoke", [b, "MsgSend"], at: "a type is written /cosmos.bank")

            let vote = ["--message", "/cosmos.gov.v1.MsgVote", "--message", send]
            try await story.stops("feegrant grant", [b], ["--period", "60"], at: "are given together")
            try await story.sends(
                "feegrant grant", [b],
                ["--spend-limit", "1scrt", "--period", "3600", "--period-limit", "0.5scrt"] + until + vote)
            let allowance = try await story.asks("feegrant grant", [a, b])
            #expect(allowance["allowance"]?["granter"]?.string == a, "\(allowance)")
            for verb in ["feegrant grants-by-granter", "feegrant grants-by-grantee"] {
                let list = try await story.asks(verb, [verb.hasSuffix("er") ? a : b], page)
                #expect(list["allowances"]?.array?.count == 1)
                _ = try await paged(story, verb, [a], "AQ==")
            }
            #expect(try await story.reads("feegrant grants-by-granter", [a])[1].contains("AllowedMsgAllowance  1scrt"))
            let before = try await story.tester.use("query bank balances", [b], story.reading).json
            try await story.sends("bank send", [a, "1uscrt"], ["--fee-granter", a], by: .b)
            let after = try await story.tester.use("query bank balances", [b], story.reading).json
            func held(_ json: JSONValue) -> UInt64 {
                json["balances"]?.array?.first { $0["denom"] == "uscrt" }?["amount"]?.string.flatMap { UInt64($0) } ?? 0
            }
            #expect(held(before) == held(after) + 1)
            try await story.sends("feegrant revoke", [b])
            let over = try await story.tester.use(
                "tx bank send", [a, "1uscrt"], ["--fee-granter", a] + story.sending + ["--from", "b"], status: 2)
            #expect(over.error?["details"]?[0]?.string?.contains("lists allowances for fees") == true, "\(over)")
        }

        /// What the module of votes answers is its own affair; here it is asked.
        private func votes(_ story: Story) async throws {
            func either(_ verb: String, _ arguments: [String], _ options: [String] = []) async throws {
                let isQuery = verb.hasPrefix("query ")
                if !isQuery {
                    try await story.drafts(String(verb.dropFirst(3)), arguments, options + ["--fee-granter", story.a])
                }
                let run = try await story.tester.use(
                    verb, arguments,
                    options + (isQuery ? story.reading : story.sending + ["--from", "a", "--fee-granter", story.a]),
                    status: -2)
                #expect([0, 1, 2].contains(run.status), "\(run)")
                #expect(
                    run.error?["code"]?.string != "usage" && run.error?["code"]?.string != "invalid_input", "\(run)")
            }
            let proposal = try story.file(
                "proposal.json",
                #"{"messages":[],"metadata":"m","deposit":"1scrt","title":"t","summary":"s","expedited":false}"#)
            try await either("tx gov submit-proposal", [proposal])
            let bad = try story.file("bad.json", #"{"title":"t","summary":"s","depositt":"1scrt"}"#)
            try await story.stops("gov submit-proposal", [bad], at: "depositt is no part of a proposal")
            try await either("tx gov deposit", ["1", "1scrt"])
            try await either("tx gov vote", ["1", "no_with_veto"])
            try await either("tx gov weighted-vote", ["1", "yes=0.6,no=0.4"])
            try await story.stops("gov weighted-vote", ["1", "yes=0.6,no=0.5"], at: "must be 1 together")
            try await story.stops("gov weighted-vote", ["1", "yes"], at: "is no part of a vote")
            try await either("tx gov cancel-proposal", ["1"])
            for verb in ["proposals", "votes", "deposits"] {
                let arguments = verb == "proposals" ? [] : ["1"]
                try await either("query gov " + verb, arguments, page)
                _ = try await paged(story, "gov " + verb, arguments, "AQ==")
            }
            for verb in ["proposal", "tally"] { try await either("query gov " + verb, ["1"]) }
            for verb in ["vote", "deposit"] { try await either("query gov " + verb, ["1", story.a]) }
            try await either("query gov params", [])
        }

        private func vests(_ story: Story) async throws {
            func address(_ byte: UInt8) -> String { "\(AccountAddress([UInt8](repeating: byte, count: 20))!)" }
            let end = "2099-01-01T00:00:00Z"
            try await story.sends("vesting create-vesting-account", [address(1), "5scrt", end], ["--delayed"])
            let made = try await story.tester.use("query account", [address(1)], story.reading)
            #expect(made.json["account"]?["@type"]?.string?.hasSuffix("DelayedVestingAccount") == true, "\(made)")
            let file = try story.file(
                "periods.json", #"{"start_time":4000000000,"periods":[{"coins":"1scrt","length_seconds":60}]}"#)
            try await story.sends("vesting create-periodic-vesting-account", [address(2), file])
            try await story.sends("vesting create-permanent-locked-account", [address(3), "1scrt"])
            try await story.stops(
                "vesting create-vesting-account", [address(4), "1scrt", "tomorrow"], at: "must be a moment, as 2027")
        }
    }
}
