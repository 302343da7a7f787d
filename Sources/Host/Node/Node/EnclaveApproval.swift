import PublicCryptography
import Wire

/// That a chain gives its seeds to an enclave program from a block on, and before another one if it ends: what the
/// operators of its validators agree on outside of the chain, as on the height of an upgrade, until votes on it come
/// with governance. A node that was told otherwise comes to another state in that block than the chain, and stops.
package struct EnclaveApproval: Equatable, Sendable, CustomStringConvertible {
    package var measurement: Hash32
    package var height: UInt64
    /// The block from which on it is given them no more.
    package var end: UInt64?

    package init(measurement: Hash32, height: UInt64, end: UInt64? = nil) {
        (self.measurement, self.height, self.end) = (measurement, height, end)
    }

    package var description: String {
        "\(Hexadecimal.encode(measurement.bytes))@\(height)" + (end.map { "-\($0)" } ?? "")
    }

    init?(_ text: Substring) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let measurement = Hexadecimal.decode(String(parts[0])).flatMap({ Hash32($0) }) else {
            return nil
        }
        let heights = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard (1...2).contains(heights.count), let height = heights[0], height >= 1, let last = heights.last ?? nil,
            last <= UInt64(Int64.max), heights.count == 1 || last > height
        else { return nil }
        self.init(measurement: measurement, height: height, end: heights.count == 2 ? last : nil)
    }

    static func list(_ text: String) -> [EnclaveApproval]? {
        var list: [EnclaveApproval] = []
        for part in text.split(separator: ",") {
            guard let approval = EnclaveApproval(part.drop { $0 == " " }) else { return nil }
            list.append(approval)
        }
        return list
    }
}
