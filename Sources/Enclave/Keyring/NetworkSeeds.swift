import PublicCryptography
import SecretCryptography

/// The two consensus seeds (Secret Network protocol: key hierarchy): the genesis seed, which authenticates contracts,
/// and the current one, from which everything else comes. Whoever has them is the network.
///
/// Where keys rotate, what messages and values are encrypted with comes from an epoch's seed instead, and the current
/// one gives only what stays (docs/decisions/0048). Each epoch's comes from the one before by a step that nobody takes
/// back: who has one has all later ones, and none of those that are gone.
package struct NetworkSeeds: ~Copyable, Sendable {
    /// Values carry an epoch's number as two more (`NetworkKeys.firstEpoch`).
    package static let epochMax = UInt16.max - NetworkKeys.firstEpoch

    let genesis, current: SecretKey
    /// Of the present epoch, and of the one before; the same again where there is none: of `current`, if keys stay.
    let present, earlier: SecretKey
    /// From 0; `nil` where keys stay.
    package let epoch: UInt16?
    /// Whether the seed of the epoch before is here.
    package let isWithEarlier: Bool

    /// Seeds that exist already: opened from a record, received from a granting enclave, or given by a test. Those of
    /// epochs are there where keys rotate.
    package init(
        genesis: consuming SecretKey, current: consuming SecretKey, epoch: UInt16? = nil,
        present: consuming SecretKey? = nil, earlier: consuming SecretKey? = nil
    ) {
        self.epoch = epoch
        isWithEarlier = earlier != nil
        let newest = present ?? SecretKey(copy: current)
        self.earlier = earlier ?? SecretKey(copy: newest)
        self.present = newest
        self.genesis = genesis
        self.current = current
    }

    /// The seeds of a new network: each from entropy of its own, bound to the chain identity, so that the same seeds
    /// can never serve a second chain.
    package static func bootstrap(identity: [UInt8], rotating: Bool = false) -> NetworkSeeds {
        NetworkSeeds(
            entropy: SecretKey.random(), SecretKey.random(), rotating ? .some(SecretKey.random()) : nil,
            identity: identity)
    }

    /// `seed_i = HK(entropy_i, identity || label_i)`.
    init(
        entropy genesis: borrowing SecretKey, _ current: borrowing SecretKey, _ epoch: consuming SecretKey? = nil,
        identity: [UInt8]
    ) {
        var first: SecretKey?
        if let epoch { first = KeyDerivation.expand(epoch, info: identity + Label.seeds[2], home: .pages) }
        self.init(
            genesis: KeyDerivation.expand(genesis, info: identity + Label.seeds[0], home: .pages),
            current: KeyDerivation.expand(current, info: identity + Label.seeds[1], home: .pages),
            epoch: first == nil ? nil : 0, present: first)
    }

    /// Of which epoch the oldest seed here is; `nil` where keys stay.
    package var oldestEpoch: UInt16? { epoch.map { isWithEarlier ? $0 - 1 : $0 } }

    /// These seeds as epoch `wanted` has them, with the seed of the one before or without it. What is left out is gone
    /// once the seeds that had it are let go: `nil` for what is.
    ///
    /// `seed_(n+1) = HK(seed_n, label || n+1)`.
    package borrowing func advanced(to wanted: UInt16, withEarlier: Bool) -> NetworkSeeds? {
        guard let epoch, (epoch...NetworkSeeds.epochMax).contains(wanted) else { return nil }
        guard wanted > epoch || isWithEarlier || !withEarlier else { return nil }
        var earlier = SecretKey(copy: self.earlier)
        var present = SecretKey(copy: self.present)
        for number in epoch..<wanted {
            let next = KeyDerivation.expand(present, info: Label.epoch + (number + 1).bigEndianBytes, home: .pages)
            earlier = present
            present = next
        }
        return NetworkSeeds(
            genesis: SecretKey(copy: genesis), current: SecretKey(copy: current), epoch: wanted, present: present,
            earlier: withEarlier ? .some(earlier) : nil)
    }
}

// MARK: - Form

// Two seeds, or three or four with `u16 epoch` behind them: the present epoch's, and that of the one before.

extension NetworkSeeds {
    var count: Int { epoch == nil ? 2 : isWithEarlier ? 4 : 3 }

    static func byteCount(_ count: Int) -> Int { count * SecretKey.byteCount + (count > 2 ? 2 : 0) }

    /// Safe: behind `start` there is room for so many bytes.
    @unsafe
    borrowing func put(into output: UnsafeMutableRawBufferPointer, at start: Int) {
        unsafe output.put(genesis, at: start)
        unsafe output.put(current, at: start + SecretKey.byteCount)
        guard let epoch else { return }
        unsafe output.put(present, at: start + 2 * SecretKey.byteCount)
        if isWithEarlier { unsafe output.put(earlier, at: start + 3 * SecretKey.byteCount) }
        unsafe output.put(epoch.bigEndianBytes, at: start + count * SecretKey.byteCount)
    }

    /// So many seeds behind `start`; `nil` for anything that `put` never makes.
    init?(_ bytes: borrowing GuardedBytes, at start: Int, count: Int) {
        guard (2...4).contains(count), bytes.count >= start + NetworkSeeds.byteCount(count) else { return nil }
        let end = start + count * SecretKey.byteCount
        let epoch = count > 2 ? UInt16(bigEndianBytes: bytes.rest(from: end).prefix(2)) : nil
        guard epoch ?? 0 <= NetworkSeeds.epochMax, epoch != 0 || count == 3 else { return nil }
        self.init(
            genesis: SecretKey(bytes, at: start), current: SecretKey(bytes, at: start + SecretKey.byteCount),
            epoch: epoch, present: count > 2 ? .some(SecretKey(bytes, at: start + 2 * SecretKey.byteCount)) : nil,
            earlier: count > 3 ? .some(SecretKey(bytes, at: start + 3 * SecretKey.byteCount)) : nil)
    }
}
