import Foundation

/// What an enclave's program was measured with: each file with the hash of its bytes, as `enclave-host --measure`
/// prints them. Kept in the node's home from the chain's first start on, so that a record which no longer opens can be
/// explained by the file that changed.
package struct EnclaveImage: Equatable, Sendable {
    package var measurement: String
    /// The files' hashes by name; `entry` is the program.
    package var files: [String: String]
    /// Whether all but the program is the build's own copy.
    package var isBundled: Bool

    /// Reads what the launcher printed; `nil` when it is something else.
    package init?(_ text: String) {
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first.count == 64 else { return nil }
        measurement = String(first)
        files = [:]
        isBundled = lines.count > 2
        for (index, line) in lines.dropFirst().enumerated() {
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, parts[2].count == 96 else { return nil }
            files[String(parts[0])] = String(parts[2])
            if index > 0, !parts[3].contains("/enclave-bundle/") { isBundled = false }
        }
    }

    static func measure(
        launcher: String, program: String, confinement: NodeConfiguration.Confinement = .jit
    ) throws -> (image: EnclaveImage, text: [UInt8])? {
        let arguments = ["--enclave", program, "--measure", "--confinement", confinement.rawValue]
        guard let output = try LauncherTool.run(launcher, arguments),
            let image = EnclaveImage(String(decoding: output, as: UTF8.self))
        else { return nil }
        return (image, output)
    }

    /// What of `self` is another in `now`, in words, the program first; empty when both are the same.
    package func changes(to now: EnclaveImage) -> [String] {
        let all: Set<String> = Set<String>(Array(files.keys)).union(Array(now.files.keys))
        let names = ["entry"] + all.subtracting(["entry"]).sorted()
        return names.compactMap { name in
            let shown = name == "entry" ? "the enclave's program" : name
            switch (files[name], now.files[name]) {
            case (let old?, let new?): return old == new ? nil : "\(shown) changed"
            case (_?, nil): return "\(shown) is no longer part of it"
            case (nil, _?): return "\(shown) is new"
            case (nil, nil): return nil
            }
        }
    }

    /// Why the enclave that is here now cannot open what the one in `path` sealed, as far as a list was kept there.
    static func explanation(keptAt path: String, launcher: String, program: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return explanation(kept: text, launcher: launcher, program: program)
    }

    static func explanation(kept text: String, launcher: String, program: String) -> String? {
        guard let kept = EnclaveImage(text), let now = try? measure(launcher: launcher, program: program) else {
            return nil
        }
        let changes = kept.changes(to: now.image)
        guard !changes.isEmpty else { return nil }
        let list =
            changes.prefix(6).joined(separator: ", ") + (changes.count > 6 ? " and \(changes.count - 6) more" : "")
        return "\(list) since this chain was made"
    }
}
