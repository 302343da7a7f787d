import Foundation
import TestSupport
import Testing
import WalletClient

/// One page of docs/tutorial: what it has a reader run, write and see.
struct TutorialPage {
    enum Part: Equatable {
        /// Commands, as they stand.
        case commands(String)
        /// What the commands before print, line by line; `…` stands for anything.
        case output([String])
        case file(String, String)
    }

    let name: String
    private(set) var parts: [Part] = []

    init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOfFile: Repository.path("docs/tutorial/\(name).md"), encoding: .utf8)
        let block = try Regex(
            "(?ms)^```([a-z]+) ?([^\\n]*)\\n(.*?)^```$", as: (Substring, Substring, Substring, Substring).self)
        for match in text.matches(of: block) {
            let (_, language, label, body) = match.output
            switch (language, label) {
            case (_, "elsewhere"): break
            case ("sh", ""): parts.append(.commands(String(body)))
            case ("output", ""): parts.append(.output(body.split(separator: "\n").map(String.init)))
            case (_, ""): throw ChildProcess.Failure(description: "\(name): a block of \(language) that nobody runs")
            default: parts.append(.file(String(label), String(body)))
            }
        }
    }

    private static let mark = "-- what follows is printed by block "

    /// All of the page in one shell, with a mark before each block of commands.
    var script: String {
        var lines = ["set -euo pipefail", "exec 2>&1"]
        for (index, part) in parts.enumerated() {
            switch part {
            case .commands(let text): lines += ["echo '\(Self.mark)\(index)'", text]
            case .file(let path, let text):
                lines += ["mkdir -p \"$(dirname '\(path)')\"", "cat > '\(path)' <<'END_OF_FILE'", text + "END_OF_FILE"]
            case .output: break
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the page shows and the commands did not print.
    func missing(in output: String) -> [String] {
        var printed: [Int: Substring] = [:]
        for section in output.components(separatedBy: Self.mark).dropFirst() {
            let number = section.prefix { $0.isNumber }
            if let index = Int(number) { printed[index] = section.dropFirst(number.count) }
        }
        var missing: [String] = []
        for (index, part) in parts.enumerated() {
            guard case .output(let lines) = part else { continue }
            guard index > 0, case .commands = parts[index - 1], var rest = printed[index - 1] else {
                missing.append("block \(index) shows what no commands before it print")
                continue
            }
            for line in lines {
                let pattern = line.components(separatedBy: "…")
                    .map { NSRegularExpression.escapedPattern(for: $0) }.joined(separator: ".*")
                guard let found = rest.range(of: pattern, options: .regularExpression) else {
                    missing.append("block \(index): \(line)")
                    break
                }
                rest = rest[found.upperBound...]
            }
        }
        return missing
    }
}

extension Scenarios {
    @Suite(.serialized) struct TutorialTests {
        @Test("every command of the tutorial runs as it stands against a network, and prints what the pages show")
        func pages() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            let folder = TemporaryFolder("tutorial")
            // Beside what the pages set in blocks that are marked `elsewhere`: where this network and its programs are.
            let environment = [
                "CLOISTER_HOME": net.home + "/client", "CLOISTER_NODE": "http://127.0.0.1:\(net.restPort)",
                "NODE": "http://127.0.0.1:\(net.restPort)", "SOURCES": Repository.path(""),
                "PATH": Programs.folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
                "WASM": Repository.contractFile("counter"),
            ]
            let hasNode =
                try await ChildProcess.run("/usr/bin/env", ["bash", "-c", "command -v node"]).ending == .exit(0)
            for (name, place) in [("first-contract", ""), ("rust-contract", ""), ("web-page", "letterbox")] {
                if name == "web-page", !hasNode {
                    print("skipped: docs/tutorial/web-page.md, for want of node (make verifier-test installs it)")
                    continue
                }
                let page = try TutorialPage(name)
                #expect(page.parts.count >= 6, "\(name)")
                try page.script.write(toFile: folder.path(name + ".sh"), atomically: true, encoding: .utf8)
                let (ending, output) = try await ChildProcess.run(
                    "/usr/bin/env", ["bash", folder.path(name + ".sh")], environment: environment,
                    folder: folder.path(place), within: 400)
                #expect(ending == .exit(0), "\(name): \(output.suffix(3_000))")
                #expect(page.missing(in: output) == [], "\(name): \(output.suffix(6_000))")
            }
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
        }

        @Test("a page that shows what its commands do not print is found out")
        func comparison() throws {
            let page = try TutorialPage("rust-contract")
            #expect(!page.missing(in: "").isEmpty)
            var output = ""
            for (index, part) in page.parts.enumerated() {
                guard case .output(let lines) = part else { continue }
                output += "-- what follows is printed by block \(index - 1)\n"
                output +=
                    lines.map { $0.replacingOccurrences(of: "…", with: "x y") }.joined(separator: "\nmore\n") + "\n"
            }
            #expect(page.missing(in: output) == [])
            #expect(!page.missing(in: output.replacingOccurrences(of: "{\"count\":2}", with: "{\"count\":1}")).isEmpty)
        }
    }
}
