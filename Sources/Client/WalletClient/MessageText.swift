import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// Messages of transactions as people and scripts write them: JSON with `@type`, as nodes show them and the Cosmos
/// SDK's commands read them.
///
/// The fields come from the table by which the chain itself reads what was signed as a text (`aminoForms`). So whatever
/// message the chain knows can be written, and what it does not know is refused here, by the path of the member.
package enum MessageText {
    /// As deep as the chain lets messages hold messages.
    fileprivate static let depthMax = 8

    /// - Throws: `ClientError.invalidInput`, with the member that is wrong and what belongs there.
    package static func message(_ json: JSONValue) throws -> AnyMessage { try message(json, path: "", depth: 0) }

    fileprivate static func message(_ json: JSONValue, path: String, depth: Int) throws -> AnyMessage {
        guard let type = json["@type"]?.string else {
            throw wrong(path, "has no \"@type\", as \"/cosmos.bank.v1beta1.MsgSend\"")
        }
        guard type.hasPrefix("/"), let form = form(String(type.dropFirst())) else {
            throw wrong(path + "@type", "\(type) is no message of this chain")
        }
        let members = (json.object ?? []).filter { $0.0 != "@type" }
        return AnyMessage(
            typeURL: type, value: try form.bytes(.object(members), path: path, depth: depth)[...])
    }

    /// The fields of a message, and the package by which it names those within it.
    fileprivate struct Form {
        var home: String
        var fields: [AminoForm.Field]
    }

    fileprivate static func form(_ name: String) -> Form? {
        if let form = aminoForms[name] {
            var fields = form.fields
            // The one field that has another name in Amino JSON.
            if name == "cosmos.slashing.v1beta1.MsgUnjail" { fields[0].name = "validator_addr" }
            return Form(home: form.home, fields: fields)
        }
        return unsignedAsText[name].map { Form(home: "cosmos.staking.v1beta1", fields: $0) }
    }

    /// Has one of several fields, which no text of Amino JSON has; so nobody signs it in that form.
    private static let unsignedAsText: [String: [AminoForm.Field]] = [
        "cosmos.staking.v1beta1.StakeAuthorization": [
            .init(1, "max_tokens", .message("cosmos.base.v1beta1.Coin")),
            .init(2, "allow_list", .message("StakeAuthorization.Validators")),
            .init(3, "deny_list", .message("StakeAuthorization.Validators")),
            .init(4, "authorization_type", .shortSigned),
        ]
    ]

    /// Numbers that have a name where people write them.
    fileprivate static let names: [String: Int64] = [
        "VOTE_OPTION_YES": 1, "VOTE_OPTION_ABSTAIN": 2, "VOTE_OPTION_NO": 3, "VOTE_OPTION_NO_WITH_VETO": 4,
        "AUTHORIZATION_TYPE_DELEGATE": 1, "AUTHORIZATION_TYPE_UNDELEGATE": 2, "AUTHORIZATION_TYPE_REDELEGATE": 3,
        "AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION": 4,
    ]

    fileprivate static func wrong(_ path: String, _ what: String) -> ClientError {
        ClientError(.invalidInput, "\(path.isEmpty ? "the message" : path) \(what)")
    }
}

// MARK: - Fields

extension MessageText.Form {
    fileprivate func bytes(_ json: JSONValue, path: String, depth: Int) throws -> [UInt8] {
        guard depth <= MessageText.depthMax else { throw MessageText.wrong(path, "holds messages too deep") }
        guard let members = json.object else { throw MessageText.wrong(path, "must be an object {…}") }
        for (name, _) in members where !fields.contains(where: { $0.name == name }) {
            let known = fields.map(\.name).joined(separator: ", ")
            throw MessageText.wrong(path + name, "is no member; there are \(known)")
        }
        var writer = ProtobufWriter()
        for field in fields {
            let value = members.first { $0.0 == field.name }?.1 ?? .null
            try write(value, of: field, to: &writer, path: path + field.name, depth: depth)
        }
        return writer.bytes
    }

    private func write(
        _ value: JSONValue, of field: AminoForm.Field, to writer: inout ProtobufWriter, path: String, depth: Int
    ) throws {
        if value.isNull {
            guard field.flags.contains(.always) else { return }
            guard case .message = field.kind else { throw MessageText.wrong(path, "is missing") }
            // Written even where nothing is in it.
            return writer.message(field.number, try element(.object([]), of: field, path: path, depth: depth))
        }
        guard field.flags.contains(.list) else {
            if let number = try number(value, of: field, path: path) { return writer.uint64(field.number, number) }
            let bytes = try element(value, of: field, path: path, depth: depth)
            return isMessage(field) ? writer.message(field.number, bytes) : writer.bytes(field.number, bytes)
        }
        guard let elements = value.array else { throw MessageText.wrong(path, "must be a list […]") }
        for (index, element) in elements.enumerated() {
            let path = "\(path)[\(index)]"
            guard try number(element, of: field, path: path) == nil else {
                throw MessageText.wrong(path, "is in a list of numbers, which cannot be written here")
            }
            writer.message(field.number, try self.element(element, of: field, path: path, depth: depth))
        }
    }

