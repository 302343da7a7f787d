import Wire

/// An amount of one denomination.
///
/// Amounts have 128 bits, not the SDK's 256: a larger one is refused where it is read, so that no sum or comparison
/// needs a big number.
package struct Coin: Hashable, Sendable, CustomStringConvertible {
    package var denomination: String
    package var amount: UInt128

    package init(_ amount: UInt128, _ denomination: String) {
        (self.amount, self.denomination) = (amount, denomination)
    }

    /// `100uscrt`, as events have it.
    package var description: String { "\(amount)\(denomination)" }

    /// Whether the text matches `[a-zA-Z][a-zA-Z0-9/:._-]{2,127}`.
    package static func isDenomination(_ text: String) -> Bool {
        guard (3...128).contains(text.utf8.count) else { return false }
        var isFirst = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                guard !isFirst else { return false }
            default: return false
            }
            isFirst = false
        }
        return true
    }

    /// The number that `text` writes in decimal: digits alone, no sign, no leading zero but in `0`, at most 128 bits.
    package static func amount(_ text: some Collection<UInt8>) -> UInt128? {
        guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0") else { return nil }
        var value: UInt128 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(UInt128(byte - UInt8(ascii: "0")))
            guard !isTooLarge, !carries else { return nil }
            value = sum
        }
        return value
    }

    /// Reads `cosmos.base.v1beta1.Coin`. The denomination is checked by `Coins`, since a wrong one is a failed message
    /// and not a malformed transaction.
    package init(decoding bytes: ArraySlice<UInt8>, ignoresUnknown: Bool = true) throws(TransactionError) {
        var denomination = ""
        var amount: UInt128?
        var fields = TransactionFields(bytes, ignoresUnknown: ignoresUnknown)
        while let field = try fields.next() {
            switch field.number {
            case 1: denomination = try field.string()
            case 2: amount = Coin.amount(try field.slice())
            default: try fields.unknown(field)
            }
        }
        guard let amount else { throw .invalidAmount }
        self.init(amount, denomination)
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, denomination)
            writer.string(2, String(amount))
        }
    }
}

/// Coins as the SDK calls them valid: denominations legal, ascending and distinct, amounts positive. May be empty.
package struct Coins: Hashable, Sendable, CustomStringConvertible {
    package enum Fault: Error, Equatable, Sendable {
        case illegalDenomination(String)
        case notPositive
        case notAscending
        case overflow
    }

    package private(set) var list: [Coin]

    package static let none = Coins(unchecked: [])

    package init(_ list: [Coin]) throws(Fault) {
        for (index, coin) in list.enumerated() {
            guard Coin.isDenomination(coin.denomination) else { throw .illegalDenomination(coin.denomination) }
            guard coin.amount > 0 else { throw .notPositive }
            // Equal denominations are caught here too.
            guard index == 0 || list[index - 1].denomination.utf8.lexicographicallyPrecedes(coin.denomination.utf8)
            else {
                throw .notAscending
            }
        }
        self.list = list
    }

    private init(unchecked list: [Coin]) {
        self.list = list
    }

    /// Of a list that a signer or a record has.
    package init(read list: [Coin]) throws(TransactionError) {
        do throws(Fault) { try self.init(list) } catch { throw .invalidAmount }
    }

    package var isEmpty: Bool { list.isEmpty }

    package func amount(of denomination: String) -> UInt128 {
        list.first { $0.denomination == denomination }?.amount ?? 0
    }

    package mutating func add(_ coin: Coin) throws(Fault) {
        guard Coin.isDenomination(coin.denomination) else { throw .illegalDenomination(coin.denomination) }
        guard coin.amount > 0 else { throw .notPositive }
        self = try Coins.sum([self, Coins(unchecked: [coin])])
    }

    /// Without a part of them; `nil` if that is not all in them.
    package func less(_ part: Coins) -> Coins? {
        var rest = list
        for coin in part.list {
            guard let place = rest.firstIndex(where: { $0.denomination == coin.denomination }),
                rest[place].amount >= coin.amount
            else { return nil }
            rest[place].amount -= coin.amount
        }
        return Coins(unchecked: rest.filter { $0.amount > 0 })
    }

    /// In the time that sorting takes: whoever sends a transaction chooses how many denominations there are.
    package static func sum(_ parts: some Sequence<Coins>) throws(Fault) -> Coins {
        let sorted = parts.flatMap(\.list).sorted {
            $0.denomination.utf8.lexicographicallyPrecedes($1.denomination.utf8)
        }
        var total = [Coin]()
        for coin in sorted {
            guard let last = total.last, last.denomination == coin.denomination else {
                total.append(coin)
                continue
            }
            let (sum, carries) = last.amount.addingReportingOverflow(coin.amount)
            guard !carries else { throw .overflow }
            total[total.count - 1].amount = sum
        }
        return Coins(unchecked: total)
    }

    /// `1uscrt,2uxyz`, as events have it; empty for none.
    package var description: String { list.map(\.description).joined(separator: ",") }
}
