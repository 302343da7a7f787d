/// Which certificates an authority has taken back (RFC 5280, section 5), read strictly.
package struct RevocationList: Sendable, Equatable {
    private let serials: [ArraySlice<UInt8>]
    /// When it was made, in seconds since 1970.
    let issued: Int64

    /// `nil` if `der` is no list.
    package static func parse(_ der: [UInt8]) -> (list: RevocationList, validity: ClosedRange<Int64>)? {
        guard let parsed = try? parts(der) else { return nil }
        return (parsed.list, parsed.validity)
    }

    /// The list of `issuer` that is valid at `time`.
    init(_ der: [UInt8], of issuer: Certificate, at time: Int64) throws(Refusal) {
        guard let parsed = try? RevocationList.parts(der) else { throw .malformedRevocationList }
        guard parsed.issuer == issuer.subject, issuer.issuesLists, parsed.element.isSigned(by: issuer) else {
            throw .wrongRevocationListSignature
        }
        guard parsed.validity.contains(time) else { throw .revocationListOutsideValidity }
        self = parsed.list
    }

    package var count: Int { serials.count }

    func revokes(_ certificate: Certificate) -> Bool { serials.contains(certificate.serial) }

    private init(serials: [ArraySlice<UInt8>], issued: Int64) { (self.serials, self.issued) = (serials, issued) }

    private struct Parts {
        var element: SignedElement
        var issuer: ArraySlice<UInt8>
        var validity: ClosedRange<Int64>
        var list: RevocationList
    }

    private static func parts(_ der: [UInt8]) throws(NotDER) -> Parts {
        var (element, reader) = try SignedElement.read(der)
        try reader.expect([0x02, 0x01, 0x01])
        try reader.expect(SignedElement.algorithm)
        let issuer = try reader.element(DERReader.Tag.sequence).whole
        let (from, to) = (try reader.time(), try reader.time())
        guard from <= to else { throw NotDER() }
        var serials = [ArraySlice<UInt8>]()
        if var entries = try reader.insideIfPresent(DERReader.Tag.sequence) {
            guard !entries.isAtEnd else { throw NotDER() }
            while !entries.isAtEnd {
                var entry = try entries.inside()
                serials.append(try entry.unsignedInteger())
                _ = try entry.time()
                if !entry.isAtEnd { try refuseCritical(&entry) }
                try entry.finish()
            }
        }
        var wrapped = try reader.inside(DERReader.Tag.context(0))
        try refuseCritical(&wrapped)
        try wrapped.finish()
        try reader.finish()
        return Parts(
            element: element, issuer: issuer, validity: from...to, list: RevocationList(serials: serials, issued: from))
    }

    /// A critical extension would make of the list, or of an entry, something else: a difference to another list, one
    /// of other reasons, an entry of another issuer.
    private static func refuseCritical(_ reader: inout DERReader) throws(NotDER) {
        guard try CertificateExtension.list(&reader).allSatisfy({ !$0.isCritical }) else { throw NotDER() }
    }
}
