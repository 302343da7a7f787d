import Foundation
import StrictJSON

/// What the calls of a contract cost, as its author measured them: kept on chain beside the code, in the fragment of
/// its source's URL (docs/decisions/0008).
///
///     https://example.org/voting#gas=1;i=61000+3;x.vote=58000+2;x.close=49000
///
/// `i` is the instantiation, `m` the migration, `x.NAME` an execution by the first name in its message, `x` any other
/// one: gas, and more for each byte of the message. Gas is the compute module's for the call; bytes and signatures of
/// the transaction, and coins sent along, come on top.
package struct GasProfile: Equatable, Sendable {
    package enum Call: Hashable, Sendable {
        case instantiate
        case migrate
        /// `nil` for one that has no price of its own.
        case execute(String?)

        /// The call that `message` makes of a contract's `execute`.
        package static func execute(message: [UInt8]) -> Call {
            let json = try? JSONReader.parse(message, limits: JSONLimits(bytesMax: 2_048_000))
            return .execute(json?.object?.first?.0 ?? json?.string)
        }

        fileprivate var text: String {
            switch self {
            case .instantiate: "i"
            case .migrate: "m"
            case .execute(nil): "x"
            case .execute(let name?): "x." + name
            }
        }

        fileprivate init?(text: Substring) {
            switch text {
            case "i": self = .instantiate
            case "m": self = .migrate
            case "x": self = .execute(nil)
            default:
                guard text.hasPrefix("x."), GasProfile.isName(text.dropFirst(2)) else { return nil }
                self = .execute(String(text.dropFirst(2)))
            }
        }
    }

    package struct Price: Equatable, Sendable {
        package var base: UInt64
        package var perByte: UInt64

        package init(base: UInt64, perByte: UInt64 = 0) { (self.base, self.perByte) = (base, perByte) }

        package func gas(messageBytes: Int) -> UInt64 { base &+ perByte &* UInt64(messageBytes) }
    }

    package private(set) var prices: [Call: Price] = [:]

    package init() {}

    package subscript(call: Call) -> Price? {
        get { prices[call] }
        set { prices[call] = newValue }
    }

    /// What `call` costs, by its own price or by the one for any other; `nil` if there is neither.
    package func price(of call: Call) -> Price? {
        if let price = prices[call] { return price }
        if case .execute = call { return prices[.execute(nil)] }
        return nil
    }

    // MARK: - Text

    private static let marker = "gas=1"
    /// What a chain takes as a code's source.
    package static let sourceBytesMax = 512
    /// No price is more than what a call can cost.
    private static let gasMax: UInt64 = 1_000_000_000
    /// Of a code whose author tells no place.
    package static let unpublishedSource = "https://unpublished.invalid/"

    /// One line, calls in the order of their names.
    package var text: String {
        let parts = prices.map { call, price in
            call.text + "=" + String(price.base) + (price.perByte == 0 ? "" : "+" + String(price.perByte))
        }
        return ([Self.marker] + parts.sorted()).joined(separator: ";")
    }

    /// - Returns: `nil` for anything that is not written as above; whoever stored the code wrote it.
    package init?(text: Substring) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.first == Self.marker[...] else { return nil }
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let call = Call(text: sides[0]), prices[call] == nil else { return nil }
            let numbers = sides[1].split(separator: "+", omittingEmptySubsequences: false).map(Self.number)
            guard (1...2).contains(numbers.count), let base = numbers[0],
                let perByte = numbers.count == 1 ? 0 : numbers[1]
            else { return nil }
            prices[call] = Price(base: base, perByte: perByte)
        }
    }

    /// The profile that a code's source carries; `nil` if it carries none.
    package init?(source: String) {
        guard let fragment = source.firstIndex(of: "#") else { return nil }
        self.init(text: source[source.index(after: fragment)...])
    }

    /// `source` with this profile. One that would be too long keeps one price for all executions: the highest.
    ///
    /// - Throws: `ClientError.invalidInput` for a source that no chain takes.
    package func source(_ source: String) throws -> String {
        guard source.hasPrefix("https://"), source.utf8.count > 8, !source.contains("#") else {
            throw ClientError(.invalidInput, "a code's source is an https URL without #, not \(source)")
        }
        let whole = source + "#" + text
        if whole.utf8.count <= Self.sourceBytesMax { return whole }
        let short = source + "#" + withOnePriceForExecutions.text
        guard short.utf8.count <= Self.sourceBytesMax else {
            throw ClientError(
                .invalidInput, "the source and the gas profile are longer than \(Self.sourceBytesMax) bytes")
        }
        return short
    }

    var withOnePriceForExecutions: GasProfile {
        var short = GasProfile()
        var highest = Price(base: 0)
        for (call, price) in prices {
            guard case .execute = call else {
                short[call] = price
                continue
            }
            highest = Price(base: max(highest.base, price.base), perByte: max(highest.perByte, price.perByte))
        }
        short[.execute(nil)] = highest
        return short
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return UInt64(text).flatMap { $0 <= gasMax ? $0 : nil }
    }

    static func isName(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5f }
    }
}
