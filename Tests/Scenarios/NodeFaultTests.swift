import Foundation
import Glibc
import PublicCryptography
import TestSupport
import Testing
import WalletClient

/// What an operator meets when something is wrong: a sentence, and an exit status that says whether to start again.
extension Scenarios {
    @Suite(.serialized) struct NodeFaultTests {
        @Test("a sole validator whose blocks are older than what it signed ends, says so, and is not started again")
        func signerAhead() async throws {
            let node = try await NodeProcess()
            try await node.start()
            #expect(try await node.stop() == .exit(0))
            let older = node.home + "/older"
            try FileManager.default.copyItem(atPath: node.home + "/data", toPath: older)
            try await node.start()
            _ = try await CounterContract.make(try await node.session(.a))
            #expect(try await node.stop() == .exit(0))

            // The host's disk is set back, and the machine is not.
            let platform = node.home + "/data/platform"
            try FileManager.default.removeItem(atPath: older + "/platform")
            try FileManager.default.moveItem(atPath: platform, toPath: older + "/platform")
            try FileManager.default.removeItem(atPath: node.home + "/data")
            try FileManager.default.moveItem(atPath: older, toPath: node.home + "/data")
            let before = node.log.utf8.count
            try node.launch()
            #expect(try await node.child?.ending(within: 20) == .exit(77))
            let said = String(decoding: Array(node.log.utf8).dropFirst(before), as: UTF8.self)
            #expect(said.contains("cloister-node: \(platform): the validator has signed for height"), "\(said)")
            #expect(said.split(separator: "\n").count < 30, "\(said)")
        }

        @Test(
            "a node whose enclave does not answer any more ends at a signal all the same", arguments: [SIGTERM, SIGINT])
        func frozenEnclave(signal: Int32) async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            let (enclave, launcher) = (try node.enclave, try node.launcher)
            defer { for process in [enclave, launcher] { kill(process, SIGKILL) } }
            kill(enclave, SIGSTOP)
            try await load.call(waits: false)
            try await Task.sleep(for: .seconds(1))
            node.child?.send(signal)
            _ = try await node.child?.ending(within: 25)
        }

        // MARK: - What is missing or damaged

        /// A node that has shown a block and was stopped.
        private func stopped() async throws -> NodeProcess {
            let node = try await NodeProcess()
            try await node.start()
            #expect(try await node.stop() == .exit(0))
            return node
        }

        /// Starts the node, which is expected to end by itself; all that it said.
        private func start(_ node: NodeProcess, expecting status: Int32) async throws -> String {
            let before = node.log.utf8.count
            try node.launch()
            let said = { String(decoding: Array(node.log.utf8).dropFirst(before), as: UTF8.self) }
            do {
                #expect(try await node.child?.ending(within: 20) == .exit(status), "\(said())")
            } catch {
                Issue.record("\(error): \(said())")
                try await node.killHard()
            }
            return said()
        }

