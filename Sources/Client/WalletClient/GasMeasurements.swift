import StrictJSON

/// What a contract's tests cost in the engine, call by call, as `cloister-contract` tells it.
package struct GasMeasurements: Sendable {
    package struct Measurement: Sendable {
        package var entry: String
        package var message: String
        package var messageBytes: Int
        package var gas: UInt64
        package var isRefused: Bool
        /// It called other contracts, whose part was not measured.
        package var isPartial: Bool
    }

    package var list: [Measurement]

    package init(json bytes: [UInt8]) throws {
        let json = try JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 64 << 20))
        list = try (json.array ?? []).map { item in
            guard let entry = item["entry"]?.string, let message = item["message"]?.string,
                let messageBytes = item["message_bytes"]?.uint64, let gas = item["gas"]?.uint64,
                let isRefused = item["refused"]?.bool, let isPartial = item["partial"]?.bool
            else { throw ClientError(.badAnswer, "not a list of measurements") }
            return Measurement(
                entry: entry, message: message, messageBytes: Int(messageBytes), gas: gas, isRefused: isRefused,
                isPartial: isPartial)
        }
    }

    /// One kind of call: all that succeeded.
    package struct Row: Sendable {
        package var entry: String
        package var message: String
        package var calls: Int
        package var least: UInt64
        package var most: UInt64
        package var isPartial: Bool
    }

    /// By entry point, then message.
    package var rows: [Row] {
        groups.map { group in
            Row(
                entry: group[0].entry, message: group[0].message, calls: group.count,
                least: group.map(\.gas).min() ?? 0, most: group.map(\.gas).max() ?? 0,
                isPartial: group.contains { $0.isPartial })
        }
    }

    /// The prices that cover every measured call. Calls of other contracts have none: what those cost is theirs.
    package var profile: GasProfile {
        var profile = GasProfile()
        for group in groups where !group.contains(where: { $0.isPartial }) {
            let call: GasProfile.Call
            switch group[0].entry {
            case "instantiate": call = .instantiate
            case "migrate": call = .migrate
            case "execute" where GasProfile.isName(group[0].message[...]): call = .execute(group[0].message)
            default: continue
            }
            profile[call] = Self.price(of: group)
        }
        return profile
    }

    private var groups: [[Measurement]] {
        let order = ["instantiate", "execute", "query", "migrate", "reply"]
        let kinds = Dictionary(grouping: list.filter { !$0.isRefused }) { [$0.entry, $0.message] }
        return kinds.sorted { left, right in
            let (first, second) = (order.firstIndex(of: left.key[0]) ?? 9, order.firstIndex(of: right.key[0]) ?? 9)
            return (first, left.key[1]) < (second, right.key[1])
        }.map(\.value)
    }

    /// Messages whose lengths differ by less tell nothing of what a byte costs.
    private static let bytesApart: UInt64 = 64
    private static let perByteMax: UInt64 = 100

    /// A line over all of them: the slope from the shortest message to the longest, lifted until none is above it.
    private static func price(of group: [Measurement]) -> GasProfile.Price {
        let sorted = group.sorted { ($0.messageBytes, $0.gas) < ($1.messageBytes, $1.gas) }
        let (first, last) = (sorted[0], sorted[sorted.count - 1])
        var perByte: UInt64 = 0
        let bytes = UInt64(last.messageBytes - first.messageBytes)
        if bytes >= bytesApart, last.gas > first.gas {
            perByte = min((last.gas - first.gas + bytes - 1) / bytes, perByteMax)
        }
        let base = sorted.map { $0.gas - min($0.gas, perByte * UInt64($0.messageBytes)) }.max() ?? 0
        return GasProfile.Price(base: base, perByte: perByte)
    }
}
