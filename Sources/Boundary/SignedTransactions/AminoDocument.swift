import PublicCryptography

/// What a signer in `SIGN_MODE_LEGACY_AMINO_JSON` signs, derived again from the transaction that we received.
///
/// Nothing is parsed that a signer or host made: if the derived text differs from what was signed, the signature fails.
/// The text is `StdSignDoc` with sorted keys and no spaces, escaped as Go's `encoding/json` escapes.
package enum AminoDocument {
    /// `nil` for a transaction with a message whose Amino form we do not know, or that is encoded as we would not: it
    /// cannot be signed in this mode.
    package static func bytes(
        body: TransactionBody, fee: Fee, chainID: String, accountNumber: UInt64, sequence: UInt64
    ) -> [UInt8]? {
        var messages = [AminoValue]()
        for message in body.messages {
            guard let value = AminoForm.value(of: message) else { return nil }
            messages.append(value)
        }
        let document = AminoValue.members([
            "account_number": .number(accountNumber),
            "chain_id": .text(chainID),
            "fee": .members([
                "amount": .coins(fee.amount),
                "gas": .number(fee.gasLimit),
                "granter": fee.granter.isEmpty ? nil : .text(fee.granter),
                "payer": fee.payer.isEmpty ? nil : .text(fee.payer),
            ]),
            "memo": .text(body.memo),
            "msgs": .list(messages),
            "sequence": .number(sequence),
            "timeout_height": body.timeoutHeight == 0 ? nil : .number(body.timeoutHeight),
        ])
        var output = [UInt8]()
        document.write(to: &output)
        return output
    }

    /// A document as it is shown to who signs it under `SIGN_MODE_EIP_191`: a line for each value, four spaces for each
    /// level. `document` is one that `bytes` made, so it is JSON without spaces.
    package static func indented(_ document: [UInt8]) -> [UInt8] {
        var output = [UInt8]()
        var (depth, isInText, isEscaped) = (0, false, false)
        func breakLine() {
            output.append(UInt8(ascii: "\n"))
            output += [UInt8](repeating: UInt8(ascii: " "), count: 4 * depth)
        }
        for (index, byte) in document.enumerated() {
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
        return output
    }
}

/// JSON as Amino makes it: 64-bit numbers are texts, bytes are Base64.
indirect enum AminoValue {
    case text(String)
    /// A short number, `true`, `false` or `null`.
    case word(String)
    case list([AminoValue])
    /// Written in ascending order of the names.
    case object([(name: String, value: AminoValue)])

    static func number(_ value: UInt64) -> AminoValue { .text(String(value)) }

    /// Members whose value is `nil` are left out.
    static func members(_ members: KeyValuePairs<String, AminoValue?>) -> AminoValue {
        .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    static func coins(_ coins: [Coin]) -> AminoValue {
        .list(coins.map { .members(["amount": .text(String($0.amount)), "denom": .text($0.denomination)]) })
    }

    func write(to output: inout [UInt8]) {
        switch self {
        case .text(let text):
            AminoValue.write(text, to: &output)
        case .word(let word):
            output += Array(word.utf8)
        case .list(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            for (index, (name, value)) in sorted.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                AminoValue.write(name, to: &output)
                output.append(UInt8(ascii: ":"))
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
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
