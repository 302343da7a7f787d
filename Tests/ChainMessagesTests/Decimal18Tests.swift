import ExactNumbers
import Foundation
import TestSupport
import Testing

@Suite("Numbers with 18 decimals")
struct Decimal18Tests {
    /// Python's integers judge: `CLOISTER_NUMBERS=100000 CLOISTER_SEED=…` for more cases of each operation.
    @Test("every operation comes to what integers of any size say, to the last digit")
    func operations() async throws {
        let settings = ProcessInfo.processInfo.environment
        let seed = settings["CLOISTER_SEED"] ?? "1"
        let count = settings["CLOISTER_NUMBERS"] ?? "1000"
        // Not on a thread of the pool: other tests wait for those.
        let (cases, difference) = try await onThread { try Self.compare(seed: seed, count: count) }
        #expect(difference == nil)
        #expect(cases == 13 * Int(count)!)
    }

    /// How many cases came to the same, and the first that did not.
    private static func compare(seed: String, count: String) throws -> (cases: Int, difference: String?) {
        let text = try Sample.oracle([seed, count], input: "", script: "decimal_oracle.py")
        var cases = 0
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let answer = try Self.answer(words[0], words[1], words[2])
            guard answer == words[3] else { return (cases, "seed \(seed): \(line), and we say \(answer)") }
            cases += 1
        }
        return (cases, nil)
    }

    private static func answer(_ name: String, _ first: String, _ second: String) throws -> String {
        let one = try #require(Decimal18(scaledText: Array(first.utf8)))
        let parts = name.split(separator: "-").map(String.init)
        do throws(NumberFault) {
            switch (parts[0], parts.count > 1 ? parts[1] : "") {
            case ("multiply", "whole"): return try one.multiplied(byWhole: UInt128(second)!).scaledText
            case ("divide", "whole"): return try one.divided(byWhole: UInt128(second)!).scaledText
            case ("whole", let rounding):
                let whole = one.whole(Self.rounding(rounding))
                return (one.isNegative && !whole.isZero ? "-" : "") + whole.description
            case (let operation, let rounding):
                let other = Decimal18(scaledText: Array(second.utf8))!
                switch operation {
                case "add": return try (one + other).scaledText
                case "subtract": return try (one - other).scaledText
                case "multiply": return try one.multiplied(by: other, Self.rounding(rounding)).scaledText
                default: return try one.divided(by: other, Self.rounding(rounding)).scaledText
                }
            }
        } catch {
            switch error {
            case .overflow: return "overflow"
            case .divisionByZero: return "zero"
            case .negative: return "negative"
            }
        }
    }

    private static func rounding(_ name: String) -> Rounding {
        switch name {
        case "truncated": .truncated
        case "up": .up
        default: .halfEven
        }
    }

    @Test("numbers as people write them have digits on both sides of a point, 18 behind it at most")
    func texts() {
        let read = [
            ("0.05", "50000000000000000"), ("1", "1000000000000000000"), ("-0.5", "-500000000000000000"), ("0", "0"),
            ("-0", "0"), ("0.000000000000000001", "1"), ("007.10", "7100000000000000000"),
        ]
        for (text, scaled) in read { #expect(Decimal18(text: text)?.scaledText == scaled) }
        for text in ["", "-", ".5", "1.", "1..2", "1.2.3", "0.0000000000000000001", "1e3", "+1", " 1", "0x1"] {
            #expect(Decimal18(text: text) == nil, "\(text)")
        }
    }

    /// Seen on a node of the Cosmos SDK 0.50.14: a validator of 198000000000003400000 tokens with 200000000000003400000
    /// shares (its tokens were cut by a hundredth), and the inflation of one of its blocks.
    @Test("what a live node came to comes out here")
    func golden() throws {
        let (tokens, shares): (UInt128, _) = (198_000_000_000_003_400_000, Decimal18(200_000_000_000_003_400_000))
        // Two million tokens leave: their shares are worth one less. Then a thousand come.
        let left = try shares.multiplied(byWhole: 2_000_000).divided(byWhole: tokens)
        let worth = try left.multiplied(byWhole: tokens).divided(by: shares).truncatedAmount
        #expect(worth == 1_999_999)
        let bought = try (shares - left).multiplied(byWhole: 1000).divided(byWhole: tokens - worth)
        #expect(bought.description == "1010.101010101009927553")
        // Of what a block mints: (1 - ratio / goal) x change a year / blocks a year.
        let ratio = try #require(Decimal18(text: "0.224997840335241335"))
        let goal = try #require(Decimal18(text: "0.67"))
        let change = try (Decimal18.one - ratio.divided(by: goal))
            .multiplied(by: try #require(Decimal18(text: "0.13"))).divided(by: Decimal18(6_311_520))
        #expect(change.description == "0.000000013680334154")
        #expect(try Decimal18(text: "0.5")!.amount(.halfEven) == 0)
        #expect(try Decimal18(text: "1.5")!.amount(.halfEven) == 2)
        #expect(try Decimal18(text: "1.1")!.power(3).description == "1.331000000000000000")
    }
}
