import Foundation
import Glibc
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// `cloister-node localnet`, as `make run` starts it.
final class LocalnetProcess {
    let folder: TemporaryFolder
    let home: String
    let (restPort, faucetPort, metricsPort): (Int, Int, Int)
    private(set) var child: ChildProcess?

    init(programs: String? = nil) throws {
        folder = TemporaryFolder("localnet")
        home = folder.path("net")
        let ports = try freePorts(3)
        (restPort, faucetPort, metricsPort) = (ports[0], ports[1], ports[2])
    }

    var client: ChainClient { ChainClient(node: "http://127.0.0.1:\(restPort)", timeoutSeconds: 20) }
    var faucet: ChainClient { ChainClient(node: "http://127.0.0.1:\(faucetPort)", timeoutSeconds: 20) }
    var output: String { child?.output ?? "" }
    var node: pid_t { get throws { try ProcessTable.child(of: child?.identifier ?? 0, named: "cloister-node") } }
    var enclave: pid_t {
        get throws {
            try ProcessTable.enclave(of: try ProcessTable.child(of: try node, named: "enclave-host"))
        }
    }

    func launch(_ more: [String] = [], programs: String? = nil) throws {
        child = try ChildProcess(
            (programs ?? Programs.folder) + "/cloister-node",
            [
                "localnet", "--home", home, "--rest-port", String(restPort), "--faucet-port", String(faucetPort),
                "--metrics-port", String(metricsPort),
            ] + more, log: folder.path("output"))
    }

    /// Starts and waits until it says that it serves.
    func start(_ more: [String] = [], programs: String? = nil) async throws {
        let before = output.components(separatedBy: "Serving:").count
        try launch(more, programs: programs)
        try await wait(seconds: 60, for: "localnet to serve") {
            guard self.child?.isRunning ?? false else {
                throw ChildProcess.Failure(description: "localnet ended: \(self.output)")
            }
            return self.output.components(separatedBy: "Serving:").count > before
        }
    }

    func height() async -> Int64 {
        let block = try? await client.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
        return block?["block"]?["header"]?["height"]?.string.flatMap { Int64($0) } ?? 0
    }
}

/// The built programs in a folder of their own, with an enclave of another measurement.
final class RebuiltPrograms {
    let folder: String

    /// Beside the folder of the built programs: the enclave finds its engine relative to its own place.
    init() throws {
        folder = (Programs.folder as NSString).deletingLastPathComponent + "/rebuilt-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["cloister-node", "cloister", "enclave-host"] {
            try FileManager.default.linkItem(atPath: Programs.path(name), toPath: folder + "/" + name)
        }
        // Bytes behind the last section change what is measured and nothing that runs.
        try FileManager.default.copyItem(
            atPath: Programs.path("cloister-enclave"), toPath: folder + "/cloister-enclave")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/cloister-enclave"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("rebuilt".utf8))
        try handle.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// The built programs in a folder of their own, with what a publisher signed of the enclave beside it.
final class SignedPrograms {
    let folder: String

    init() async throws {
        folder = (Programs.folder as NSString).deletingLastPathComponent + "/signed-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["cloister-node", "cloister", "enclave-host", "cloister-enclave"] {
            try FileManager.default.linkItem(atPath: Programs.path(name), toPath: folder + "/" + name)
        }
        try await sign(to: manifest, [])
    }

    var manifest: String { folder + "/cloister-enclave.manifest" }

    /// Signs the enclave; `options` are those of `sign.sh`.
    func sign(to path: String, _ options: [String]) async throws {
        let run = try await ChildProcess.run(
            Repository.path("enclave-host/sign.sh"), [folder + "/cloister-enclave", "--to", path] + options)
        guard run.ending == .exit(0) else { throw ChildProcess.Failure(description: "sign.sh: \(run)") }
    }

