import StrictJSON

/// An answer of CometBFT's JSON-RPC over HTTP, head and body.
package enum RPCAnswer {
    package enum Refusal: Error, Equatable {
        case malformed
        /// In the words of who answers.
        case refused(String)
    }

    private static let headBytesMax = 1 << 16
    /// Of one value there are two bytes at least; this many are more than any block's.
    private static let valuesMax = 4_000_000
    /// Words of others go into logs.
    private static let wordsMax = 1_000

    package static func result(of bytes: [UInt8], bytesMax: Int) throws(Refusal) -> JSONValue {
        guard let start = bodyStart(bytes) else { throw .malformed }
        let limits = JSONLimits(bytesMax: bytesMax, valuesMax: valuesMax)
        guard let json = try? JSONReader.parse(Array(bytes[start...]), limits: limits) else { throw .malformed }
        if let error = json["error"], !error.isNull {
            let words = [error["message"]?.string, error["data"]?.string].compactMap { $0 }
            throw .refused(String(words.joined(separator: ": ").prefix(wordsMax)))
        }
        guard let result = json["result"] else { throw .malformed }
        return result
    }

    private static func bodyStart(_ bytes: [UInt8]) -> Int? {
        let limit = min(bytes.count, headBytesMax)
        guard limit >= 4 else { return nil }
        return (3..<limit).first {
            bytes[$0] == 10 && bytes[$0 - 1] == 13 && bytes[$0 - 2] == 10 && bytes[$0 - 3] == 13
        }.map { $0 + 1 }
    }
}
