import DecidedBlocks

/// What the machine says of itself and of how it started an enclave, and what the enclave found there.
///
/// The numbers are those of enclave-host/platform.h. They stand in the report data of a quote, so that whoever verifies
/// one knows them, and decides: a network of consequence asks for more than one on a developer's machine. The lower
/// half is the platform's word, which is trusted as the quote is; the upper half is the enclave's.
package struct PlatformFacts: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No processor stands behind the evidence: who is root on the machine can read the keys.
    package static let simulated = PlatformFacts(rawValue: 1 << 0)
    /// The profile: the journal waits for the disk, and the enclave's log is withheld.
    package static let production = PlatformFacts(rawValue: 1 << 1)
    /// Landlock was in force from the first instruction on.
    package static let closesFileSystem = PlatformFacts(rawValue: 1 << 2)
    /// The enclave runs under a user id that neither the host nor the launcher has.
    package static let separatesUser = PlatformFacts(rawValue: 1 << 3)
    /// The launcher, with the fuse key and the journal, belongs to a user that the host is not and cannot become.
    package static let separatesLauncher = PlatformFacts(rawValue: 1 << 4)
    /// Memory that was written never becomes executable: contracts are interpreted. The measurement says so, too.
    package static let forbidsNewCode = PlatformFacts(rawValue: 1 << 5)
    /// The enclave has a view of processes, mounts, networks and shared memory of its own, in which there is nothing.
    package static let separatesNamespaces = PlatformFacts(rawValue: 1 << 6)
    /// The long-lived keys lie in memory that the kernel itself does not map (memfd_secret).
    package static let hidesKeys = PlatformFacts(rawValue: 1 << 16)

    /// Each fact by its name, in the order of the bits.
    package static let names: [(fact: PlatformFacts, name: String)] = [
        (.simulated, "simulated"), (.production, "production"), (.closesFileSystem, "closes-file-system"),
        (.separatesUser, "separates-user"), (.separatesLauncher, "separates-launcher"),
        (.forbidsNewCode, "forbids-new-code"), (.separatesNamespaces, "separates-namespaces"),
        (.hidesKeys, "hides-keys"),
    ]
}

extension ChainIdentity {
    /// Whether this is a platform for the chain: a production one for a production chain, and no other; and one whose
    /// evidence the chain's roots can be the roots of. That a chain's platforms are simulated stands in its identity,
    /// as the kind of its roots, and in all its evidence: it is for others to refuse it.
    package func suits(_ facts: PlatformFacts) -> Bool {
        guard (profile == .production) == facts.contains(.production),
            attestationRoots.allSatisfy({ ($0.kind == .simulated) == facts.contains(.simulated) })
        else { return false }
        return profile == .development || facts.isSuperset(of: [.closesFileSystem, .separatesLauncher])
    }
}
