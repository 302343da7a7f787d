import Foundation
import Glibc
import StrictJSON
import TestSupport
import Testing

extension Scenarios {
    @Suite(.serialized) struct DoctorTests {
        private let files = FileManager.default

        private func doctor(_ node: NodeProcess) async throws -> (ending: ChildProcess.Ending, findings: [JSONValue]) {
            let run = try await ChildProcess.run(
                Programs.path("cloister-node"), ["doctor", "--json", "--home", node.home])
            // The launcher's last words may stand before or behind.
            let from = try #require(run.output.range(of: "[\n")?.lowerBound, "\(run.output)")
            let lines = run.output[from...].components(separatedBy: "\n]")[0] + "\n]"
            return (run.ending, try JSONReader.parse(Array(lines.utf8)).array ?? [])
        }

        /// What is wrong, by the names of the checks; each with something to do.
        private func faults(_ findings: [JSONValue]) -> [String] {
            let faults = findings.filter { $0["level"] == "fault" }
            #expect(
                faults.allSatisfy { !($0["text"]?.string ?? "").isEmpty && $0["remedy"]?.string != nil }, "\(faults)")
            return faults.compactMap { $0["check"]?.string }
        }

        @Test("the doctor finds nothing wrong with a node that is well, running or not, and leaves it as it was")
        func well() async throws {
            let node = try await NodeProcess()
            // `init` had the machine make the validator's key.
            let machine = try files.contentsOfDirectory(atPath: node.home + "/data/platform").sorted()
            let fresh = try await doctor(node)
            #expect(fresh.ending == .exit(0) && faults(fresh.findings).isEmpty, "\(fresh)")
            #expect(try files.contentsOfDirectory(atPath: node.home + "/data/platform").sorted() == machine)
            try await node.start()
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 2)
            let running = try await doctor(node)
            #expect(running.ending == .exit(0) && faults(running.findings).isEmpty, "\(running)")
            let checks = Set(running.findings.compactMap { $0["check"]?.string })
            #expect(
                checks == [
                    "settings", "node", "versions", "enclave", "attestation", "disk", "clock", "peers", "key",
                ], "\(checks)")
            #expect(try await node.stop() == .exit(0))
            let stopped = try await doctor(node)
            #expect(stopped.ending == .exit(0) && faults(stopped.findings).isEmpty, "\(stopped)")
            #expect(Set(stopped.findings.compactMap { $0["check"]?.string }) == checks)
            try await node.start()
            #expect(try await load.contract.count(session) == 2)
            #expect(try await node.stop() == .exit(0))
        }

        @Test("before a chain has begun the doctor says what its first start would refuse")
        func firstStart() async throws {
            let node = try await NodeProcess()
            let path = node.home + "/config/node.toml"
            let settings = try String(contentsOfFile: path, encoding: .utf8)
            // The launcher of the build has the node's user.
            try ("profile = \"production\"\n" + settings).write(toFile: path, atomically: false, encoding: .utf8)
            let run = try await doctor(node)
            #expect(run.ending == .exit(64))
            #expect(faults(run.findings) == ["enclave"])
            #expect("\(run.findings)".contains("runs as a user of its own"))
        }

        @Test("the doctor names each fault, what to do about it, and ends as a node would")
        func faults() async throws {
            let node = try await NodeProcess(settings: "[validator]\nsigner = \"file\"")
            try await node.start()
            let other = try freePorts(1)[0]
            #expect(try await node.stop() == .exit(0))
            let home = node.home
            func replaced(_ path: String, _ change: (String) -> String) throws -> () throws -> Void {
                let old = try String(contentsOfFile: path, encoding: .utf8)
                try change(old).write(toFile: path, atomically: false, encoding: .utf8)
                return { try old.write(toFile: path, atomically: false, encoding: .utf8) }
            }
            func moved(_ path: String) throws -> () throws -> Void {
                try files.moveItem(atPath: path, toPath: path + ".away")
                return { try files.moveItem(atPath: path + ".away", toPath: path) }
            }
            let key = home + "/config/priv_validator_key.json"
            let id = String(repeating: "ab", count: 20)
            let damages: [(check: String, status: Int32, damage: () throws -> () throws -> Void)] = [
                (
                    "key", 64,
                    {
                        chmod(key, 0o644)
                        return { chmod(key, 0o600) }
                    }
                ),
                ("enclave", 65, { try moved(home + "/data/platform") }),
                ("settings", 65, { try moved(home + "/data/priv_validator_state.json") }),
                (
                    "settings", 64,
                    { try replaced(home + "/config/node.toml") { $0.replacing("[rest]", with: "[rest]\nprot = 1") } }
                ),
                (
                    "versions", 64,
                    { try replaced(home + "/data/measurement") { _ in String(repeating: "0", count: 64) + "\n" } }
                ),
                (
                    "enclave", 65,
                    {
                        let state = home + "/data/application/state/data.mdb"
                        let undo = try moved(state)
                        try Data(repeating: 1, count: 5_000).write(to: URL(fileURLWithPath: state))
                        return {
                            try files.removeItem(atPath: state)
                            try undo()
                        }
                    }
                ),
                (
                    "peers", 75,
                    {
                        try replaced(home + "/config/node.toml") {
                            $0 + "[p2p]\npersistent_peers = \"\(id)@127.0.0.1:\(other)\"\n"
                        }
                    }
                ),
                (
                    "key", 77,
                    {
                        try replaced(home + "/data/priv_validator_state.json") { _ in
                            #"{"height": "900", "round": 0, "step": 3}"#
                        }
                    }
                ),
            ]
            for (check, status, damage) in damages {
                let undo = try damage()
                let found = try await doctor(node)
                #expect(faults(found.findings).first == check && found.ending == .exit(status), "\(check): \(found)")
                try undo()
            }
            let found = try await doctor(node)
            #expect(found.ending == .exit(0) && faults(found.findings).isEmpty, "\(found)")
        }

        @Test("the doctor of a node that hangs says so")
        func hanging() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let enclave = try node.enclave
            kill(enclave, SIGSTOP)
            try await wait(seconds: 40, for: "the silence to be noticed") {
                try await faults(doctor(node).findings).contains("enclave")
            }
            kill(enclave, SIGCONT)
            let process = node.process
            kill(process, SIGSTOP)
            let stopped = try await doctor(node)
            #expect(faults(stopped.findings).first == "node" && stopped.ending == .exit(75), "\(stopped)")
            kill(process, SIGCONT)
            #expect(try await node.stop() == .exit(0))
        }
    }
}
