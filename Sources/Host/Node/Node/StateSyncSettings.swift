import ChainFormats
import PeerWire
import PublicCryptography

/// How a node without a state takes one from others: `[statesync]`, by CometBFT's names.
package struct StateSyncSettings: Sendable, Equatable {
    package var isEnabled = false
    /// Where headers are shown besides what a snapshot brings.
    package var rpcServers: [ListenAddress] = []
    /// A header that the operator knows from elsewhere; 0 for none.
    package var trustHeight: Int64 = 0
    package var trustHash: Hash32?
    /// CometBFT's own choice: a week.
    package var trustPeriodSeconds: Int64 = 168 * 3600
    package var discoverySeconds: Int64 = 15

    package init() {}

    /// What the command says instead of the settings: both, or neither.
    package mutating func trust(height: Int64?, hash: String?) throws {
        guard height != nil || hash != nil else { return }
        guard let height, height > 0, let hash = hash.flatMap({ Hexadecimal.decode($0) }).flatMap({ Hash32($0) }) else {
            throw NodeFault(violations: ["--trust-height, --trust-hash: a height, and 64 hexadecimal digits"])
        }
        guard !rpcServers.isEmpty else {
            throw NodeFault(violations: ["--trust-height: needs a node that shows the header, in statesync.rpc_servers"]
            )
        }
        (trustHeight, trustHash) = (height, hash)
    }

    init(_ reader: inout SettingsReader) {
        isEnabled = reader.flag("statesync", "enable", isEnabled)
        let servers = reader.text("statesync", "rpc_servers", "") { text in
            text.split(separator: ",").allSatisfy { ListenAddress(String($0)) != nil }
                ? nil : "must be host:port, with commas between"
        }
        rpcServers = servers.split(separator: ",").compactMap { ListenAddress(String($0)) }
        trustHeight = reader.integer("statesync", "trust_height", 0...Int64.max, trustHeight)
        let hash = reader.text("statesync", "trust_hash", "") {
            $0.isEmpty || Hexadecimal.decode($0).flatMap { Hash32($0) } != nil ? nil : "must be 64 hexadecimal digits"
        }
        trustHash = Hexadecimal.decode(hash).flatMap { Hash32($0) }
        func seconds(_ key: String, _ otherwise: Int64) -> Int64 {
            let text = reader.text("statesync", key, GoDuration.text(seconds: otherwise)) {
                GoDuration.seconds($0).map(GoDuration.bearable.contains) ?? false ? nil : "must be a time, as 168h0m0s"
            }
            return GoDuration.seconds(text) ?? otherwise
        }
        trustPeriodSeconds = seconds("trust_period", trustPeriodSeconds)
        discoverySeconds = seconds("discovery_time", discoverySeconds)
        if (trustHeight == 0) != (trustHash == nil) {
            reader.refuse("statesync", "trust_hash", "is the hash of the header at trust_height: both, or neither")
        }
        if trustHeight > 0, rpcServers.isEmpty {
            reader.refuse("statesync", "trust_height", "needs a node that shows the header, in rpc_servers")
        }
    }
}

/// Times as Go writes them, in whole seconds: `168h0m0s`.
enum GoDuration {
    /// Up to a hundred years: nanoseconds of them are counted in 64 bits.
    static let bearable: ClosedRange<Int64> = 1...100 * 365 * 24 * 3600

    static func text(seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m\(seconds % 60)s"
        default: "\(seconds / 3600)h\(seconds / 60 % 60)m\(seconds % 60)s"
        }
    }

    static func seconds(_ text: String) -> Int64? {
        var total: Int64 = 0
        var rest = Substring(text)
        for (unit, factor) in [("h", 3600), ("m", 60), ("s", 1)] as [(Character, Int64)] {
            guard let end = rest.firstIndex(of: unit) else { continue }
            let digits = rest[..<end]
            guard (1...9).contains(digits.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int64(digits)
            else { return nil }
            total += number * factor
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty && !text.isEmpty ? total : nil
    }
}
