/// Keccak-256 as Ethereum uses it: the Keccak team's original padding, not that of SHA3-256 (FIPS 202), which differs
/// in one byte and therefore in everything. Needed for the EIP-191 sign mode and for the transcript of a handshake
/// between peers, so it is written to be read.
package enum Keccak256 {
    /// Bytes absorbed per permutation: 1600 bits of state less twice the 256 bits of the digest.
    private static let rate = 136

    package static func hash(_ bytes: [UInt8]) -> Hash32 {
        var padded = bytes
        padded.append(0x01)
        padded.append(contentsOf: repeatElement(0, count: (rate - padded.count % rate) % rate))
        padded[padded.count - 1] |= 0x80

        var state = [UInt64](repeating: 0, count: 25)
        for block in stride(from: 0, to: padded.count, by: rate) {
            for offset in 0..<rate {
                state[offset / 8] ^= UInt64(padded[block + offset]) << UInt64(8 * (offset % 8))
            }
            permute(&state)
        }
        let digest = (0..<Hash32.byteCount).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
        return certain(Hash32(digest), "32 bytes were taken")
    }

    /// Keccak-f[1600]. The lane at (x, y) is `state[x + 5 * y]`.
    package static func permute(_ state: inout [UInt64]) {
        for constant in roundConstants {
            // Theta.
            var parity = [UInt64](repeating: 0, count: 5)
            for index in 0..<25 { parity[index % 5] ^= state[index] }
            for x in 0..<5 {
                let mix = parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], by: 1)
                for y in 0..<5 { state[x + 5 * y] ^= mix }
            }
            // Rho and pi: walk the 24 lanes other than (0, 0), turning each by the next triangular number.
            var (x, y) = (1, 0)
            var lane = state[1]
            for step in 1...24 {
                (x, y) = (y, (2 * x + 3 * y) % 5)
                let displaced = state[x + 5 * y]
                state[x + 5 * y] = rotate(lane, by: step * (step + 1) / 2 % 64)
                lane = displaced
            }
            // Chi.
            for y in 0..<5 {
                let row = Array(state[(5 * y)..<(5 * y + 5)])
                for x in 0..<5 { state[x + 5 * y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) }
            }
            // Iota.
            state[0] ^= constant
        }
    }

    private static func rotate(_ lane: UInt64, by count: Int) -> UInt64 {
        count == 0 ? lane : lane << UInt64(count) | lane >> UInt64(64 - count)
    }

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
}