        @Test("what is missing, damaged or another chain's is told with its file and what to do, and a lasting status")
        func lastingFaults() async throws {
            let node = try await stopped()
            let files = FileManager.default
            let kept = node.home + ".kept"
            try files.copyItem(atPath: node.home, toPath: kept)
            defer { try? files.removeItem(atPath: kept) }
            func expect(_ status: Int32, _ path: String, _ words: String, after change: () throws -> Void) async throws
            {
                for folder in ["data", "config"] {
                    try files.removeItem(atPath: node.home + "/" + folder)
                    try files.copyItem(atPath: kept + "/" + folder, toPath: node.home + "/" + folder)
                }
                try change()
                let said = try await start(node, expecting: status)
                let line = said.split(separator: "\n").last { $0.contains(" critical cloister-node: ") } ?? ""
                #expect(line.contains(node.home + path) && line.contains(words), "\(path): \(said)")
                #expect(!said.contains("missing(") && !said.contains("Error Domain"), "\(said)")
            }
            func remove(_ paths: String...) throws {
                for path in paths { try files.removeItem(atPath: node.home + path) }
            }
            func write(_ text: String, _ path: String) throws {
                try text.write(toFile: node.home + path, atomically: true, encoding: .utf8)
            }
            let genesis = try String(contentsOfFile: node.home + "/config/genesis.json", encoding: .utf8)

            try await expect(65, "/config/priv_validator_enclave.json", "the validator's key is missing") {
                try remove("/config/priv_validator_enclave.json")
            }
            try await expect(65, "/config/priv_validator_enclave.json", "no file of CometBFT's format") {
                try write("{}", "/config/priv_validator_enclave.json")
            }
            // Another validator's, whose key is in files.
            let other = try await NodeProcess(settings: "[validator]\nsigner = \"file\"")
            func useFiles() throws {
                try node.configure("[validator]\nsigner = \"file\"")
                for name in ["/config/priv_validator_key.json", "/data/priv_validator_state.json"] {
                    try files.copyItem(atPath: other.home + name, toPath: node.home + name)
                }
            }
            try await expect(64, "/config/priv_validator_key.json", "the settings say that the enclave holds it") {
                try useFiles()
                try node.configure("")
                try remove("/config/priv_validator_enclave.json")
            }
            try await expect(65, "/config/priv_validator_key.json", "the validator's key is missing") {
                try useFiles()
                try remove("/config/priv_validator_key.json")
            }
            try await expect(
                65, "/data/priv_validator_state.json", "the record of what the validator signed is missing"
            ) {
                try useFiles()
                try remove("/data/priv_validator_state.json")
            }
            try await expect(65, "/data/priv_validator_state.json", "no file of CometBFT's format") {
                try useFiles()
                try write("{", "/data/priv_validator_state.json")
            }
            try await expect(65, "/config/genesis.json", "not the genesis file that the chain began with") {
                try write(genesis.replacing("1000000000000", with: "2000000000000"), "/config/genesis.json")
            }
            try await expect(65, "/config/genesis.json", "another chain's than the blocks") {
                try remove("/data/genesis.sha256")
                try write(genesis.replacing(NodeProcess.chainID, with: "another-1"), "/config/genesis.json")
            }
            try await expect(65, "/config/genesis.json", "this is no genesis file") {
                try remove("/data/genesis.sha256")
                try write(
                    genesis.replacing("app_hash", with: "no_hash").replacing("genesis_time", with: "time"),
                    "/config/genesis.json")
            }
            try await expect(65, "/data/consensus/blocks", "the state is at height") { try remove("/data/consensus") }
            try await expect(65, "/data/bootstrap.sealed", "the sealed record of this chain is gone") {
                try remove("/data/bootstrap.sealed", "/data/application")
            }
            try await expect(65, "/data/application/transactions.sqlite", "the index of transactions cannot be used") {
                for end in ["-wal", "-shm"] { try? remove("/data/application/transactions.sqlite\(end)") }
                try write(String(repeating: "no database ", count: 1_000), "/data/application/transactions.sqlite")
            }
        }

