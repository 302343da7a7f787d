import PublicCryptography

/// Addresses as text and as bytes (Secret Network protocol: imports). A refusal is a region with its reason.
extension HostFunctions {
    private static let prefix = "secret"
    /// Bech32 texts end at 1,023 characters, so nothing longer needs to be read.
    private static let textBytesMax: UInt32 = 2048
    private static let addressBytesMax: UInt32 = 512

    /// v0.10's `canonicalize_address`.
    static func canonicalizeTrimmed(
        _ call: ContractCall, _ arguments: Arguments
    ) throws(ContractCall.Interruption) -> UInt64 {
        try canonicalize(call, arguments, trimming: true)
    }

    /// v1's `addr_canonicalize`.
    static func canonicalize(
        _ call: ContractCall, _ arguments: Arguments
    ) throws(ContractCall.Interruption) -> UInt64 {
        try canonicalize(call, arguments, trimming: false)
    }

    private static func canonicalize(
        _ call: ContractCall, _ arguments: Arguments, trimming: Bool
    ) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.address)
        guard let bytes = try shortBytes(call, arguments.first, textBytesMax) else {
            return try refuse(call, "invalid length")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return try refuse(call, "input is not valid UTF-8")
        }
        let human = trimming ? trimmed(text) : text
        guard !human.isEmpty else { return try refuse(call, trimming ? "input is empty" : "Input is empty") }
        guard let address = Bech32.decode(human) else { return try refuse(call, bech32Error(human)) }
        guard address.prefix == prefix else {
            return try refuse(call, "wrong address prefix: \"\(address.prefix)\"")
        }
        try call.write(address.bytes, to: arguments.second)
        return 0
    }

    static func humanize(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.address)
        guard let bytes = try shortBytes(call, arguments.first, addressBytesMax) else {
            return try refuse(call, "invalid length")
        }
        try call.write(Array(Bech32.encode(prefix: prefix, bytes).utf8), to: arguments.second)
        return 0
    }

    /// Whether the text is what `addr_humanize` would give for it.
    static func validateAddress(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption)
        -> UInt64
    {
        try call.charge(InstructionGas.address)
        guard let bytes = try shortBytes(call, arguments.first, textBytesMax) else {
            return try refuse(call, "invalid length")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return try refuse(call, "Input is not valid UTF-8")
        }
        guard !text.isEmpty else { return try refuse(call, "Input is empty") }
        guard let address = Bech32.decode(text) else { return try refuse(call, bech32Error(text)) }
        guard address.prefix == prefix else { return try refuse(call, "wrong address prefix: \"\(address.prefix)\"") }
        let normalized = Bech32.encode(prefix: prefix, address.bytes)
        guard normalized.utf8.elementsEqual(bytes) else { return try refuse(call, "Address is not normalized") }
        return 0
    }

    private static func shortBytes(
        _ call: ContractCall, _ pointer: UInt32, _ limit: UInt32
    ) throws(ContractCall.Interruption) -> [UInt8]? {
        let region = try call.region(at: pointer)
        guard region.length <= limit else { return nil }
        try call.work(InstructionGas.addressByteWork * UInt64(max(0, Int(region.length) - InstructionGas.addressBytes)))
        return try call.bytes(of: region)
    }

    private static func refuse(_ call: ContractCall, _ reason: String) throws(ContractCall.Interruption) -> UInt64 {
        UInt64(try call.store(Array(reason.utf8)))
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

// MARK: - Reasons

extension HostFunctions {
    /// Why a text is not Bech32, in the words and the order of Rust's bech32 0.7, which contracts have been shown.
    private static func bech32Error(_ text: String) -> String {
        let characters = Array(text.unicodeScalars)
        guard text.utf8.count >= 8 else { return "invalid length" }
        guard let separator = characters.lastIndex(of: "1") else { return "missing human-readable separator, \"1\"" }
        let (human, data) = (characters[..<separator], characters[(separator + 1)...])
        guard (1...83).contains(human.count), data.count >= 6 else { return "invalid length" }
        if let wrong = human.first(where: { !(33...126).contains($0.value) }) {
            return "invalid character (code=\(wrong))"
        }
        let isUpper = { (scalar: Unicode.Scalar) in ("A"..."Z").contains(scalar) }
        let isLower = { (scalar: Unicode.Scalar) in ("a"..."z").contains(scalar) }
        if human.contains(where: isUpper) && human.contains(where: isLower) { return "mixed-case strings not allowed" }
        var hasUpper = human.contains(where: isUpper)
        var hasLower = human.contains(where: isLower)
        for scalar in data {
            guard scalar.isASCII else { return "invalid character (code=\(scalar))" }
            hasUpper = hasUpper || isUpper(scalar)
            hasLower = hasLower || isLower(scalar)
            guard !(hasUpper && hasLower) else { return "mixed-case strings not allowed" }
            guard "qpzry9x8gf2tvdw0s3jn54khce6mua7l".unicodeScalars.contains(isUpper(scalar) ? lowered(scalar) : scalar)
            else { return "invalid character (code=\(scalar))" }
        }
        return "invalid checksum"
    }

    private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar { Unicode.Scalar(UInt8(scalar.value) + 32) }
}
