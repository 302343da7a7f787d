import Foundation
import StrictJSON
import TestSupport
import Testing
import WalletClient

extension Scenarios {
    /// Machines that join by evidence, with a real CometBFT on either side or on both, which `COMETBFT` names.
    /// Elsewhere they show as skipped.
    @Suite(
        .serialized, .timeLimit(.minutes(20)),
        .enabled(if: ProcessInfo.processInfo.environment["COMETBFT"] != nil, "COMETBFT names no CometBFT to try with"))
    struct CometBFTSyncTests {
        enum Way: String, CaseIterable { case blocks, state }

        private static let program = ProcessInfo.processInfo.environment["COMETBFT"] ?? ""
        private let folder = TemporaryFolder("sync")

        private func command(_ arguments: [String]) async throws {
            let run = try await ChildProcess.run(Programs.path("cloister-node"), arguments, within: 120)
            try #require(run.ending == .exit(0), "\(arguments): \(run)")
        }

        /// CometBFT's own settings for nodes that share one machine.
        private func settle(_ home: String) throws {
            let folder = home + "/data/cometbft/config"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try """
            node_key_file = "\(home)/config/node_key.json"
            log_level = "info"

            [p2p]
            addr_book_strict = false
            allow_duplicate_ip = true

            [rpc]
            max_body_bytes = 8388608

            [mempool]
            max_tx_bytes = 4194304

            """.write(toFile: folder + "/config.toml", atomically: true, encoding: .utf8)
        }

        private func settings(
            engine: String, peers: Int, rpc: Int, door: Int, dials: String? = nil, more: String = ""
        ) -> String {
            engine == "cometbft"
                ? """
                [cometbft]
                program = "\(Self.program)"
                rpc = "tcp://127.0.0.1:\(rpc)"
                peers = "tcp://127.0.0.1:\(peers)"
                persistent_peers = "\(dials ?? "")"
                empty_blocks = 1
                [rpc]
                listen = "127.0.0.1:\(door)"
                [statesync]
                interval = 8
                \(more)
                """
                : """
                [p2p]
                listen = "127.0.0.1:\(peers)"
                persistent_peers = "\(dials ?? "")"
                allow_duplicate_ip = true
                [consensus]
                block_interval = 500
                [rpc]
                listen = "127.0.0.1:\(door)"
                [statesync]
                interval = 8
                \(more)
                """
        }