        @Test("a database that was cut is named, wherever it was cut, and nobody is ended by a signal")
        func cutDatabase() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let load = CounterLoad(
                try await node.session(.a), try await CounterContract.make(try await node.session(.a)))
            for _ in 0..<3 { try await load.call() }
            #expect(try await node.stop() == .exit(0))
            let (files, kept) = (FileManager.default, node.home + ".kept")
            try files.copyItem(atPath: node.home + "/data", toPath: kept)
            defer { try? files.removeItem(atPath: kept) }
            for path in ["/data/application/state/data.mdb", "/data/consensus/blocks/data.mdb"] {
                let whole = try Data(contentsOf: URL(fileURLWithPath: node.home + path))
                // The least that LMDB ever writes, then pages more and more.
                let lengths = [100, 4_096, 8_192] + stride(from: 3, to: whole.count / 4_096, by: 4).map { $0 * 4_096 }
                for length in lengths {
                    try files.removeItem(atPath: node.home + "/data")
                    try files.copyItem(atPath: kept, toPath: node.home + "/data")
                    try whole.prefix(length).write(to: URL(fileURLWithPath: node.home + path))
                    let before = node.log.utf8.count
                    try node.launch()
                    let said = { String(decoding: Array(node.log.utf8).dropFirst(before), as: UTF8.self) }
                    // What nobody reads is not missed; but then the node serves.
                    try await wait(seconds: 20, for: "the node to end or to serve") {
                        if node.child?.isRunning != true { return true }
                        return await (try? node.height()) ?? 0 > 0
                    }
                    if node.child?.isRunning == true {
                        for person in Person.allCases { _ = try? await node.balance(person.address) }
                        node.child?.send(SIGTERM)
                    }
                    let ending = try await node.child?.ending()
                    #expect(ending == .exit(65) || ending == .exit(0) && length > 8_192, "\(length): \(said())")
                    if ending == .exit(65) {
                        #expect(said().contains("cloister-node: \(node.home)\(path): "), "\(length): \(said())")
                    }
                }
            }
        }

        @Test("a database that is cut under a running node is named, too")
        func cutWhileRunning() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let path = node.home + "/data/application/state/data.mdb"
            #expect(truncate(path, 8_192) == 0)
            try await wait(seconds: 20, for: "the node to notice") {
                for person in Person.allCases { _ = try? await node.balance(person.address) }
                return node.child?.isRunning != true
            }
            #expect(try await node.child?.ending() == .exit(65))
            #expect(node.log.contains("cloister-node: \(path): a part of the file cannot be read"), "\(node.log)")
        }

        @Test("all that is wrong with the settings is told at once, each with its key")
        func settings() async throws {
            let node = try await NodeProcess()
            try """
            moniker = "a\\nb"
            log_level = "loud"
            prot = 7
            [rest]
            port = "abc"
            host = "no host"
            [metrics]
            port = 70000
            [enclave]
            query_lane = 3
            program = 7
            [mempool]
            size = 1.5
            [api]
            enable = true
            """.write(toFile: node.home + "/config/node.toml", atomically: true, encoding: .utf8)
            let said = try await start(node, expecting: 64)
            let wanted = [
                "moniker: must have no control characters", "log_level: must be trace, debug, info",
                "prot: is no setting",
                #"rest.port: must be a whole number from 1 to 65535, not "abc""#, "rest.host: must be an address",
                "metrics.port: must be a whole number from 1 to 65535, not 70000", "enclave.query_lane: is no setting",
                "enclave.program: must be standard or development, not 7", "mempool.size: must be a whole number",
                "api: is no section",
            ]
            for words in wanted { #expect(said.contains(words), "\(words)\n\(said)") }
            #expect(said.contains("\(node.home)/config/node.toml: \(wanted.count) things are not as they must be"))

            // The same without starting, and with it what else people write.
            try "{".write(toFile: node.home + "/config/genesis.json", atomically: true, encoding: .utf8)
            try "{}".write(
                toFile: node.home + "/config/priv_validator_enclave.json", atomically: true, encoding: .utf8)
            let validated = try await ChildProcess.run(
                Programs.path("cloister-node"), ["config", "validate", "--home", node.home])
            #expect(validated.ending == .exit(64))
            let told: String = validated.output
            let more: [String] = ["genesis.json: this is no genesis file", "no file of CometBFT's format"]
            for words: String in wanted + more { #expect(told.contains(words), "\(words)\n\(told)") }
        }

        @Test("localnet passes on why its node does not start, and does not try again")
        func localnetSaysWhy() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
            try FileManager.default.removeItem(atPath: net.home + "/config/priv_validator_enclave.json")
            try net.launch()
            #expect(try await net.child?.ending() == .exit(65))
            let file = net.home + "/config/priv_validator_enclave.json"
            #expect(net.output.contains("\(file): the validator's key is missing"))
            #expect(!net.output.contains("starting it again"))
        }
    }
}
