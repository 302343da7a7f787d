import StrictJSON

/// What hides how long a contract's answers are, and of a contract that asks for it how much a call took and how it
/// failed (docs/decisions/0047).
package enum ContractShape {
    /// As the SDK pads messages between contracts, and our client those to them.
    private static let bytesMultiple = 256

    /// An answer as it is sealed: JSON is filled up with spaces, which no reader of JSON minds. Anything else stays as
    /// it is, since nobody could tell where it ends.
    package static func filled(_ answer: [UInt8]) -> [UInt8] {
        guard answer.first == UInt8(ascii: "{") || answer.first == UInt8(ascii: "["),
            (try? JSONReader.parse(answer, limits: .contractMessage)) != nil
        else { return answer }
        return answer + [UInt8](repeating: UInt8(ascii: " "), count: missing(answer.count, to: bytesMultiple))
    }

    /// An error of a contract that keeps its shape.
    package static func filled(error text: String) -> String {
        text + String(repeating: " ", count: missing(text.utf8.count, to: bytesMultiple))
    }

    /// What `count` lacks of the next multiple, or of itself if it is one.
    package static func missing<Number: BinaryInteger>(_ count: Number, to multiple: Number) -> Number {
        (multiple - count % multiple) % multiple
    }
}
