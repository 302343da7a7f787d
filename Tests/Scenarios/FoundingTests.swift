import Foundation
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// Four operators, each with a machine of his own, begin a network as equals; all real processes.
extension Scenarios {
    @Suite(.serialized) struct FoundingTests {
        private let folder = TemporaryFolder("founding")

        private func node(_ arguments: [String]) async throws -> (ending: ChildProcess.Ending, output: String) {
            try await ChildProcess.run(Programs.path("cloister-node"), arguments, within: 120)
        }

        private func genesis(_ home: String, _ arguments: [String]) async throws -> String {
            let done = try await node(["genesis"] + arguments + ["--home", home])
            try #require(done.ending == .exit(0), "\(arguments): \(done.output)")
            return done.output
        }

        private func refused(_ home: String, _ arguments: [String]) async throws -> String {
            let done = try await node(["genesis"] + arguments + ["--home", home])
            #expect(done.ending == .exit(64) || done.ending == .exit(65), "\(arguments): \(done)")
            return done.output
        }

        private func edit(_ path: String, _ change: (String) -> String) throws -> String {
            let copy = path + ".edited"
            try change(String(contentsOfFile: path, encoding: .utf8)).write(
                toFile: copy, atomically: true, encoding: .utf8)
            return copy
        }

        /// A genesis file whose first two founders have each other's seeds.
        private func exchanged(_ path: String) throws -> String {
            let json = try JSONReader.parse(
                Array(try Data(contentsOf: URL(fileURLWithPath: path))), limits: JSONLimits(bytesMax: 1 << 20))
            let founders = json["app_state"]?["register"]?["founding"]?["founders"]?.array ?? []
            let seeds = try founders.prefix(2).map { try #require($0["encrypted_seed"]?.string) }
            return try edit(path) {
                $0.replacingOccurrences(of: seeds[0], with: "SEED").replacingOccurrences(of: seeds[1], with: seeds[0])
                    .replacingOccurrences(of: "SEED", with: seeds[1])
            }
        }

        @Test("four founders of equal power begin a network, and agree on what a private contract keeps")
        func founds() async throws {
            let homes = (0..<4).map { folder.path("founder-\($0)") }
            let files = (0..<4).map { folder.path("founder-\($0).json") }
            let draft = folder.path("draft.json")
            let begin = ["draft", "founder-0", "--chain-id", NodeProcess.chainID]
            let accounts = try Person.allCases.flatMap {
                ["--account", "\(try $0.address)=\(NodeProcess.coinsAtGenesis)uscrt"]
            }
            #expect(try await genesis(homes[0], begin + accounts).contains("genesis-draft.json"))
            try FileManager.default.copyItem(atPath: homes[0] + "/config/genesis-draft.json", toPath: draft)
            #expect(try await refused(homes[0], begin).contains("already"))

            // A machine of another maker is told so, with what to do.
            let foreign = try await refused(folder.path("stranger"), ["founder", "stranger", "--draft", draft])
            #expect(foreign.contains("none of the draft's") && foreign.contains("--root"), "\(foreign)")

            let late = try await refused(
                folder.path("stranger"),
                ["founder", "stranger", "--draft", draft, "--maker", homes[0] + "/data/platform"])
            #expect(late.contains("another maker already"), "\(late)")
            let agreed = try await genesis(homes[0], ["founder", "founder-0", "--output", files[0]])
            for line in ["4 accounts", "evidence may end in the root ", "may have the seeds, as this one"] {
                #expect(agreed.contains(line), "\(agreed)")
            }
            for index in 1..<4 {
                _ = try await genesis(
                    homes[index],
                    [
                        "founder", "founder-\(index)", "--draft", draft, "--maker", homes[0] + "/data/platform",
                        "--output", files[index],
                    ])
            }
            // Done again, it is for the same key.
            _ = try await genesis(homes[3], ["founder", "founder-3", "--output", files[3]])
            let early = try await node(["start", "--home", homes[1]])
            #expect(early.ending == .exit(64), "\(early)")

            let other = try edit(files[2]) { $0.replacingOccurrences(of: NodeProcess.chainID, with: "another-1") }
            let wrong = try await refused(homes[0], ["collect", files[0], files[1], other, files[3]])
            #expect(wrong.contains("another-1"), "\(wrong)")
            for (member, value) in [("node_id", #"\u001b[8m"#), ("name", #"\u001b[8m"#), ("chain_id", #"a\u001b[8m"#)] {
                let json = try String(contentsOfFile: files[2], encoding: .utf8)
                let loud = json.replacing(try Regex("\"\(member)\":\"[^\"]*\""), with: "\"\(member)\":\"\(value)\"")
                #expect(loud != json)
                let path = folder.path("loud.json")
                try loud.write(toFile: path, atomically: true, encoding: .utf8)
                let told = try await refused(homes[0], ["collect", files[0], files[1], path, files[3]])
                #expect(told.contains("no founder's evidence") && !told.contains("\u{1b}"), "\(told)")
            }
            let absent = try await refused(homes[0], ["collect"] + files[1...])
            #expect(absent.contains("none of these founders"), "\(absent)")
            let twice = try await refused(homes[0], ["collect"] + files + [files[3]])
            #expect(twice.contains("founder-3") && twice.contains("twice"), "\(twice)")
            let said = try await genesis(homes[0], ["collect"] + files)
            #expect(said.contains("power 10 founder-3") && said.contains("a power of 40 in all"), "\(said)")
            let again = try await genesis(homes[0], ["collect"] + files)
            #expect(said.hasSuffix(again), "\(said) \(again)")
            let fewer = try await refused(homes[0], ["collect"] + files[..<3])
            #expect(fewer.contains("of other founders"), "\(fewer)")

            let file = homes[0] + "/config/genesis.json"
            let hash = try #require(said.split(whereSeparator: \.isWhitespace).last.map(String.init))
            // A founder's host that has another's seeds opens nothing with them, whatever it skips.
            let opened = homes[1] + "/config/genesis.json"
            try FileManager.default.copyItem(atPath: try exchanged(file), toPath: opened)
            let stolen = try await node(["start", "--home", homes[1]])
            #expect(stolen.ending == .exit(77) && stolen.output.contains("not for this founder's enclave"), "\(stolen)")
            try FileManager.default.removeItem(atPath: opened)
            let damaged = try await node(["genesis", "accept", try exchanged(file), "--home", homes[1]])
            #expect(damaged.ending == .exit(77) && damaged.output.contains("not for this founder's enclave"))
            // What a start that was cut off has left is not opened under another genesis file.
            let record = homes[1] + "/data/bootstrap.sealed"
            try Data([1]).write(to: URL(fileURLWithPath: record))
            let begun = try await refused(homes[1], ["accept", file])
            #expect(begun.contains("has begun with another genesis file"), "\(begun)")
            try FileManager.default.removeItem(atPath: record)
            let richer = try edit(file) { $0.replacingOccurrences(of: "1000000000000", with: "1000000000001") }
            #expect(
                try String(contentsOfFile: richer, encoding: .utf8) != String(contentsOfFile: file, encoding: .utf8))
            for index in 1..<4 {
                let changed = try await refused(homes[index], ["accept", richer])
                #expect(changed.contains("agreed to"), "\(changed)")
                let unnamed = try await refused(
                    homes[index], ["accept", file, "--genesis-hash", String(repeating: "0", count: 64)])
                #expect(unnamed.contains("not the expected one"), "\(unnamed)")
                for _ in 0..<2 {
                    let accepted = try await genesis(homes[index], ["accept", file, "--genesis-hash", hash])
                    #expect(accepted.contains("power 10 founder-\(index), this node\n"), "\(accepted)")
                }
            }
            try await runs(homes, files)
        }

        /// Starts the founders' nodes, and holds what each says against the others.
        private func runs(_ homes: [String], _ files: [String]) async throws {
            let ports = try freePorts(homes.count)
            let peers = try zip(files, ports).map { file, port in
                let json = try JSONReader.parse(
                    Array(try Data(contentsOf: URL(fileURLWithPath: file))), limits: JSONLimits(bytesMax: 1 << 16))
                return try #require(json["node_id"]?.string) + "@127.0.0.1:\(port)"
            }
            let nodes = try homes.indices.map { index in
                let others = peers.indices.filter { $0 != index }.map { peers[$0] }
                return try NodeProcess(
                    home: homes[index],
                    settings: """
                        [p2p]
                        listen = "127.0.0.1:\(ports[index])"
                        persistent_peers = "\(others.joined(separator: ","))"
                        allow_duplicate_ip = true
                        """)
            }
            for node in nodes { try node.launch() }
            for node in nodes {
                try await wait(seconds: 120, for: "\(node.home) to have a block") {
                    try #require(node.child?.isRunning == true, "\(node.log.suffix(2_000))")
                    return await (try? node.height()) ?? 0 > 0
                }
            }
            let load = CounterLoad(
                try await nodes[0].session(.a), try await CounterContract.make(try await nodes[0].session(.a)))
            await load.run(atMost: 3)
            for node in nodes {
                let session = try await node.session(.b)
                try await wait(seconds: 120, for: "\(node.home) to have the calls") {
                    (try? await load.contract.count(session)) == 3
                }
            }
            // Each stands for its share: without one of them the others decide, without two nobody does.
            #expect(try await nodes[3].stop() == .exit(0))
            await load.run(atMost: 1)
            let session = try await nodes[1].session(.b)
            try await wait(seconds: 120, for: "three to decide") { (try? await load.contract.count(session)) == 4 }
            // And it comes up again from its own record.
            try await nodes[3].start()
            let later = try await nodes[3].session(.b)
            try await wait(seconds: 120, for: "the fourth to follow") { (try? await load.contract.count(later)) == 4 }
            for node in nodes { #expect(try await node.stop() == .exit(0)) }
        }
    }
}
