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
    ) throws(TransactionError) -> [UInt8]? {
        var messages = [AminoValue]()
        for message in body.messages {
            guard let value = try AminoValue(message) else { return nil }
            messages.append(value)
        }
        let document = AminoValue.object([
            "account_number": .number(accountNumber),
            "chain_id": .text(chainID),
            "fee": .object([
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
private indirect enum AminoValue {
    case text(String)
    case list([AminoValue])
    /// Members whose value is `nil` are left out. Written in ascending order of the names.
    case object(KeyValuePairs<String, AminoValue?>)

    static func number(_ value: UInt64) -> AminoValue { .text(String(value)) }

    static func coins(_ coins: [Coin]) -> AminoValue {
        .list(coins.map { .object(["amount": .text(String($0.amount)), "denom": .text($0.denomination)]) })
    }

    static func bytes(_ bytes: some Collection<UInt8>) -> AminoValue { .text(Base64.encode(Array(bytes))) }

    static func optional(_ bytes: some Collection<UInt8>) -> AminoValue? { bytes.isEmpty ? nil : .bytes(bytes) }

    static func optional(_ text: String) -> AminoValue? { text.isEmpty ? nil : .text(text) }

    static func optional(_ number: UInt64) -> AminoValue? { number == 0 ? nil : .number(number) }

    static func address(_ address: AccountAddress) -> AminoValue { .text(address.description) }

    func write(to output: inout [UInt8]) {
        switch self {
        case .text(let text):
            AminoValue.write(text, to: &output)
        case .list(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                guard let value else { continue }
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
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

extension AminoValue {
    /// `nil` for a message type whose Amino form is not known here, and for an encoding that is not ours: the form would
    /// not tell it from ours.
    fileprivate init?(_ any: AnyMessage) throws(TransactionError) {
        if let message = try ComputeMessage.decode(any) {
            guard message.any == any else { return nil }
            self = .object(["type": .text(message.aminoName), "value": AminoValue.value(of: message)])
        } else if let message = try BankMessage.decode(any) {
            guard message.any == any else { return nil }
            self = AminoValue.value(of: message)
        } else {
            return nil
        }
    }

    /// Addresses that are bytes in protobuf are Base64 here, not Bech32. Empty fields are left out, but for the funds.
    private static func value(of message: ComputeMessage) -> AminoValue {
        switch message {
        case .storeCode(let message):
            .object([
                "builder": .optional(message.builder),
                "sender": .bytes(message.sender.bytes),
                "source": .optional(message.source),
                "wasm_byte_code": .optional(message.code),
            ])
        case .instantiate(let message):
            .object([
                "admin": message.admin.map(AminoValue.address),
                "callback_code_hash": .optional(message.callbackCodeHash),
                "callback_sig": .optional(message.callbackSignature),
                "code_id": .optional(message.codeID),
                "init_funds": .coins(message.funds),
                "init_msg": .optional(message.message),
                "label": .optional(message.label),
                "sender": .bytes(message.sender.bytes),
            ])
        case .execute(let message):
            .object([
                "callback_code_hash": .optional(message.callbackCodeHash),
                "callback_sig": .optional(message.callbackSignature),
                "contract": .bytes(message.contract.bytes),
                "msg": .optional(message.message),
                "sender": .bytes(message.sender.bytes),
                "sent_funds": .coins(message.funds),
            ])
        case .migrate(let message):
            .object([
                "callback_code_hash": .optional(message.callbackCodeHash),
                "callback_sig": .optional(message.callbackSignature),
                "code_id": .optional(message.codeID),
                "contract": .address(message.contract),
                "msg": .optional(message.message),
                "sender": .address(message.sender),
            ])
        case .updateAdmin(let message):
            .object([
                "callback_sig": .optional(message.callbackSignature),
                "contract": .address(message.contract),
                "new_admin": .address(message.newAdmin),
                "sender": .address(message.sender),
            ])
        case .clearAdmin(let message):
            .object([
                "callback_sig": .optional(message.callbackSignature),
                "contract": .address(message.contract),
                "sender": .address(message.sender),
            ])
        }
    }

    private static func value(of message: BankMessage) -> AminoValue {
        switch message {
        case .send(let message):
            .object([
                "type": .text("cosmos-sdk/MsgSend"),
                "value": .object([
                    "amount": .coins(message.amount),
                    "from_address": .address(message.from),
                    "to_address": .address(message.to),
                ]),
            ])
        case .multiSend(let message):
            .object([
                "type": .text("cosmos-sdk/MsgMultiSend"),
                "value": .object([
                    "inputs": .list(message.inputs.map(AminoValue.party)),
                    "outputs": .list(message.outputs.map(AminoValue.party)),
                ]),
            ])
        }
    }

    private static func party(_ party: BankMessage.Party) -> AminoValue {
        .object(["address": .address(party.address), "coins": .coins(party.coins)])
    }
}