    /// Written even when it is empty.
    private func isMessage(_ field: AminoForm.Field) -> Bool {
        switch field.kind {
        case .time, .duration, .any, .message: true
        default: false
        }
    }

    /// `nil` for a field that is no number on the wire.
    private func number(_ value: JSONValue, of field: AminoForm.Field, path: String) throws -> UInt64? {
        let text = value.string ?? { if case .number(let text) = value { text } else { "" } }()
        switch field.kind {
        case .flag:
            guard let flag = value.bool else { throw MessageText.wrong(path, "must be true or false") }
            return flag ? 1 : 0
        case .number:
            guard let number = UInt64(text) else { throw MessageText.wrong(path, "must be a number without sign") }
            return number
        case .shortNumber:
            guard let number = UInt32(text) else { throw MessageText.wrong(path, "must be a number below 2^32") }
            return UInt64(number)
        case .signed:
            guard let number = Int64(text) else { throw MessageText.wrong(path, "must be a number") }
            return UInt64(bitPattern: number)
        case .shortSigned:
            guard let number = Int32(text).map(Int64.init) ?? MessageText.names[text] else {
                throw MessageText.wrong(path, "must be a number, or a name as VOTE_OPTION_YES")
            }
            return UInt64(bitPattern: number)
        default: return nil
        }
    }

    private func element(_ value: JSONValue, of field: AminoForm.Field, path: String, depth: Int) throws -> [UInt8] {
        let text = value.string
        switch field.kind {
        case .text:
            guard let text else { throw MessageText.wrong(path, "must be a text in quotes") }
            return Array(text.utf8)
        case .bytes:
            guard let bytes = text.flatMap({ Base64.decode($0) }) else {
                throw MessageText.wrong(path, "must be Base64")
            }
            return bytes
        case .integer:
            guard let text, Coin.amount(text.utf8) != nil else {
                throw MessageText.wrong(path, "must be a whole number in quotes, as \"1000000\"")
            }
            return Array(text.utf8)
        case .decimal:
            guard let text, let digits = MessageText.scaled(text) else {
                throw MessageText.wrong(path, "must be a number with up to 18 decimals in quotes, as \"0.05\"")
            }
            return Array(digits.utf8)
        case .time:
            guard let time = text.flatMap({ Timestamp(rfc3339: $0) }) else {
                throw MessageText.wrong(path, "must be a time, as \"2027-01-31T00:00:00Z\"")
            }
            return ProtobufWriter.encode { time.write(to: &$0) }
        case .duration:
            guard let bytes = text.flatMap(MessageText.duration) else {
                throw MessageText.wrong(path, "must be a time in seconds, as \"3600s\"")
            }
            return bytes
        case .any: return try MessageText.message(value, path: path + ".", depth: depth + 1).encoded
        case .message(let name):
            let isWhole = name.contains(".") && name.first?.isLowercase == true
            guard let form = MessageText.form(isWhole ? name : "\(home).\(name)") else {
                throw MessageText.wrong(path, "is of no kind that is known here")
            }
            return try form.bytes(value, path: path + ".", depth: depth + 1)
        case .number, .signed, .shortNumber, .shortSigned, .flag: throw MessageText.wrong(path, "is a number")
        }
    }
}

// MARK: - Numbers

extension MessageText {
    /// `0.05` as the digits of a number times 10^18; `nil` for anything else.
    package static func scaled(_ text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty,
            parts.count == 1 || (1...18).contains(parts[1].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        let digits = parts[0] + decimals + String(repeating: "0", count: 18 - decimals.utf8.count)
        let number = String(digits.drop { $0 == "0" })
        guard !number.isEmpty else { return "0" }
        return Coin.amount(number.utf8).map { _ in (isNegative ? "-" : "") + number }
    }

    /// `google.protobuf.Duration` of `3600s` or `1.5s`.
    fileprivate static func duration(_ text: String) -> [UInt8]? {
        guard text.hasSuffix("s"), let scaled = scaled(String(text.dropLast())) else { return nil }
        let isNegative = scaled.hasPrefix("-")
        guard let value = UInt128(scaled.drop { $0 == "-" }), value % 1_000_000_000 == 0,
            let seconds = Int64(exactly: value / 1_000_000_000_000_000_000)
        else { return nil }
        let nanoseconds = Int64(value / 1_000_000_000 % 1_000_000_000)
        return ProtobufWriter.encode {
            $0.int64(1, isNegative ? -seconds : seconds)
            $0.int64(2, isNegative ? -nanoseconds : nanoseconds)
        }
    }
}
