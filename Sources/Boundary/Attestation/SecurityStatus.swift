/// How a machine's versions stand to what its maker knows of: a set, of which seven values occur.
package struct SecurityStatus: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let upToDate: SecurityStatus = []
    /// The programs inside must defend themselves against a known weakness.
    package static let hardeningNeeded = SecurityStatus(rawValue: 1)
    /// The machine's settings must be changed against one.
    package static let configurationNeeded = SecurityStatus(rawValue: 2)
    package static let outOfDate = SecurityStatus(rawValue: 4)
    package static let revoked = SecurityStatus(rawValue: 8)

    /// Under the names of TCB info.
    package static let names: [(name: String, status: SecurityStatus)] = [
        ("UpToDate", .upToDate), ("SWHardeningNeeded", .hardeningNeeded), ("ConfigurationNeeded", .configurationNeeded),
        ("ConfigurationAndSWHardeningNeeded", [.configurationNeeded, .hardeningNeeded]), ("OutOfDate", .outOfDate),
        ("OutOfDateConfigurationNeeded", [.outOfDate, .configurationNeeded]), ("Revoked", .revoked),
    ]

    init?(name: String) {
        guard let found = SecurityStatus.names.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            return nil
        }
        self = found.status
    }

    package var name: String { SecurityStatus.names.first { $0.status == self }?.name ?? "" }

    /// What two statuses add up to, as Intel's library has it: an outdated quoting enclave on a machine that must be
    /// configured gives OutOfDateConfigurationNeeded; beside being out of date, hardening is not named.
    package func merged(with other: SecurityStatus) -> SecurityStatus {
        let both = union(other)
        if both.contains(.revoked) { return .revoked }
        return both.contains(.outOfDate) ? both.subtracting(.hardeningNeeded) : both
    }
}

/// One row of the maker's tables: from these versions on, this status.
package struct SecurityLevel: Sendable, Equatable {
    /// Of the machine's components; empty in the tables of one program.
    package let components: [UInt8]
    package let domainComponents: [UInt8]
    /// PCESVN, or the program's own version.
    package let version: UInt16
    package let status: SecurityStatus
    package let advisories: [String]
    /// When what it is about became known, in seconds since 1970.
    package let date: Int64

    /// Up to 64 visible characters of ASCII: INTEL-SA-00615.
    package static func isAdvisory(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}
