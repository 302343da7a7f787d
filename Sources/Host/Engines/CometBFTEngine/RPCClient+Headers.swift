import BlockExecution
import ChainFormats
import CometBFTReading
import DecidedBlocks
import StrictJSON

extension RPCClient: LightBlockSource {
    /// As CometBFT's light client asks: the signed header, and the set in pages of a hundred.
    package func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        try lightBlock(height, get("/commit?height=\(height)"))
    }

    package func lastLightBlock() throws -> UnverifiedHeader {
        let commit = try get("/commit")
        guard let text = commit["signed_header"]?["header"]?["height"]?.string, let height = Int64(text) else {
            throw Failure.malformed
        }
        return try lightBlock(height, commit)
    }

    private func lightBlock(_ height: Int64, _ commit: JSONValue) throws -> UnverifiedHeader {
        var members: [JSONValue] = []
        for page in 1...100 {
            let answer = try get("/validators?height=\(height)&page=\(page)&per_page=100")
            guard let shown = answer["validators"]?.array, let text = answer["total"]?.string, let total = Int(text),
                (1...100).contains(shown.count), members.count + shown.count <= ValidatorSet.countMax
            else { throw Failure.malformed }
            members += shown
            if members.count >= total { break }
        }
        return try RPCBlock.lightBlock(commit: commit, validators: members)
    }
}
