import Foundation
import Glibc
import TestSupport
import Testing

/// The commands of docs/operations.md, typed one after the other as they stand there.
extension Scenarios {
    @Suite(.serialized) struct OperationsTests {
        /// The blocks that are commands; those marked as text are for two machines.
        private static func blocks(_ page: String) -> [String] {
            page.components(separatedBy: "\n```sh\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
        }

        /// What systemd does for the units, as far as the page asks for it; it comes back when the node serves.
        private static func systemctl(_ nodes: String, ports: [String: (rest: Int, metrics: Int)]) -> String {
            let places = ports.map { "    cloister-node@\($0)) rest=\($1.rest) metrics=\($1.metrics) ;;" }.sorted()
            return """
                #!/bin/bash
                set -euo pipefail
                unit=${@: -1}
                case "$unit" in
                \(places.joined(separator: "\n"))
                    *) echo "no unit $unit" >&2; exit 1 ;;
                esac
                home='\(nodes)'/${unit#*@}
                start() {
                    sed -i "s/^port = 1317$/port = $rest/; s/^port = 26660$/port = $metrics/" "$home/config/node.toml"
                    # Foundation takes a process for running while anybody has a descriptor of its, so the node gets none.
                    (
                        for file in /proc/$BASHPID/fd/*; do
                            [ "${file##*/}" -le 2 ] || eval "exec ${file##*/}>&-"
                        done
                        exec cloister-node start --home "$home" >> "$home/log" 2>&1 < /dev/null
                    ) &
                    echo $! > "$home/pid"
                    for _ in $(seq 300); do
                        [[ $(cloister-node status --json --home "$home" 2>&1) == *'"ready": true'* ]] && return 0
                        kill -0 "$(cat "$home/pid")" || { tail -2 "$home/log" >&2; return 1; }
                        sleep 0.1
                    done
                    return 1
                }
                stop() {
                    pid=$(cat "$home/pid")
                    kill "$pid"
                    while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
                }
                case "$1" in
                enable | start) start ;;
                stop) stop ;;
                restart) stop && start ;;
                reload) cloister-node reload --home "$home" && sleep 1 ;;
                *) echo "unknown: $*" >&2; exit 1 ;;
                esac

                """
        }

        /// For a machine without it.
        private static let curl = """
            #!/usr/bin/env python3
            import sys, urllib.request
            sys.stdout.write(urllib.request.urlopen(sys.argv[-1]).read().decode())

            """

        @Test("every command of the page for the person on call does what stands there", .timeLimit(.minutes(20)))
        func page() async throws {
            let folder = TemporaryFolder("operations")
            let (nodes, backups, programs) = (folder.path("nodes"), folder.path("backups"), folder.path("bin"))
            for path in [nodes, backups, programs] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            let ports = try freePorts(8)
            let home = nodes + "/main"
            func program(_ name: String, _ text: String) throws {
                try text.write(toFile: programs + "/" + name, atomically: false, encoding: .utf8)
                chmod(programs + "/" + name, 0o755)
            }
            try program(
                "systemctl",
                Self.systemctl(
                    nodes,
                    ports: [
                        "main": (rest: ports[0], metrics: ports[1]), "joined": (rest: ports[2], metrics: ports[3]),
                        "synced": (rest: ports[6], metrics: ports[7]),
                    ]))
            if !FileManager.default.isExecutableFile(atPath: "/usr/bin/curl") { try program("curl", Self.curl) }
            let path = "\(programs):\(folder.path("libexec")):" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
            defer {
                for name in ["main", "joined", "synced"] {
                    let text = try? String(contentsOfFile: "\(nodes)/\(name)/pid", encoding: .utf8)
                    let pid = text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
                    if let pid { kill(pid, SIGTERM) }
                }
            }
            // The programs of a later build are installed over these in the end, so both are in folders of the test.
            let parts = ["cloister-node", "enclave-host", "cloister"]
            _ = try Programs.nextEnclave(in: folder.path("libexec-next"), beside: parts)
            let installed = try Programs.nextEnclave(in: folder.path("libexec"), beside: parts)
            try FileManager.default.removeItem(atPath: installed)
            try FileManager.default.copyItem(atPath: Programs.enclave, toPath: installed)
            // Who pays for what the page sends: the account of its genesis.
            let wallet = folder.path("wallet")
            let keys = wallet + "/keyring-test"
            try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: true)
            try #"{"mnemonic":"\#(Person.a.mnemonic)","name":"operator"}"#
                .write(toFile: keys + "/operator.json", atomically: false, encoding: .utf8)
            let page = try String(contentsOfFile: Repository.path("docs/operations.md"), encoding: .utf8)
            let blocks = Self.blocks(page)
            #expect(blocks.count > 12)
            // Nothing runs yet for the first look.
            for block in blocks.dropFirst() + blocks.prefix(1) {
                let text = block.replacing("/var/lib/cloister-backups", with: backups)
                    .replacing("/usr/local/libexec/cloister-next", with: folder.path("libexec-next"))
                    .replacing("/usr/local/libexec/cloister", with: folder.path("libexec"))
                    .replacing("/var/lib/cloister/", with: nodes + "/").replacing("26660", with: "\(ports[1])")
                    .replacing("1317", with: "\(ports[0])").replacing("26656", with: "\(ports[4])")
                    .replacing("26657", with: "\(ports[5])")
                    // The chain of this page is short.
                    .replacing("interval = 1000", with: "interval = 1")
                let run = try await ChildProcess.run(
                    "/bin/bash", ["-euo", "pipefail", "-c", text],
                    environment: ["PATH": path, "CLOISTER_HOME": wallet], within: 100)
                try #require(run.ending == .exit(0), "\(block)\n\(run.output)")
            }
            let log = try String(contentsOfFile: nodes + "/synced/log", encoding: .utf8)
            #expect(log.contains("the state of the chain is here"))
            let status = try await ChildProcess.run(Programs.path("cloister-node"), ["status", "--home", home])
            #expect(status.ending == .exit(0) && status.output.contains("example-1"), "\(status)")
        }

        @Test("the page names every status with which a node ends, and every cause of a chain that stands")
        func tables() throws {
            let page = try String(contentsOfFile: Repository.path("docs/operations.md"), encoding: .utf8)
            for row in [
                "| 0 |", "| 64 |", "| 65 |", "| 69 |", "| 70 |", "| 75 |", "| 77 |", "| `peers` |", "| `validators` |",
                "| `validator` |", "| `proposal` |", "| `execution` |", "| `enclave` |", "| `engine` |",
            ] { #expect(page.contains("\n" + row), "\(row)") }
        }
    }
}
