import PublicCryptography

/// What a maker's key has signed, as X.509 lays it out: a certificate or a list of revoked ones.
///
/// `SEQUENCE { signed SEQUENCE, algorithm, BIT STRING }`, with ECDSA over P-256 and SHA-256.
struct SignedElement: Sendable, Equatable {
    /// `SEQUENCE { OID ecdsa-with-SHA256 }`, inside and outside of what is signed.
    static let algorithm: [UInt8] = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]

    let signedPart: ArraySlice<UInt8>
    /// r || s.
    private let signature: [UInt8]

    /// Also a reader over the content of what is signed.
    static func read(_ der: [UInt8]) throws(NotDER) -> (SignedElement, DERReader) {
        var all = DERReader(der[...])
        var outer = try all.inside()
        try all.finish()
        let signed = try outer.element(DERReader.Tag.sequence)
        try outer.expect(algorithm)
        var bits = DERReader(try outer.bitString())
        try outer.finish()
        var numbers = try bits.inside()
        try bits.finish()
        var signature = [UInt8]()
        for _ in 0..<2 {
            let digits = try numbers.unsignedInteger()
            guard digits.count <= 32 else { throw NotDER() }
            signature += [UInt8](repeating: 0, count: 32 - digits.count) + digits
        }
        try numbers.finish()
        return (SignedElement(signedPart: signed.whole, signature: signature), DERReader(signed.content))
    }

    func isSigned(by issuer: Certificate) -> Bool {
        P256.verify(signature: signature, digest: SHA256.hash(signedPart), publicKey: issuer.publicKey)
    }
}

/// One extension, read.
struct CertificateExtension {
    let identifier: ArraySlice<UInt8>
    let isCritical: Bool
    let content: ArraySlice<UInt8>

    /// `SEQUENCE OF SEQUENCE { OID, critical, OCTET STRING }`, no identifier twice.
    static func list(_ reader: inout DERReader) throws(NotDER) -> [CertificateExtension] {
        var extensions = [CertificateExtension]()
        var entries = try reader.inside()
        while !entries.isAtEnd {
            var entry = try entries.inside()
            let identifier = try entry.take(DERReader.Tag.identifier)
            guard extensions.count < 16, !extensions.contains(where: { $0.identifier == identifier }) else {
                throw NotDER()
            }
            extensions.append(
                CertificateExtension(
                    identifier: identifier, isCritical: try entry.flag(),
                    content: try entry.take(DERReader.Tag.octets)))
            try entry.finish()
        }
        return extensions
    }
}

/// One X.509 certificate (version 3), read strictly: a P-256 key, signed with ECDSA and SHA-256.
package struct Certificate: Sendable, Equatable {
    package let der: [UInt8]
    let serial: ArraySlice<UInt8>
    /// Names as they are encoded: issuer and subject are compared byte by byte.
    let issuer: ArraySlice<UInt8>
    package let subject: ArraySlice<UInt8>
    /// Seconds since 1970, both inclusive.
    package let validity: ClosedRange<Int64>
    /// x || y.
    package let publicKey: [UInt8]
    /// SHA-256 of the SubjectPublicKeyInfo in DER.
    package let publicKeyInfoHash: Hash32
    /// Whether the certificate says of itself that it is an authority's, by basic constraints.
    package private(set) var isAuthority = false
    /// How many authorities may stand between it and a certificate that is none.
    private var pathLengthMax = Int.max
    private var signsCertificates = false
    private var signsLists = false
    private var signsData = false
    /// What it says of a machine; only certificates of platforms have it.
    package private(set) var platform: ProcessorFacts?
    private let element: SignedElement

    /// `nil` if `der` is anything else.
    package static func read(_ der: [UInt8]) -> Certificate? {
        guard der.count <= EvidenceLimits.certificateBytesMax else { return nil }
        return try? Certificate(der)
    }

    private init(_ der: [UInt8]) throws(NotDER) {
        self.der = der
        var reader: DERReader
        (element, reader) = try SignedElement.read(der)
        try reader.expect([0xa0, 0x03, 0x02, 0x01, 0x02])
        serial = try reader.unsignedInteger()
        try reader.expect(SignedElement.algorithm)
        issuer = try reader.element(DERReader.Tag.sequence).whole
        var dates = try reader.inside()
        let (from, to) = (try dates.time(), try dates.time())
        try dates.finish()
        subject = try reader.element(DERReader.Tag.sequence).whole
        let keyInfo = try reader.element(DERReader.Tag.sequence).whole
        let prefix = P256.publicKeyInfoPrefix
        guard from <= to, serial.count <= 20, keyInfo.starts(with: prefix), keyInfo.count == prefix.count + 64 else {
            throw NotDER()
        }
        validity = from...to
        publicKey = Array(keyInfo.dropFirst(prefix.count))
        publicKeyInfoHash = SHA256.hash(keyInfo)
        var wrapped = try reader.inside(DERReader.Tag.context(3))
        try reader.finish()
        for found in try CertificateExtension.list(&wrapped) { try take(found) }
        try wrapped.finish()
    }

    private mutating func take(_ found: CertificateExtension) throws(NotDER) {
        var content = DERReader(found.content)
        switch Array(found.identifier) {
        case [0x55, 0x1d, 0x13]:  // basicConstraints
            var constraints = try content.inside()
            isAuthority = try constraints.flag()
            if isAuthority, !constraints.isAtEnd { pathLengthMax = Int(try constraints.uint16()) }
            try constraints.finish()
            try content.finish()
        case [0x55, 0x1d, 0x0f]:  // keyUsage, whose unused bits are counted
            let usage = Array(try content.take(DERReader.Tag.bitString))
            guard usage.count == 2, usage[0] < 8, usage[1].trailingZeroBitCount == Int(usage[0]) else { throw NotDER() }
            signsData = usage[1] & 0x80 != 0
            signsCertificates = usage[1] & 0x04 != 0
            signsLists = usage[1] & 0x02 != 0
            try content.finish()
        case ProcessorFacts.identifier:
            platform = try ProcessorFacts(&content)
            try content.finish()
        default:
            // Key identifiers and where to find lists say nothing that is needed here.
            guard !found.isCritical else { throw NotDER() }
        }
    }

    /// Why this certificate does not stand below `authority` at `time`, with `below` authorities between that one and
    /// the end of the chain.
    package func refusal(under authority: Certificate, below: Int, at time: Int64) -> Refusal? {
        guard validity.contains(time) else { return .certificateOutsideValidity }
        guard issuer == authority.subject, authority.signsCertificates, below <= authority.pathLengthMax,
            isAuthority || signsData, element.isSigned(by: authority)
        else { return .brokenCertificateChain }
        return nil
    }

    /// Whether it may say which certificates are revoked.
    var issuesLists: Bool { isAuthority && signsLists }
}
