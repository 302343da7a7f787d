// sdk: words
enum Sample: Equatable {
    case compare, loop, pad, write, choose, call, refuse, fill
}

/// The work of `Leak`, in one shape whatever the secret is.
extension Sample {
    func run(_ secret: Text, _ number: UInt32) throws(ContractError) -> Response {
        var response = Response()
        // All ones from 5 on, else zero: no branch.
        let mask = UInt32(0) &- ((number &+ 3) >> 3)
        switch self {
        case .compare:
            let expected = Text([UInt8](repeating: UInt8(ascii: "a"), count: secret.utf8.count))
            response.data = [UInt8(secret.isSame(as: expected) ? 1 : 0)]
        case .loop:
            // As many rounds as the largest secret needs; what comes after the secret's own is thrown away.
            var (state, kept): (UInt32, UInt32) = (1, 1)
            for round in 0..<UInt32(9_000) {
                state = state &* 1_664_525 &+ 1_013_904_223
                let isWanted = UInt32(0) &- (round &- number &* 1_000) >> 31
                kept = state & isWanted | kept & ~isWanted
            }
            response.data = [UInt8(truncatingIfNeeded: kept >> 24)]
        case .pad: response.data = Padding.spaces(secret.utf8, multiple: 512)
        case .write: Storage.write("value", [UInt8(truncatingIfNeeded: mask), UInt8(truncatingIfNeeded: number)])
        case .choose:
            // Both are read, in one order.
            let values = [Storage.read("left") ?? [], Storage.read("right") ?? []]
            response.data = [values[Int(mask & 1)].first ?? 0]
        case .call:
            let padded = Padding.spaces(secret.utf8, multiple: 512)
            response.send(.execute(contract: Leak.someone, codeHash: Leak.hash, message: padded, funds: []))
            response.attributes = [.encrypted("is", Text([UInt8(ascii: "0") + UInt8(mask & 1)]))]
        case .refuse:
            throw ContractError(Text(Padding.spaces(secret.utf8, multiple: 512)))
        case .fill:
            response.data = [Leak.work(rounds: number * 1_000)]
            Gas.fill(to: 1_000)
        }
        return response
    }
}
