import Foundation
import SignedTransactions
import StrictJSON

/// Coins as people write them: `12uscrt,3other`, and `1.5scrt` for 1500000uscrt.
package enum Amounts {
    private static let scrtDecimals = 6

    /// Sorted and each once, as the chain wants them.
    package static func coins(_ text: String) throws -> [Coin] {
        let list = try text.split(separator: ",", omittingEmptySubsequences: false).map(coin)
            .sorted { $0.denomination < $1.denomination }
        guard let coins = try? Coins(list) else {
            throw ClientError(.invalidInput, "\(text): every coin once, none of zero")
        }
        return coins.list
    }

    private static func coin(_ part: Substring) throws -> Coin {
        let number = part.prefix { $0 == "." || $0.isASCII && $0.isNumber }
        let denomination = String(part.dropFirst(number.count))
        let pieces = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(pieces.count), !pieces[0].isEmpty, pieces.count == 1 || !pieces[1].isEmpty,
            Coin.isDenomination(denomination)
        else { throw ClientError(.invalidInput, "\(part) is not an amount like 12uscrt or 1.5scrt") }
        var digits = Array(pieces[0].utf8)
        var name = denomination
        if denomination.lowercased() == "scrt" {
            let fraction = pieces.count == 2 ? pieces[1] : ""
            guard fraction.utf8.count <= scrtDecimals else {
                throw ClientError(.invalidInput, "\(part): the smallest part of SCRT is 0.000001, 1uscrt")
            }
            digits += fraction.utf8 + [UInt8](repeating: 0x30, count: scrtDecimals - fraction.utf8.count)
            digits = Array(digits.drop { $0 == 0x30 })
            if digits.isEmpty { digits = [0x30] }
            name = "uscrt"
        } else if pieces.count == 2 {
            throw ClientError(.invalidInput, "\(part): only SCRT has decimals (1.5scrt is 1500000uscrt)")
        }
        guard let amount = Coin.amount(digits) else {
            throw ClientError(.invalidInput, "\(part) is not an amount like 12uscrt or 1.5scrt")
        }
        return Coin(amount, name)
    }
}

extension ChainClient {
    /// Throws for a coin that `owner` has none of: the transaction could only fail, and would cost its fee.
    package func checkCoins(_ coins: [Coin], of owner: AccountAddress) async throws {
        for coin in coins {
            let query = "denom=\(coin.denomination.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
            let held = try await get("/cosmos/bank/v1beta1/balances/\(owner)/by_denom?\(query)")
            guard held["balance"]?["amount"]?.string == "0" else { continue }
            let supply = try await get("/cosmos/bank/v1beta1/supply/by_denom?\(query)")
            let exists = supply["amount"]?["amount"]?.string != "0"
            throw ClientError(
                .invalidInput,
                exists
                    ? "\(owner) has no \(coin.denomination)"
                    : "there is no coin \(coin.denomination) on this chain (SCRT is written 1.5scrt or 1500000uscrt)")
        }
    }
}
