import PublicCryptography
import Wire

/// That a chain gives its seeds to an enclave program from a block on: what the operators of its validators agree on
/// outside of the chain, as on the height of an upgrade, until votes on it come with governance. A node that was told
/// otherwise comes to another state in that block than the chain, and stops.
package struct EnclaveApproval: Equatable, Sendable, CustomStringConvertible {
    package var measurement: Hash32
    package var height: UInt64

    package init(measurement: Hash32, height: UInt64) { (self.measurement, self.height) = (measurement, height) }

    package var description: String { "\(Hexadecimal.encode(measurement.bytes))@\(height)" }

    init?(_ text: Substring) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let measurement = Hexadecimal.decode(String(parts[0])).flatMap({ Hash32($0) }),
            let height = UInt64(parts[1]), (1...UInt64(Int64.max)).contains(height)
        else { return nil }
        self.init(measurement: measurement, height: height)
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
