import PublicCryptography

/// What a signer in `SIGN_MODE_LEGACY_AMINO_JSON` signs, derived again from the transaction that we received.
///
/// Nothing is parsed that a signer or host made: if the derived text differs from what was signed, the signature fails.
/// The text is `StdSignDoc` with sorted keys and no spaces, escaped as Go's `encoding/json` escapes.
package enum AminoDocument {
    /// No document is longer, and none as it is shown: twice what a transaction may have. A message in its few bytes
    /// may stand for a list of objects that each tell of fields which are not there.
    package static let byteCountMax = 8 << 20

    /// `nil` for a transaction with a message whose Amino form we do not know, or that is encoded as we would not, and
    /// for a document that would be too long: it cannot be signed in this mode.
    package static func bytes(
        body: TransactionBody, fee: Fee, chainID: String, accountNumber: UInt64, sequence: UInt64
    ) -> [UInt8]? {
        var room = AminoRoom(left: byteCountMax)
        var messages = AminoElements()
        for message in body.messages {
            guard room.take(1), let value = AminoForm.value(of: message, room: &room) else { return nil }
            messages.append(value)
        }
        // A coin takes at least these bytes: {"amount":"","denom":""}
        let memo = AminoValue.text(body.memo, limit: room.left)
        guard room.take(memo.json.count), room.take(24 * fee.amount.count) else { return nil }
        let document = AminoValue.members([
            "account_number": .number(accountNumber),
            "chain_id": .text(chainID),
            "fee": .members([
                "amount": .coins(fee.amount),
                "gas": .number(fee.gasLimit),
                "granter": fee.granter.isEmpty ? nil : .text(fee.granter),
                "payer": fee.payer.isEmpty ? nil : .text(fee.payer),
            ]),
            "memo": memo,
            "msgs": messages.list,
            "sequence": .number(sequence),
            "timeout_height": body.timeoutHeight == 0 ? nil : .number(body.timeoutHeight),
        ])
        return document.json.count <= byteCountMax ? document.json : nil
    }

    /// A document as it is shown to who signs it under `SIGN_MODE_EIP_191`: a line for each value, four spaces for each
    /// level. `document` is one that `bytes` made, so it is JSON without spaces. `nil` where that is too long.
    package static func indented(_ document: [UInt8]) -> [UInt8]? {
        var output = [UInt8]()
        var (depth, isInText, isEscaped) = (0, false, false)
        func breakLine() {
            output.append(UInt8(ascii: "\n"))
            output += [UInt8](repeating: UInt8(ascii: " "), count: 4 * depth)
        }
        for (index, byte) in document.enumerated() {
            guard output.count <= byteCountMax else { return nil }
            let last = index > 0 ? document[index - 1] : 0
            if isInText {
                output.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                continue
            }
            let (opensEmpty, closes) = (
                last == UInt8(ascii: "{") || last == UInt8(ascii: "["),
                byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            )
            if closes {
                depth -= 1
                if !opensEmpty { breakLine() }
            } else if opensEmpty {
                breakLine()
            }
            output.append(byte)
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ","): breakLine()
            case UInt8(ascii: ":"): output.append(UInt8(ascii: " "))
            default: break
            }
        }
        return output.count <= byteCountMax ? output : nil
    }
}

/// What a document may still grow by. Held against every part of it before that is kept: the bytes of a message say
/// little of how long its text will be.
struct AminoRoom {
    private(set) var left: Int

    init(left: Int) { self.left = left }

    mutating func take(_ count: Int) -> Bool {
        guard count <= left else { return false }
        left -= count
        return true
    }
}

/// JSON as Amino makes it: 64-bit numbers are texts, bytes are Base64.
struct AminoValue {
    /// Its text; nothing else is kept of it.
    let json: [UInt8]

    /// Of a text whose own is longer than `limit`, more than that many bytes.
    static func text(_ text: String, limit: Int = .max) -> AminoValue {
        var json = [UInt8]()
        write(text, to: &json, limit: limit)
        return AminoValue(json: json)
    }

    /// A short number, `true`, `false` or `null`.
    static func word(_ word: String) -> AminoValue { AminoValue(json: Array(word.utf8)) }

    static func number(_ value: UInt64) -> AminoValue { .text(String(value)) }

    /// Written in ascending order of the names.
    static func object(_ members: [(name: String, value: AminoValue)]) -> AminoValue {
        var json = [UInt8(ascii: "{")]
        let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (index, (name, value)) in sorted.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            write(name, to: &json)
            json.append(UInt8(ascii: ":"))
            json += value.json
        }
        json.append(UInt8(ascii: "}"))
        return AminoValue(json: json)
    }

    /// Members whose value is `nil` are left out.
    static func members(_ members: KeyValuePairs<String, AminoValue?>) -> AminoValue {
        .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    static func coins(_ coins: [Coin]) -> AminoValue {
        var elements = AminoElements()
        for coin in coins {
            elements.append(.members(["amount": .text(String(coin.amount)), "denom": .text(coin.denomination)]))
        }
        return elements.list
    }

    private static func write(_ text: String, to output: inout [UInt8], limit: Int = .max) {
        output.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars where output.count <= limit {
            switch scalar.value {
            case 0x22, 0x5c: output += [UInt8(ascii: "\\"), UInt8(scalar.value)]
            case 0x08: output += Array("\\b".utf8)
            case 0x09: output += Array("\\t".utf8)
            case 0x0a: output += Array("\\n".utf8)
            case 0x0c: output += Array("\\f".utf8)
            case 0x0d: output += Array("\\r".utf8)
            // Control characters, and what would matter inside HTML or JavaScript: < > & and two line separators.
            case 0..<0x20, 0x3c, 0x3e, 0x26, 0x2028, 0x2029:
                let digits = String(scalar.value, radix: 16)
                output += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: output += Array(String(scalar).utf8)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

/// The values of a field, of which their texts alone are kept, one behind the other.
struct AminoElements {
    private var json: [UInt8] = []
    private var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ value: AminoValue) {
        if !isEmpty { json.append(UInt8(ascii: ",")) }
        json += value.json
        count += 1
    }

    var list: AminoValue { AminoValue(json: [UInt8(ascii: "[")] + json + [UInt8(ascii: "]")]) }

    /// Of a field that has one.
    var only: AminoValue { AminoValue(json: json) }
}
