import DecidedBlocks
import Foundation
import PublicCryptography
import TestSupport
import Testing
import Wire

/// Tests/Fixtures/consensus.json: recorded headers, commits and sets, and values of CometBFT 0.38's own packages.
struct ConsensusFixture {
    /// Read once, never changed.
    nonisolated(unsafe) static let json = load(Repository.root.appendingPathComponent("Tests/Fixtures/consensus.json"))!

    /// The complete recordings lie beside the checkout of those who have them.
    static func completeVectors(_ name: String) -> [String: Any]? {
        load(Repository.shared.appendingPathComponent("vectors/\(name)"))
    }
    static var hasCompleteVectors: Bool { completeVectors("cometbft-0.38-values.json") != nil }

    static func load(_ url: URL) -> [String: Any]? {
        guard let data = try? Data(contentsOf: url) else { return nil }
        return try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    }

    static let anchor = ChainAnchor(
        chainID: chain["chainID"] as! String, genesisTime: Timestamp(rfc3339: chain["genesisTime"] as! String)!,
        initialHeight: 1, initialValidatorsHash: try! recorded()[0].header.validatorsHash)
    static var chain: [String: Any] { json["chain"] as! [String: Any] }

    /// The 57 recorded heights, each with what should prove it.
    static func recorded() throws -> [UnverifiedHeader] {
        try (chain["heights"] as! [[String: String]]).map { height in
            try UnverifiedHeader(
                header: base64(height["header"]!), commit: base64(height["commit"]!),
                validators: base64(height["validators"]!))
        }
    }
}

func base64(_ value: Any?) -> [UInt8] { Base64.decode(value as! String)! }
func hexadecimal(_ value: Any?) -> [UInt8] { Hexadecimal.decode(value as? String ?? "")! }
/// A JSON number, or a number in a string as CometBFT writes 64-bit integers.
func integer(_ value: Any?) -> Int64 { (value as? String).flatMap { Int64($0) } ?? (value as! NSNumber).int64Value }
func time(_ value: Any?) -> Timestamp { Timestamp(rfc3339: value as! String)! }
func blockID(hash: [UInt8], total: Any?, parts: [UInt8]) -> BlockID? {
    hash.isEmpty
        ? nil : BlockID(hash: Hash32(hash)!, parts: PartSetHeader(total: UInt32(integer(total)), hash: Hash32(parts)!))
}
