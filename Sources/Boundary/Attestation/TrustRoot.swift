import DecidedBlocks
import PublicCryptography

/// A root that evidence may end in: chain identity, never taken from the evidence itself.
package struct TrustRoot: Sendable, Equatable {
    /// Whether a maker of processors stands behind the root, or a program does.
    package enum Kind: UInt8, Sendable, CaseIterable { case simulated = 1, hardware = 2 }

    package let name: String
    package let kind: Kind
    /// SHA-256 of the root's SubjectPublicKeyInfo in DER.
    package let publicKeyInfoHash: Hash32
    /// With it, an embedded root must be this certificate byte for byte; without, any certificate that the root's key
    /// signed for itself is the root.
    package let certificate: [UInt8]?

    package init(name: String, kind: Kind, publicKeyInfoHash: Hash32) {
        (self.name, self.kind, self.publicKeyInfoHash, certificate) = (name, kind, publicKeyInfoHash, nil)
    }

    /// `nil` if `certificate` is not the DER form of a certificate for a P-256 key.
    package init?(name: String, kind: Kind, certificate: [UInt8]) {
        guard let parsed = Certificate.read(certificate) else { return nil }
        (self.name, self.kind) = (name, kind)
        publicKeyInfoHash = parsed.publicKeyInfoHash
        self.certificate = certificate
    }

    func accepts(_ embedded: Certificate) -> Bool {
        guard embedded.publicKeyInfoHash == publicKeyInfoHash else { return false }
        return certificate == nil || certificate == embedded.der
    }
}

extension TrustRoot {
    /// `nil` for a hash of the wrong length.
    package init?(chainIdentity root: AttestationRoot) {
        guard let hash = Hash32(root.spkiSHA256) else { return nil }
        self.init(name: root.name, kind: root.kind == .hardware ? .hardware : .simulated, publicKeyInfoHash: hash)
    }
}

/// The marks that a simulated platform puts into every quote, besides its root. They are loud, not strong: what
/// separates a simulated quote from a real one is the root alone. They catch an operator who lists a simulated root as
/// hardware.
enum SimulationMark {
    static let userData = Array("SIMULATED-QUOTE-0001".utf8)
    static let quotingEnclaveSigner = SHA256.hash(Array("sim-qe-signer".utf8))
    /// "SIM", for the family of machines (FMSPC).
    static let family: [UInt8] = [0x53, 0x49, 0x4d, 0, 0, 1]
    /// The organisation (2.5.4.10, a UTF8String) in the names of all its certificates.
    static let organization: [UInt8] =
        [0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 22] + Array("SIMULATION - NOT INTEL".utf8)

    /// Whether the marks are as the kind of root demands: all of them, or none.
    static func agree(_ quote: UnverifiedQuote, _ chain: CertificateChain, with kind: TrustRoot.Kind) -> Bool {
        let subject = chain.platform.subject
        let isNamed = subject.indices.contains { subject[$0...].starts(with: organization) }
        let marks = [
            quote.header.userData == userData, quote.quotingEnclave.signer == quotingEnclaveSigner,
            chain.platform.platform?.family == family, isNamed,
        ]
        return marks.allSatisfy { $0 == (kind == .simulated) }
    }
}
