import Foundation
import Glibc
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// What a node tells its operator while it runs, and when its chain stands.
extension Scenarios {
    @Suite(.serialized) struct WatchTests {
        /// Of the operator's port: status and body.
        private func page(_ node: NodeProcess, _ path: String) async throws -> (status: String, text: String) {
            let port = node.metricsPort
            let answer = try await onThread {
                let connection = try RawConnection(port: port)
                connection.write(Array("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
                var (all, chunk) = ("", connection.read())
                while !chunk.isEmpty { (all, chunk) = (all + chunk, connection.read()) }
                return all
            }
            let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
            return (String(answer.split(separator: " ").dropFirst().first ?? ""), String(parts.last ?? ""))
        }

        private func status(_ node: NodeProcess) async throws -> JSONValue {
            try JSONReader.parse(Array(try await page(node, "/status").text.utf8))
        }

        @Test("a node whose enclave is silent says so in its log, its health, its readiness and its metrics")
        func silentEnclave() async throws {
            let node = try await NodeProcess(settings: "[consensus]\nstall = 2000")
            try await node.start()
            try await wait(for: "the node to be ready") { try await page(node, "/ready").status == "200" }
            #expect(try await page(node, "/health").status == "200")
            #expect(try await status(node)["stall"]?.isNull == true)
            // The numbers are looked at four times a second.
            try await wait(for: "the node to look at itself") {
                try await page(node, "/metrics").text.contains("\ncometbft_consensus_validator_power{")
            }
            let metrics = try await page(node, "/metrics").text
            let label = "{chain_id=\"\(NodeProcess.chainID)\"}"
            for name in [
                "consensus_height", "consensus_latest_block_height", "consensus_rounds", "consensus_validators",
                "consensus_validators_power", "consensus_missing_validators", "consensus_byzantine_validators",
                "consensus_num_txs", "consensus_block_size_bytes", "consensus_total_txs", "p2p_peers",
                "mempool_size", "mempool_size_bytes", "mempool_failed_txs", "mempool_rejected_txs",
                "mempool_already_received_txs", "mempool_evicted_txs", "mempool_recheck_times", "blocksync_syncing",
                "consensus_byzantine_validators_power", "consensus_duplicate_vote", "consensus_duplicate_block_part",
                "state_validator_set_updates", "state_consensus_param_updates",
            ] { #expect(metrics.contains("\ncometbft_\(name)\(label) "), "\(name)\n\(metrics)") }
            #expect(metrics.contains("cometbft_consensus_block_interval_seconds_count\(label) "))
            #expect(metrics.contains("cometbft_consensus_validator_power{chain_id="))
            // The blocks of a start and what they took: alone, a node proposes each and goes through each step.
            func value(_ name: String, _ more: String = "") -> Double {
                let start = "cometbft_\(name){chain_id=\"\(NodeProcess.chainID)\"\(more)} "
                let line = metrics.split(separator: "\n").first { $0.hasPrefix(start) }
                return line.flatMap { Double($0.dropFirst(start.count)) } ?? -1
            }
            let height = value("consensus_height")
            #expect(value("consensus_proposal_create_count") >= height)
            #expect(value("consensus_round_duration_seconds_count") >= height - 1)
            for step in ["NewHeight", "Propose", "Prevote", "Precommit", "Commit"] {
                let count = value("consensus_step_duration_seconds_count", ",step=\"\(step)\"")
                #expect(count >= height - 1, "\(step)\n\(metrics)")
            }
            #expect(value("mempool_tx_size_bytes_count") >= 0)
            for kind in ["consensus_Vote", "mempool_Txs", "blocksync_BlockResponse"] {
                #expect(value("p2p_message_send_bytes_total", ",message_type=\"\(kind)\"") == 0)
                #expect(value("p2p_message_receive_bytes_total", ",message_type=\"\(kind)\"") == 0)
            }
            for kind in ["prevote", "precommit"] {
                #expect(value("consensus_late_votes", ",vote_type=\"\(kind)\"") == 0)
            }
            #expect(metrics.contains("\ncometbft_consensus_validators\(label) 1\n"))
            #expect(metrics.contains("\ncloister_build_info{version=\"0.") && metrics.contains("\nprocess_open_fds "))
            #expect(metrics.contains("\ncloister_stalled 0\n") && metrics.contains("\ncloister_enclave_answers 1\n"))

            let enclave = try node.enclave
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            // What the rules and the dashboard of docs/monitoring ask for is what a node exports.
            let exported = try await page(node, "/metrics").text
            for file in ["alerts.yml", "grafana.json"] {
                let text = try String(contentsOfFile: Repository.path("docs/monitoring/" + file), encoding: .utf8)
                let names = Set(text.matches(of: /\b(?:cometbft|cloister|process)_[a-z0-9_]+/).map(\.output))
                #expect(names.count > 8)
                for name in names {
                    #expect(exported.contains("\n\(name){") || exported.contains("\n\(name) "), "\(file): \(name)")
                }
            }
            kill(enclave, SIGSTOP)
            // What comes now is not decided: the enclave is the one that votes.
            try await load.call(waits: false)
            try await wait(seconds: 60, for: "the node to notice") {
                let text = try await page(node, "/metrics").text
                return text.contains("cloister_stall_cause{cause=\"enclave\"} 1")
                    && text.contains("cloister_stalled 1")
            }
            #expect(try await page(node, "/health").status == "503")
            let ready = try await page(node, "/ready")
            #expect(ready.status == "503" && ready.text.contains("the enclave has not answered for"), "\(ready)")
            let causes = try await status(node)["stall"]?["causes"]?.array ?? []
            #expect(causes.contains("enclave"), "\(causes)")
            #expect(node.log.contains("no block is decided"))
            kill(enclave, SIGCONT)
            try await wait(for: "the node to be well again") { try await page(node, "/ready").status == "200" }
            #expect(node.log.contains("blocks are decided again"))
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a node that lacks other validators' votes names them, and one without peers says that")
        func missingValidators() async throws {
            let node = try await NodeProcess(
                settings: "[consensus]\nstall = 2000\n[p2p]\nlisten = \"127.0.0.1:\(try freePorts(1)[0])\"")
            // Of another validator, which never runs, as strong as this one.
            let other = try await NodeProcess()
            let path = node.home + "/config/genesis.json"
            func validators(_ home: String) throws -> String {
                let text = try String(contentsOfFile: home + "/config/genesis.json", encoding: .utf8)
                let from = try #require(text.range(of: "\"validators\":["))
                let end = try #require(text[from.upperBound...].range(of: "]"))
                return String(text[from.upperBound..<end.lowerBound])
            }
            let (own, others) = (try validators(node.home), try validators(other.home))
            try String(contentsOfFile: path, encoding: .utf8).replacing(own, with: own + "," + others)
                .write(toFile: path, atomically: true, encoding: .utf8)
            try node.launch()
            try await wait(seconds: 60, for: "the node to notice") {
                guard node.child?.isRunning == true else {
                    throw ChildProcess.Failure(description: "the node ended: \(node.log)")
                }
                return node.log.contains("no block is decided")
            }
            let status = try await status(node)
            let causes = status["stall"]?["causes"]?.array ?? []
            #expect(causes.contains("peers") && causes.contains("validators"), "\(status)")
            let key = try String(contentsOfFile: other.home + "/config/priv_validator_enclave.json", encoding: .utf8)
            let address = try #require(try JSONReader.parse(Array(key.utf8))["address"]?.string)
            let why = (status["stall"]?["why"]?.array ?? []).compactMap(\.string).joined()
            #expect(why.contains(address) && why.contains("no peer is connected"), "\(why)")
            // It lives: another start would change nothing.
            #expect(try await page(node, "/health").status == "200")
            #expect(try await page(node, "/ready").status == "503")
            #expect(try await node.stop() == .exit(0))
        }

        @Test("blocks come without transactions where the settings say so")
        func emptyBlocks() async throws {
            let node = try await NodeProcess(settings: "[consensus]\nempty_blocks = true\nblock_interval = 100")
            try await node.start()
            let height = try await node.height()
            try await wait(for: "blocks that nobody asked for") { try await node.height() >= height + 5 }
            #expect(try await node.stop() == .exit(0))
        }

        @Test(
            "a node whose CometBFT stands says so, and what that says of itself",
            .enabled(
                if: ProcessInfo.processInfo.environment["COMETBFT"] != nil, "COMETBFT names no CometBFT to try with"))
        func silentCometBFT() async throws {
            let ports = try freePorts(2)
            let node = try await NodeProcess(
                settings: """
                    [consensus]
                    stall = 2000
                    [cometbft]
                    program = "\(ProcessInfo.processInfo.environment["COMETBFT"]!)"
                    rpc = "tcp://127.0.0.1:\(ports[0])"
                    peers = "tcp://127.0.0.1:\(ports[1])"
                    empty_blocks = 1
                    """)
            try await node.start(engine: "cometbft")
            try await wait(seconds: 60, for: "CometBFT to be asked") {
                let view = try await status(node)["cometbft"]
                return view?["height"]?.string.flatMap { Int($0) } ?? 0 > 1 && view?["fetching"] == false
            }
            try await wait(for: "the node to be ready") { try await page(node, "/ready").status == "200" }
            let shown = try await ChildProcess.run(Programs.path("cloister-node"), ["status", "--home", node.home])
            #expect(shown.output.contains("0 peers, 0 transactions wait"), "\(shown.output)")
            let cometBFT = try ProcessTable.child(of: #require(node.child).identifier, named: "cometbft")
            kill(cometBFT, SIGSTOP)
            try await wait(seconds: 60, for: "the node to notice") {
                let text = try await page(node, "/metrics").text
                return text.contains("cloister_stall_cause{cause=\"engine\"} 1")
                    && text.contains("cloister_stalled 1")
            }
            let ready = try await page(node, "/ready")
            #expect(ready.status == "503" && ready.text.contains("CometBFT hands over no block"), "\(ready)")
            try await wait(seconds: 60, for: "the silence to show") {
                try await page(node, "/ready").text.contains("its RPC does not answer")
            }
            kill(cometBFT, SIGCONT)
            try await wait(seconds: 60, for: "the node to be well again") {
                try await page(node, "/ready").status == "200"
            }
            // It cannot go on without: a supervisor starts both again.
            kill(cometBFT, SIGKILL)
            #expect(try await #require(node.child).ending() == .exit(75))
        }

        @Test("the level of the log changes while the node runs, and settings that cannot be read change nothing")
        func logLevel() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let file = node.home + "/config/node.toml"
            let settings = try String(contentsOfFile: file, encoding: .utf8)
            func reload(_ text: String) async throws -> ChildProcess.Ending {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                return try await ChildProcess.run(
                    Programs.path("cloister-node"), ["reload", "--home", node.home]
                ).ending
            }
            #expect(!node.log.contains("Z debug "))
            #expect(try await reload("log_level = \"debug\"\n" + settings) == .exit(0))
            try await wait(for: "the settings to be read") { node.log.contains("settings read again") }
            #expect(node.log.contains("as at the start"))
            let session = try await node.session(.a)
            _ = try await CounterContract.make(session)
            #expect(node.log.contains("Z debug "))
            #expect(try await status(node)["log_level"] == "debug")
            #expect(try await reload("log_level = \"loud\"\n" + settings) == .exit(64))
            #expect(try await status(node)["log_level"] == "debug")
            #expect(try await reload(settings.replacing("[rest]", with: "[mempool]\nsize = 7\n[rest]")) == .exit(0))
            try await wait(for: "what waits to be told") { node.log.contains("they hold from the next start") }
            #expect(try await status(node)["log_level"] == "info")
            #expect(try await node.stop() == .exit(0))
            #expect(try await reload(settings) == .exit(75))
        }
    }
}
