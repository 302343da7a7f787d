import Foundation

/// Base64 as clients write it: standard or URL-safe, padded or not, and with spaces where a `+` went through form
/// decoding.
package enum Base64Text {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
    }

    package static func decode(_ text: String) -> [UInt8]? {
        var characters = Array(text.utf8)
        for index in characters.indices {
            switch characters[index] {
            case UInt8(ascii: "-"), UInt8(ascii: " "): characters[index] = UInt8(ascii: "+")
            case UInt8(ascii: "_"): characters[index] = UInt8(ascii: "/")
            default: break
            }
        }
        if characters.count % 4 != 0 {
            guard characters.last != UInt8(ascii: "=") else { return nil }
            characters += Array(repeating: UInt8(ascii: "="), count: 4 - characters.count % 4)
        }
        return Data(base64Encoded: Data(characters)).map { [UInt8]($0) }
    }
}