        @Test(
            "a machine that joins by evidence gets the chain by blocks and by state, under either engine, from either",
            arguments: ["embedded", "cometbft"])
        func joins(from source: String) async throws {
            let ports = try freePorts(3)
            let first = try await NodeProcess(
                settings: settings(engine: source, peers: ports[0], rpc: ports[1], door: ports[2]))
            try settle(first.home)
            try await first.start(engine: source)
            let session = try await first.session(.c)
            let contract = try await CounterContract.make(session)
            let wallet = try WalletProcess(first.url)
            try await wallet.recover(.a)
            let id = try await first.id()
            // Contract calls all the while.
            let caller = try await first.session(.b)
            let load = Task { () -> Int64 in
                let load = CounterLoad(caller, contract)
                var done: Int64 = 0
                while !Task.isCancelled {
                    do { try await load.call() } catch {
                        guard Task.isCancelled else { throw error }
                        break
                    }
                    done += 1
                }
                return done
            }
            defer { load.cancel() }

            var homes = 0
            for engine in ["embedded", "cometbft"] {
                for way in Way.allCases {
                    homes += 1
                    let home = folder.path("\(source)-\(engine)-\(way)")
                    try await command([
                        "init", "\(engine)-\(way)", "--home", home, "--join", first.url, "--maker",
                        first.home + "/data/platform",
                    ])
                    try settle(home)
                    try await command(["register", "--home", home, "--from", "a", "--wallet", wallet.home])
                    let mine = try freePorts(3)
                    let more =
                        way == .blocks
                        ? ""
                        : """
                        enable = true
                        discovery_time = "5s"
                        rpc_servers = "127.0.0.1:\(ports[2]),127.0.0.1:\(ports[2])"
                        trust_height = 2
                        trust_hash = "\(try await hash(of: 2, at: ports[2]))"
                        """
                    let node = try NodeProcess(
                        home: home,
                        settings: settings(
                            engine: engine, peers: mine[0], rpc: mine[1], door: mine[2],
                            dials: "\(id)@127.0.0.1:\(ports[0])", more: more))
                    let what = "\(engine) by \(way) from \(source)"
                    try node.launch(engine: engine)
                    do {
                        try await wait(seconds: 240, for: "\(what) to serve") {
                            guard node.child?.isRunning == true else {
                                throw ChildProcess.Failure(description: "it ended")
                            }
                            return await (try? node.height()) ?? 0 > 0
                        }
                    } catch {
                        let comet =
                            (try? String(contentsOfFile: home + "/data/cometbft/cometbft.log", encoding: .utf8)) ?? ""
                        throw ChildProcess.Failure(
                            description: "\(what): \(error)\n\(node.log.suffix(3_000))\n\(comet.suffix(6_000))")
                    }
                    let height = try await first.height()
                    try await wait(seconds: 120, for: "\(what) to have the chain") { try await node.height() >= height }
                    let there = try await node.session(.d)
                    try await wait(seconds: 180, for: "\(what) to answer for the contract") {
                        (try? await contract.count(there)) ?? 0 > 0
                    }
                    #expect((try await earliest(node) > 2) == (way == .state), "\(what)")
                    // Whatever was decided, both have the same.
                    for height in [height, height - 1] {
                        #expect(try await hash(of: height, at: mine[2]) == hash(of: height, at: ports[2]), "\(what)")
                    }
                    // And again, from what it has.
                    #expect(try await node.stop() == .exit(0), "\(what)")
                    try await node.start(engine: engine)
                    let later = try await first.height()
                    try await wait(seconds: 120, for: "\(what) to have the chain again") {
                        try await node.height() >= later
                    }
                    #expect(try await node.stop() == .exit(0), "\(what)")
                }
            }
            load.cancel()
            let called = try await load.value
            try await wait(seconds: 60, for: "the last call") { try await contract.count(session) >= called }
            #expect(called > 10)
            #expect(homes == 4)
            #expect(try await first.stop() == .exit(0))
        }

        private func earliest(_ node: NodeProcess) async throws -> Int64 {
            let status = try await node.client.get("/cosmos/base/node/v1beta1/status")
            return status["earliest_store_height"]?.string.flatMap { Int64($0) } ?? 0
        }

        /// Of a header, as the RPC at a port says it.
        private func hash(of height: Int64, at port: Int) async throws -> String {
            let answer = try await ChainClient(node: "http://127.0.0.1:\(port)", timeoutSeconds: 20)
                .get("/commit?height=\(height)")
            return try #require(answer["result"]?["signed_header"]?["commit"]?["block_id"]?["hash"]?.string)
        }

        @Test("headers, commits, sets, blocks and parameters are said as CometBFT's own RPC says them")
        func sameWords() async throws {
            let ports = try freePorts(3)
            let node = try await NodeProcess(
                settings: settings(engine: "cometbft", peers: ports[0], rpc: ports[1], door: ports[2]))
            try await node.start(engine: "cometbft")
            let session = try await node.session(.c)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 2)
            let height = try await node.height()
            let (theirs, ours) = (
                ChainClient(node: "http://127.0.0.1:\(ports[1])", timeoutSeconds: 20),
                ChainClient(node: "http://127.0.0.1:\(ports[2])", timeoutSeconds: 20)
            )
            for height in 1...height {
                for method in ["header", "commit", "block", "validators", "consensus_params"] {
                    let (one, other) = (
                        try await theirs.get("/\(method)?height=\(height)"),
                        try await ours.get("/\(method)?height=\(height)")
                    )
                    #expect(one["result"] != nil && one["result"] == other["result"], "\(method) \(height)")
                }
            }
            #expect(try await node.stop() == .exit(0))
        }
    }
}