    /// A node of these programs, which has not been started.
    func node(in home: String) async throws -> NodeProcess {
        let made = try await ChildProcess.run(
            folder + "/cloister-node", ["init", "signed", "--chain-id", NodeProcess.chainID, "--home", home])
        guard made.ending == .exit(0) else { throw ChildProcess.Failure(description: "init: \(made)") }
        return try NodeProcess(home: home)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

extension Scenarios {
    @Suite(.serialized) struct LocalnetTests {
        @Test("localnet shows a first private call, restarts a node whose enclave died, and ends all at an interrupt")
        func supervises() async throws {
            let net = try LocalnetProcess()
            try await net.start(["--demo", CounterContract.codeFile])
            #expect(net.output.contains(#"the caller sees    data  {"count":42}"#))
            let (node, enclave) = (try net.node, try net.enclave)
            let height = await net.height()
            #expect(height > 2)

            kill(enclave, SIGKILL)
            try await wait(for: "another node") { (try? net.node).map { $0 != node } ?? false }
            try await wait(for: "the chain to go on") { await net.height() >= height }
            let receiver = try Wallet(mnemonic: Wallet.newMnemonic()).address
            #expect(try await net.faucet.get("/faucet?address=\(receiver)")["txhash"] != nil)

            let processes = [try net.node, try net.enclave]
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
            #expect(processes.allSatisfy { !ProcessTable.isRunning($0) })
            let blocks = try LogGrammar.text(net.output).filter { $0.contains(" localnet: block  height=") }
            #expect(blocks.contains { $0.contains(/transactions=1 failed=0 gas=[1-9][0-9]{4,} milliseconds=[0-9]/) })
            let ofNode = try LogGrammar.text(String(contentsOfFile: net.home + "/node.log", encoding: .utf8))
            #expect(ofNode.contains { $0.contains(" enclave-host: the enclave was killed by signal 9") }, "\(ofNode)")
            #expect(ofNode.contains { $0.contains(" critical cloister-node: ") && $0.hasSuffix("  status=75") })
            _ = try LogGrammar.text(String(contentsOfFile: net.home + "/faucet.log", encoding: .utf8))
            let kept = await net.height()
            #expect(kept == 0, "nothing answers any more")

            try await net.start(["--demo", CounterContract.codeFile])
            #expect(net.output.contains(#"the caller sees    data  {"count":43}"#))
            #expect(await net.height() > height)
            net.child?.send(SIGTERM)
            #expect(try await net.child?.ending() == .exit(0))
        }

        @Test("kill -9 of localnet ends all its processes")
        func supervisorDies() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            let supervisor = try #require(net.child).identifier
            let processes = ProcessTable.children(of: supervisor).map(\.process) + [try net.enclave]
            #expect(processes.count == 3)
            kill(supervisor, SIGKILL)
            try await wait(for: "the rest to end") { processes.allSatisfy { !ProcessTable.isRunning($0) } }
            try await net.start()
            net.child?.send(SIGHUP)
            #expect(try await net.child?.ending() == .exit(0))
        }

        @Test("a port in use, and a folder in use, are one line each")
        func inUse() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            let second = try await ChildProcess.run(
                Programs.path("cloister-node"),
                [
                    "localnet", "--home", net.folder.path("other"), "--rest-port", String(net.restPort),
                    "--faucet-port",
                    String(try freePorts(1)[0]), "--metrics-port", String(try freePorts(1)[0]),
                ])
            #expect(second.ending == .exit(64))
            #expect(second.output.split(separator: "\n").count == 1)
            #expect(second.output.contains("\(net.restPort): the port is in use"))
            #expect(!FileManager.default.fileExists(atPath: net.folder.path("other")))

            let third = try await ChildProcess.run(Programs.path("cloister-node"), ["start", "--home", net.home])
            #expect(third.ending == .exit(64))
            #expect(third.output.contains("another node runs in \(net.home)"))
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
        }

        @Test("a second localnet in one folder, even of a rebuilt enclave and with other ports, leaves the first alone")
        func secondInOneFolder() async throws {
            let rebuilt = try RebuiltPrograms()
            let net = try LocalnetProcess()
            try await net.start()
            let height = await net.height()
            for programs in [rebuilt.folder, Programs.folder] {
                let ports = try freePorts(3).map(String.init)
                let second = try await ChildProcess.run(
                    programs + "/cloister-node",
                    [
                        "localnet", "--home", net.home, "--rest-port", ports[0], "--faucet-port", ports[1],
                        "--metrics-port", ports[2],
                    ])
                #expect(second.ending == .exit(64))
                #expect(second.output.contains("another local network runs in \(net.home)"), "\(second.output)")
            }
            #expect(!FileManager.default.fileExists(atPath: net.home + ".1"))
            #expect(await net.height() >= height)
            let receiver = try Wallet(mnemonic: Wallet.newMnemonic()).address
            #expect(try await net.faucet.get("/faucet?address=\(receiver)")["txhash"] != nil)
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))

