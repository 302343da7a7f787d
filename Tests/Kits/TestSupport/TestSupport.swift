/// What tests of any zone need and none should write again: the repository's files, the programs that were built,
/// folders that go away, hexadecimal literals, and the accounts that everybody has. It knows no module but hashes, so
/// the trusted zones' tests build with it and without a package.
import PublicCryptography

/// The bytes of a literal; a literal that is not hexadecimal ends the test run.
package func hexadecimal(_ text: String) -> [UInt8] { Hexadecimal.decode(text)! }

/// The bytes that the generators of recorded values used: `i * 7 + seed`.
package func pattern(_ count: Int, _ seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + seed) }
}

/// The accounts of LocalSecret, whose words are public: they protect nothing.
package enum LocalSecret {
    package static let a =
        "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love "
        + "must tape steak together observe swap guitar"
    package static let b =
        "jelly shadow frog dirt dragon use armed praise universe win jungle close inmate rain oil canvas beauty pioneer "
        + "chef soccer icon dizzy thunder meadow"
    package static let c =
        "chair love bleak wonder skirt permit say assist aunt credit roast size obtain minute throw sand usual age "
        + "smart exact enough room shadow charge"
    package static let d =
        "word twist toast cloth movie predict advance crumble escape whale sail such angry muffin balcony keen move "
        + "employ cook valve hurt glimpse breeze brick"
}
