import PublicCryptography

/// A secret of 32 random bytes that stands in a test's inputs, to be looked for in whatever a host can see: as bytes or
/// as their hexadecimal text, in every way in which either may be written down, whole or in part.
package struct PlantedSecret: Sendable {
    package let name: String
    package let bytes: [UInt8]
    /// As it stands in messages, which are JSON.
    package var text: String { Hexadecimal.encode(bytes) }

    package init(_ name: String) {
        var generator = SystemRandomNumberGenerator()
        self.init(name, (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    package init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

    /// Pieces that overlap, so that of two thirds of the secret there is a whole one.
    private static let pieces = [0..<12, 10..<22, 20..<32]

    /// What to look for, by the way in which it is written.
    package var forms: [(way: String, bytes: [UInt8])] {
        let text = Array(text.utf8)
        var forms: [(way: String, bytes: [UInt8])] = []
        for piece in PlantedSecret.pieces {
            let ofText = Array(text[2 * piece.lowerBound..<2 * piece.upperBound])
            forms += PlantedSecret.writings(Array(bytes[piece])) + PlantedSecret.writings(ofText)
        }
        return forms + forms.map { ($0.way + ", reversed", $0.bytes.reversed()) }
    }

    private static func writings(_ content: [UInt8]) -> [(way: String, bytes: [UInt8])] {
        func list(_ separator: String, _ write: (UInt8) -> String) -> [UInt8] {
            Array(content.map(write).joined(separator: separator).utf8)
        }
        let hexadecimal = { (byte: UInt8) in Hexadecimal.encode([byte]) }
        let upper = { (byte: UInt8) in Hexadecimal.encode([byte], uppercase: true) }
        var forms: [(way: String, bytes: [UInt8])] = [
            ("as it is", content), ("complement", content.map { ~$0 }),
            ("UTF-16", content.flatMap { [$0, 0] }), ("UTF-16, big end first", content.flatMap { [0, $0] }),
            ("UTF-32", content.flatMap { [$0, 0, 0, 0] }),
            ("hexadecimal", list("", hexadecimal)), ("hexadecimal, upper case", list("", upper)),
            ("decimal list", list(",") { "\($0)" }), ("decimal list with spaces", list(", ") { "\($0)" }),
            ("decimal words", list(" ") { "\($0)" }), ("decimal lines", list("\n") { "\($0)" }),
            ("percent", list("") { "%" + upper($0) }), ("percent, lower case", list("") { "%" + hexadecimal($0) }),
            ("escapes", list("") { "\\x" + hexadecimal($0) }), ("JSON escapes", list("") { "\\u00" + hexadecimal($0) }),
            ("C list", list(", ") { "0x" + hexadecimal($0) }),
            (
                "bits",
                list("") { byte in
                    String(repeating: "0", count: byte.leadingZeroBitCount == 8 ? 7 : byte.leadingZeroBitCount)
                        + String(byte, radix: 2)
                }
            ),
        ]
        for separator in [":", " ", "-"] {
            forms.append(("hexadecimal, split by \(separator)", list(separator, hexadecimal)))
        }
        for shift in 0..<3 {
            // The characters that depend on it alone, whatever stands before and behind it.
            let encoded = Base64.encode([UInt8](repeating: 0, count: shift) + content)
            let middle = String(encoded.dropFirst([0, 2, 3][shift]).dropLast((content.count + shift) % 3 == 0 ? 0 : 4))
            forms.append(("base64, shifted by \(shift)", Array(middle.utf8)))
            let forAddresses = middle.replacing("+", with: "-").replacing("/", with: "_")
            if forAddresses != middle {
                forms.append(("base64 of addresses, shifted by \(shift)", Array(forAddresses.utf8)))
            }
        }
        return forms
    }
}

/// Looks for many secrets at once, in one pass.
package final class SecretSearch {
    package struct Finding: Hashable, CustomStringConvertible {
        package let secret: String
        package let way: String
        package let place: String
        package var description: String { "\(secret) in \(place) (\(way))" }
    }

    private let needles: [(secret: String, way: String, bytes: [UInt8])]
    /// The needles that begin with eight bytes.
    private var byPrefix: [UInt64: [Int]] = [:]
    /// Whether any needle begins with two bytes.
    private var begins = [Bool](repeating: false, count: 1 << 16)
    package let needleBytesMax: Int

    package init(_ secrets: [PlantedSecret]) {
        needles = secrets.flatMap { secret in secret.forms.map { (secret.name, $0.way, $0.bytes) } }
        needleBytesMax = needles.map(\.bytes.count).max() ?? 0
        for (index, needle) in needles.enumerated() {
            precondition(needle.bytes.count >= 8)
            byPrefix[SecretSearch.prefix(needle.bytes[...]), default: []].append(index)
            begins[Int(needle.bytes[0]) | Int(needle.bytes[1]) << 8] = true
        }
    }

    private static func prefix(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    package func find(in content: [UInt8], called place: String) -> Set<Finding> {
        var found = Set<Finding>()
        guard content.count >= 8 else { return [] }
        content.withUnsafeBytes { raw in
            begins.withUnsafeBufferPointer { begins in
                for start in 0...(raw.count - 8) {
                    let word = raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                    guard begins[Int(truncatingIfNeeded: word & 0xffff)] else { continue }
                    for index in byPrefix[UInt64(littleEndian: word)] ?? [] {
                        let needle = needles[index]
                        guard start + needle.bytes.count <= raw.count,
                            raw[start..<start + needle.bytes.count].elementsEqual(needle.bytes)
                        else { continue }
                        found.insert(Finding(secret: needle.secret, way: needle.way, place: place))
                    }
                }
            }
        }
        return found
    }
}
