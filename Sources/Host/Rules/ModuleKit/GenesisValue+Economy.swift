import ChainMessages
import ExactNumbers
import LedgerRecords
import SignedTransactions
import StrictJSON
import Wire

/// What the parts of the economy have in a genesis file besides.
extension GenesisValue {
    /// `standard` where nothing stands.
    package func decimal(else standard: Decimal18? = nil) throws(GenesisRefusal) -> Decimal18 {
        if json == nil, let standard { return standard }
        guard let value = Decimal18(text: try text) else { throw refusal("is no decimal number") }
        return value
    }

    /// A whole number as text; zero where nothing stands.
    package var amount: UInt128 {
        get throws(GenesisRefusal) {
            guard json != nil else { return 0 }
            guard let amount = Coin.amount(Array(try text.utf8)) else { throw refusal("is no amount") }
            return amount
        }
    }

    /// A whole number that may be below zero, as text or number; zero where nothing stands.
    package var integer: Int64 {
        get throws(GenesisRefusal) {
            guard let json else { return 0 }
            guard let number = json.int64 ?? json.string.flatMap({ Int64($0) }) else { throw refusal("is no number") }
            return number
        }
    }

    /// `1814400s`, with up to nine decimals.
    package func duration(else standard: Duration) throws(GenesisRefusal) -> Duration {
        guard json != nil else { return standard }
        let text = try text
        guard text.last == "s", let value = Decimal18(text: String(text.dropLast())),
            let scaled = try? value.divided(byWhole: 1_000_000_000).magnitude.asUInt128,
            let count = Int64(exactly: scaled)
        else { throw refusal("is no duration, like 600s") }
        return .nanoseconds(value.isNegative ? -count : count)
    }

    package func time(else standard: Timestamp) throws(GenesisRefusal) -> Timestamp {
        guard json != nil else { return standard }
        guard let time = Timestamp(rfc3339: try text) else { throw refusal("is no time") }
        return time
    }

    package func bech32<Address: TextAddress>(_ type: Address.Type = Address.self) throws(GenesisRefusal) -> Address {
        guard let address = Address(bech32: try text) else { throw refusal("is not an address") }
        return address
    }
}

extension JSONValue {
    /// As genesis files have 64-bit numbers and amounts.
    package static func text(_ value: some FixedWidthInteger) -> JSONValue { .string(String(value)) }
    package static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }

    /// Seconds with as many decimals as there are.
    package static func duration(_ value: Duration) -> JSONValue {
        let (seconds, attoseconds) = value.components
        guard attoseconds != 0 else { return .string("\(seconds)s") }
        let digits = String(abs(attoseconds) / 1_000_000_000)
        let sign = seconds == 0 && attoseconds < 0 ? "-" : ""
        return .string("\(sign)\(seconds).\(String(repeating: "0", count: 9 - digits.utf8.count))\(digits)s")
    }
}
