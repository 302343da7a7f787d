import ChainFormats
import CometBFTReading
import DecidedBlocks
import DurableFiles
import Foundation

/// CometBFT's own log of consensus (`cs.wal`). A block that it decided and did not tell us of before both were killed
/// is there, when its RPC does not answer yet. After a crash while blocks are fetched from others nothing is there.
package struct ConsensusLog: Sendable {
    package struct Missing: Error, Equatable, CustomStringConvertible {
        package var height: Int64
        package var description: String { "CometBFT's log has no decided block \(height)" }
    }

    /// CometBFT begins another file after 10 MiB; a height that was decided last is in the newest.
    private static let filesMax = 4
    private static let fileBytesMax = 64 << 20

    private let folder: String

    /// `home` is CometBFT's.
    package init(home: String) { folder = home + "/data/cs.wal" }

    /// The block of a height with its commit, of the votes of `validators`. One file at a time is in memory.
    package func block(_ height: Int64, of validators: ValidatorSet, chainID: String) throws -> RPCBlock {
        let names = files()
        var logged = LoggedBlock(height: height, validators: validators, chainID: chainID)
        for name in names { if let bytes = try read(name) { logged.readVotes(bytes) } }
        guard logged.isDecided else { throw Missing(height: height) }
        for name in names { if let bytes = try read(name) { logged.readParts(bytes) } }
        guard let block = logged.block else { throw Missing(height: height) }
        return block
    }

    private func read(_ name: String) throws -> [UInt8]? {
        let path = folder + "/" + name
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        guard let size, size <= Self.fileBytesMax else { return nil }
        return try DurableFile.read(path)
    }

    /// The newest files, the oldest of them first: `wal` is written to, `wal.000` and those that follow are full.
    private func files() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let full = names.filter { $0.hasPrefix("wal.") && Int($0.dropFirst(4)) != nil }
            .sorted { (Int($0.dropFirst(4)) ?? 0) < (Int($1.dropFirst(4)) ?? 0) }
        return (full + names.filter { $0 == "wal" }).suffix(Self.filesMax)
    }
}