            // A node that runs in the folder by itself keeps it, too.
            let node = try ChildProcess(
                Programs.path("cloister-node"), ["start", "--home", net.home], log: net.folder.path("node"))
            try await wait(for: "the node to serve") { await net.height() > 0 }
            let ports = try freePorts(3).map(String.init)
            let third = try await ChildProcess.run(
                rebuilt.folder + "/cloister-node",
                [
                    "localnet", "--home", net.home, "--rest-port", ports[0], "--faucet-port", ports[1],
                    "--metrics-port", ports[2],
                ])
            #expect(third.ending == .exit(64) && third.output.contains("another node runs in"), "\(third)")
            node.send(SIGTERM)
            #expect(try await node.ending() == .exit(0))
        }

        @Test("the faucet may be asked by web pages of other addresses")
        func faucetForWebPages() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            let page = "Host: a\r\nOrigin: http://localhost:3000\r\n"
            let preflight = try RawConnection(port: net.faucetPort)
            preflight.write(
                Array("OPTIONS /faucet HTTP/1.1\r\n\(page)Access-Control-Request-Method: GET\r\n\r\n".utf8))
            let allowed = preflight.read().lowercased()
            #expect(
                allowed.hasPrefix("http/1.1 204") && allowed.contains("access-control-allow-origin: *"), "\(allowed)")
            for path in ["/status", "/faucet"] {
                let connection = try RawConnection(port: net.faucetPort)
                connection.write(Array("GET \(path) HTTP/1.1\r\n\(page)\r\n".utf8))
                let answer = connection.read().lowercased()
                #expect(answer.contains("access-control-allow-origin: *"), "\(answer)")
            }
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
        }

        @Test(
            "a rebuilt enclave is refused by start and by localnet --keep, and without it the old chain is moved aside")
        func rebuiltEnclave() async throws {
            let rebuilt = try RebuiltPrograms()
            let net = try LocalnetProcess()
            try await net.start()
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
            let genesis = try String(contentsOfFile: net.home + "/config/genesis.json", encoding: .utf8)

            let started = try await ChildProcess.run(rebuilt.folder + "/cloister-node", ["start", "--home", net.home])
            #expect(started.ending == .exit(64))
            #expect(started.output.contains("the enclave cannot open this chain's record"))

            try net.launch(["--keep"], programs: rebuilt.folder)
            #expect(try await net.child?.ending() == .exit(64))
            #expect(net.output.contains("this chain was sealed by enclave"))
            #expect(try String(contentsOfFile: net.home + "/config/genesis.json", encoding: .utf8) == genesis)

            try await net.start(programs: rebuilt.folder)
            #expect(net.output.contains("The enclave is another"))
            #expect(net.output.contains("The old chain is in \(net.home).1; starting a fresh one"))
            #expect(try String(contentsOfFile: net.home + ".1/config/genesis.json", encoding: .utf8) == genesis)
            #expect(try String(contentsOfFile: net.home + "/config/genesis.json", encoding: .utf8) != genesis)
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
        }
    }
}
