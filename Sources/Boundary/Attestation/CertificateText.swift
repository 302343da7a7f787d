import PublicCryptography

/// Certificates as PEM (RFC 7468, the strict form), one behind the other.
///
/// Exactly the text that Intel's library and ours write is accepted: lines of 64 characters ended by one line feed, the
/// last one shorter, canonical base64. So there is one text for each list of certificates, and whoever flips a bit in
/// the text changes a certificate.
package enum CertificateText {
    private static let opening = Array("-----BEGIN CERTIFICATE-----\n".utf8)
    private static let closing = Array("-----END CERTIFICATE-----\n".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    private static let lineCharacters = 64

    /// The DER of exactly `count` certificates, or `nil` if `text` is anything else.
    package static func decode(_ text: [UInt8], count: Int) -> [[UInt8]]? {
        var rest = text[...]
        var certificates = [[UInt8]]()
        for _ in 0..<count {
            guard let certificate = takeCertificate(&rest) else { return nil }
            certificates.append(certificate)
        }
        return rest.isEmpty ? certificates : nil
    }

    private static func takeCertificate(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.starts(with: opening) else { return nil }
        rest = rest.dropFirst(opening.count)
        var characters = [UInt8]()
        var sawLastLine = false
        while !rest.starts(with: closing) {
            guard !sawLastLine, let end = rest.prefix(lineCharacters + 1).firstIndex(of: lineFeed) else { return nil }
            let line = rest[rest.startIndex..<end]
            guard !line.isEmpty, characters.count + line.count <= 2 * EvidenceLimits.certificateBytesMax else {
                return nil
            }
            sawLastLine = line.count < lineCharacters
            characters += line
            rest = rest[(end + 1)...]
        }
        rest = rest.dropFirst(closing.count)
        // The text is ASCII wherever base64 accepts it; other bytes decode to a replacement character and are refused.
        guard let der = Base64.decode(String(decoding: characters, as: UTF8.self)),
            !der.isEmpty, der.count <= EvidenceLimits.certificateBytesMax
        else { return nil }
        return der
    }
}
