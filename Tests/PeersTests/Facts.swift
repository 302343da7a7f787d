import Foundation
import PeerWire
import PublicCryptography
import StrictJSON
import TestSupport
import Wire

/// `Tests/Fixtures/peers.json`: a handshake with CometBFT 0.38.25, what it did with malformed messages, and one message
/// of each kind that it sent or took. The whole recordings lie beside the checkout of those who have them.
enum Facts {
    static let all = read(Repository.path("Tests/Fixtures/peers.json"))!

    static var handshake: JSONValue { all["handshake"]! }

    static func read(_ path: String) -> JSONValue? {
        guard let bytes = Repository.bytes(atPath: path) else { return nil }
        let text = path.hasSuffix(".gz") ? try? Gunzip.decompress(bytes, limit: 1 << 26) : bytes
        return text.flatMap { try? JSONReader.parse($0, limits: JSONLimits(bytesMax: 1 << 26)) }
    }

    /// The recorded sessions that are there, by name.
    static var recordings: [(name: String, content: JSONValue)] {
        let folder = Repository.shared.appendingPathComponent("vectors/p2p").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if names.isEmpty { print("skipped: no recorded sessions at \(folder)") }
        return names.sorted().filter { $0.hasSuffix(".json.gz") }.compactMap { name in
            read(folder + "/" + name).map { (name, $0) }
        }
    }

    /// All malformed inputs where they are, else those of the fixture.
    static var malformed: [(name: String, channel: Int64?, message: [UInt8], height: Int64, ends: Bool)] {
        all["malformed"]!.array!.map { item in
            (
                item["case"]!.string!, item["channel"]?.integer(), hexadecimal(item["message"]!.string!),
                item["height"]!.integer()!, item["ends"] == .bool(true)
            )
        }
    }

    static let rules = PeerRules(initialHeight: 1, limits: PeerLimits(blockBytesMax: 22_020_096))
}

extension JSONValue {
    func bytes(_ key: String) -> [UInt8] { hexadecimal(self[key]!.string!) }
}
