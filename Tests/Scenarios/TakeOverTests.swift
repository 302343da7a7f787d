import Foundation
import LedgerRecords
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import WalletClient
import Wire

/// A later enclave program takes a chain of one validator over from the one before; all real processes.
extension Scenarios {
    @Suite(.serialized) struct TakeOverTests {
        private let folder = TemporaryFolder("take-over")

        private func run(
            _ program: String, _ arguments: [String]
        ) async throws -> (ending: ChildProcess.Ending, output: String) {
            try await ChildProcess.run(program, arguments, within: 120)
        }

        /// The validator's key that the chain names.
        private func validator(_ node: NodeProcess) async throws -> JSONValue {
            let set = try await node.client.get("/cosmos/base/tendermint/v1beta1/validatorsets/latest")
            return try #require(set["validators"]?[0]?["pub_key"])
        }

        @Test(
            "an approved later enclave takes over the seeds, the state and the validator's key, through kill -9",
            .timeLimit(.minutes(20)))
        func takesOver() async throws {
            let next = folder.path("next")
            let enclave = try Programs.nextEnclave(in: next, beside: ["cloister-node", "enclave-host", "cloister"])
            let (old, new) = (Programs.path("cloister-node"), next + "/cloister-node")
            let node = try await NodeProcess()
            try await node.start()
            let load = CounterLoad(
                try await node.session(.a), try await CounterContract.make(try await node.session(.a)))
            await load.run(atMost: 2)
            let user = try WalletProcess(node.url)
            try await user.recover(.a)
            let upgrading = ["upgrade-enclave", "--home", node.home]
            let payment = ["--from", "a", "--wallet", user.home]
            let validator = try await validator(node)
            let before = try await user.run(["evidence", "show", "-o", "json"])
            let measurement = try await node.client.get("/cloister/v1/evidence")["measurement"]
            let maker = Hexadecimal.encode(try #require(measurement?.string.flatMap { Base64.decode($0) }))

            let early = try await run(new, upgrading + payment)
            #expect(early.ending == .exit(75) && early.output.contains("not approved on this chain"), "\(early)")
            // What all operators agree on.
            let measured = try await run(next + "/enclave-host", ["--enclave", enclave, "--measure"])
            let program = String(measured.output.prefix(64))
            let height = try await node.height()
            #expect(try await node.stop() == .exit(0))
            try node.configure("[upgrade]\napprove = \"\(program)@\(height + 4)\"")
            try await node.start()
            await load.run(atMost: 3)

            // Ended at the worst moment: what it was about to send comes into a block while the next run sends it, too.
            try delayFirstTransaction(of: next + "/cloister")
            let cut = try ChildProcess(new, upgrading + payment, log: folder.path("cut"))
            try await wait(for: "the registration to be sent") {
                FileManager.default.fileExists(atPath: folder.path("first"))
            }
            cut.send(SIGKILL)
            _ = try await cut.ending()
            let registered = try await run(new, upgrading + payment)
            #expect(registered.ending == .exit(0) && registered.output.contains("stop the node"), "\(registered)")
            #expect(registered.output.contains("taken before"), "\(registered)")
            await load.run(atMost: 1)
            #expect(try await node.stop() == .exit(0))

            let handOver = ["keys", "hand-over", "--home", node.home]
            try await refusesUntilItCanGoOn(node, load, old: old, new: new, upgrading, payment, handOver, program)
            let handed = node.home + "/data/take-over/handed-key"
            // To whom, the operator says, and is told.
            let unnamed = try await run(old, handOver)
            #expect(unnamed.ending == .exit(64) && unnamed.output.contains("program \(program)"), "\(unnamed)")
            let other = try await run(old, handOver + ["--to", maker])
            #expect(other.ending == .exit(64) && other.output.contains("of the program \(program)"), "\(other)")
            #expect(!FileManager.default.fileExists(atPath: handed))
            let handing = try ChildProcess(old, handOver + ["--to", program], log: folder.path("hand"))
            try await Task.sleep(for: .milliseconds(300))
            handing.send(SIGKILL)
            _ = try await handing.ending()
            var answers: [Data] = []
            for _ in 0..<2 {
                let given = try await run(old, handOver + ["--to", program])
                #expect(given.ending == .exit(0), "\(given)")
                answers.append(try Data(contentsOf: URL(fileURLWithPath: handed)))
            }
            #expect(answers[0] == answers[1])
            let refused = try await run(old, ["start", "--home", node.home])
            #expect(refused.ending == .exit(77) && refused.output.contains("was handed over"), "\(refused)")
            for milliseconds in [200, 600, 1_200] {
                let ended = try ChildProcess(new, upgrading, log: folder.path("ended-\(milliseconds)"))
                try await Task.sleep(for: .milliseconds(milliseconds))
                ended.send(SIGKILL)
                _ = try await ended.ending()
            }
            let taken = try await run(new, upgrading)
            #expect(taken.ending == .exit(0), "\(taken)")
            #expect(taken.output.contains("has taken over") || taken.output.contains("already"), "\(taken)")

            try await node.start(programs: next)
            #expect(try await load.contract.count(try await node.session(.a)) == 7)
            await load.run(atMost: 1)
            #expect(try await load.contract.count(try await node.session(.a)) == 8)
            #expect(try await self.validator(node) == validator)
            // Who knows the program that made the key need not know the one that took over.
            #expect(before.status == 0)
            let verified = try await user.run(
                ["evidence", "show", "-o", "json"], environment: ["CLOISTER_EXPECT_MEASUREMENT": maker])
            #expect(verified.json["verdict"] == "accepted", "\(verified)")
            #expect(verified.output.contains("took over from it"), "\(verified)")
            let unknown = try await user.run(
                ["evidence", "show", "-o", "json"], environment: ["CLOISTER_EXPECT_MEASUREMENT": program])
            #expect(unknown.json["verdict"] == "refused", "\(unknown)")
            let watched = try await user.run(["watch", "releases", "--once", "--measurement", program])
            #expect(watched.status == 0, "\(watched)")
            let alarmed = try await user.run(["watch", "releases", "--once"])
            #expect(alarmed.status == 3 && alarmed.errors.contains("ALARM"), "\(alarmed)")

            // A node that says less, other or more than the chain's state: of what nobody signed nothing is told.
            let host = ManInTheMiddle(node.url)
            try await host.start()
            let liar = try WalletProcess(host.url)
            let log = "/cloister/v1/releases/0"
            let genuine = try #require(try await node.client.get(log)["releases"]?[0]?.string)
            let release = try SeedRelease(protobuf: #require(Base64.decode(genuine)))
            var (invented, changed) = (release, release)
            (invented.number, invented.previous) = (release.number + 1, release.hash)
            invented.measurement = SHA256.hash([1])
            changed.registrationKey = SHA256.hash([2])
            func showing(_ releases: [SeedRelease]) -> ManInTheMiddle.Lie {
                let texts = releases.map { JSONValue.string(Base64.encode($0.protobuf)) }
                return { $0.replacing("releases", with: .array(texts)) }
            }
            for (lie, says) in [(showing([]), "the node shows 0"), (showing([changed]), "is not the one")] {
                host.tell([log: lie])
                let run = try await liar.run(["watch", "releases", "--once", "--measurement", program])
                #expect(run.status != 0 && run.status != 3 && run.errors.contains(says), "\(run)")
                #expect(run.output.isEmpty)
            }
            host.tell([log: showing([release, invented])])
            let calm = try await liar.run(["watch", "releases", "--once", "--measurement", program])
            #expect(calm.status == 0 && calm.errors.contains("1 releases"), "\(calm)")
            try await wayBack(node, load, old: old, new: new, upgrading + payment, handOver, to: maker)
            #expect(try await self.validator(node) == validator)
            #expect(try await node.stop() == .exit(0))
        }

        /// Has the command's first transaction wait until the second is called, and the second until the first is in a
        /// block.
        private func delayFirstTransaction(of command: String) throws {
            let real = command + "-real"
            try FileManager.default.moveItem(atPath: command, toPath: real)
            try """
            #!/bin/sh
            if [ "$1" != tx ]; then exec '\(real)' "$@"; fi
            cd '\(folder.path(""))'
            await() { n=0; while [ ! -e "$1" ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done; }
            if mkdir first 2> /dev/null; then
                await second
                '\(real)' "$@" > first/log 2>&1
                touch first/done
            else
                touch second
                await first/done
                exec '\(real)' "$@"
            fi
            """.write(toFile: command, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command)
        }

        /// What keeps the new enclave from going on is found while the old one has the key.
        private func refusesUntilItCanGoOn(
            _ node: NodeProcess, _ load: CounterLoad, old: String, new: String, _ upgrading: [String],
            _ payment: [String], _ handOver: [String], _ program: String
        ) async throws {
            let early = try await run(old, handOver)
            #expect(early.ending == .exit(64) && early.output.contains("showed that it can go on"), "\(early)")
            let seed = URL(fileURLWithPath: node.home + "/data/take-over/encrypted-seed")
            var damaged = try Data(contentsOf: seed)
            damaged[damaged.count / 2] ^= 1
            try damaged.write(to: seed)
            let refused = try await run(new, upgrading)
            #expect(refused.ending == .exit(77) && refused.output.contains("wrapped anew"), "\(refused)")
            #expect(!refused.output.contains("hand-over"), "\(refused)")
            // The node goes on as before, and the chain still has the seeds.
            try await node.start()
            let again = try await run(new, upgrading + payment)
            #expect(again.ending == .exit(0) && again.output.contains("stop the node"), "\(again)")
            #expect(try await node.stop() == .exit(0))
            for _ in 0..<2 {
                let waits = try await run(new, upgrading)
                #expect(waits.ending == .exit(0) && waits.output.contains("keys hand-over --to"), "\(waits)")
            }
            // What was shown is not true for ever.
            try await node.start()
            await load.run(atMost: 1)
            #expect(try await node.stop() == .exit(0))
            let late = try await run(old, handOver + ["--to", program])
            #expect(late.ending == .exit(64) && late.output.contains("has run on since"), "\(late)")
            let shown = try await run(new, upgrading)
            #expect(shown.ending == .exit(0) && shown.output.contains("keys hand-over --to"), "\(shown)")
        }

        /// The operator wants the program of before: it takes the node over as the new one did.
        private func wayBack(
            _ node: NodeProcess, _ load: CounterLoad, old: String, new: String, _ upgrading: [String],
            _ handOver: [String], to maker: String
        ) async throws {
            let registered = try await run(old, upgrading)
            #expect(registered.ending == .exit(0) && registered.output.contains("stop the node"), "\(registered)")
            #expect(try await node.stop() == .exit(0))
            let ready = try await run(old, upgrading)
            #expect(ready.ending == .exit(0) && ready.output.contains("hand-over --to \(maker)"), "\(ready)")
            let given = try await run(new, handOver + ["--to", maker])
            #expect(given.ending == .exit(0), "\(given)")
            let refused = try await run(new, ["start", "--home", node.home])
            #expect(refused.ending == .exit(77) && refused.output.contains("was handed over"), "\(refused)")
            let taken = try await run(old, upgrading)
            #expect(taken.ending == .exit(0) && taken.output.contains("has taken over"), "\(taken)")
            try await node.start()
            await load.run(atMost: 1)
            #expect(try await load.contract.count(try await node.session(.a)) == 9)
        }
    }
}
