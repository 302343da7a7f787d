/// The three certificates of a quote: platform (PCK), the authority that certified it, and the root that is embedded.
package struct CertificateChain: Sendable, Equatable {
    package let platform: Certificate
    package let authority: Certificate
    package let embeddedRoot: Certificate

    /// `nil` if the text is not exactly three certificates of the kinds that quotes use, and a zero byte.
    package static func read(_ text: [UInt8]) -> CertificateChain? {
        guard text.last == 0, let der = CertificateText.decode(text.dropLast(), count: 3),
            let platform = Certificate.read(der[0]), let authority = Certificate.read(der[1]),
            let embeddedRoot = Certificate.read(der[2])
        else { return nil }
        return CertificateChain(platform: platform, authority: authority, embeddedRoot: embeddedRoot)
    }

    /// Whether platform <- authority <- root holds at `time` (seconds since 1970), with the root as the only anchor:
    /// the caller has compared it with a configured one. What is certified of the machine.
    func facts(at time: Int64) throws(Refusal) -> ProcessorFacts {
        guard !platform.isAuthority, authority.isAuthority, embeddedRoot.isAuthority else { throw .wrongAuthorityFlag }
        guard let facts = platform.platform else { throw .noPlatformCertificate }
        if let refusal = platform.refusal(under: authority, below: 0, at: time)
            ?? authority.refusal(under: embeddedRoot, below: 1, at: time)
            ?? embeddedRoot.refusal(under: embeddedRoot, below: 1, at: time)
        {
            throw refusal
        }
        return facts
    }

    /// The same with the lists of both authorities.
    func refuseRevoked(by lists: (root: RevocationList, platforms: RevocationList)) throws(Refusal) {
        guard !lists.platforms.revokes(platform), !lists.root.revokes(authority), !lists.root.revokes(embeddedRoot)
        else { throw .revokedCertificate }
    }
}
