/// A wallet's key: its signatures are those that the chain's enclave takes.
struct TestKey {
    private let secret: [UInt8]
    let publicKey: [UInt8]

    /// At most 32 bytes, which are not all zero.
    init(_ secret: [UInt8]) {
        self.secret = Modulus.bytes(Modulus.digits(secret))
        publicKey = CurvePoint.sum([(Modulus.digits(secret), .base)])!.compressed
    }

    var address: String { String(decoding: TestAddress.encode(RIPEMD160.hash(SHA256.hash(publicKey))), as: UTF8.self) }

    /// 64 bytes r, s over the SHA-256 of `message`, with s in the lower half.
    func sign(_ message: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(message)
        let order = Modulus.order
        var nonces = NonceSource(secret, Modulus.bytes(order.reduce(Modulus.digits(digest))))
        while true {
            let nonce = nonces.next()
            guard nonce.contains(where: { $0 != 0 }), Modulus.isBelow(nonce, order.prime),
                let point = CurvePoint.sum([(nonce, .base)])
            else { continue }
            let r = order.reduce(point.x)
            let sum = order.add(order.reduce(Modulus.digits(digest)), order.multiply(r, Modulus.digits(secret)))
            let s = order.multiply(order.inverse(nonce), sum)
            let negative = order.subtract([UInt32](repeating: 0, count: 8), s)
            return Modulus.bytes(r) + Modulus.bytes(Modulus.isBelow(negative, s) ? negative : s)
        }
    }

    static func verify(signature: [UInt8], digest: [UInt8], publicKey: [UInt8]) -> Bool {
        let order = Modulus.order
        guard let (r, s) = parts(signature), let key = CurvePoint(compressed: publicKey), digest.count == 32,
            !Modulus.isBelow(order.subtract([UInt32](repeating: 0, count: 8), s), s)
        else { return false }
        let inverse = order.inverse(s)
        let first = order.multiply(order.reduce(Modulus.digits(digest)), inverse)
        let point = CurvePoint.sum([(first, .base), (order.multiply(r, inverse), key)])
        return point.map { order.reduce($0.x) == r } ?? false
    }

    /// The public key, one of two, that could have made the signature.
    static func recover(signature: [UInt8], digest: [UInt8], recovery: UInt32) -> [UInt8]? {
        let order = Modulus.order
        guard let (r, s) = parts(signature), recovery < 2,
            let point = CurvePoint(compressed: [2 + UInt8(recovery)] + Modulus.bytes(r))
        else { return nil }
        let inverse = order.inverse(r)
        let zero = [UInt32](repeating: 0, count: 8)
        let digest = order.subtract(zero, order.reduce(Modulus.digits(digest)))
        return CurvePoint.sum([(order.multiply(digest, inverse), .base), (order.multiply(s, inverse), point)])?
            .compressed
    }

    private static func parts(_ signature: [UInt8]) -> (r: [UInt32], s: [UInt32])? {
        guard signature.count == 64 else { return nil }
        let r = Modulus.digits(Array(signature[..<32]))
        let s = Modulus.digits(Array(signature[32...]))
        for part in [r, s] {
            guard part.contains(where: { $0 != 0 }), Modulus.isBelow(part, Modulus.order.prime) else { return nil }
        }
        return (r, s)
    }
}

/// Nonces that depend on key and message alone (RFC 6979, section 3.2).
private struct NonceSource {
    private var key = [UInt8](repeating: 0, count: 32)
    private var value = [UInt8](repeating: 1, count: 32)
    private var isFirst = true

    init(_ secret: [UInt8], _ digest: [UInt8]) {
        for round in [UInt8(0), 1] { mix([round] + secret + digest) }
    }

    mutating func next() -> [UInt32] {
        if !isFirst { mix([0]) }
        isFirst = false
        value = SHA256.authenticate(value, key: key)
        return Modulus.digits(value)
    }

    private mutating func mix(_ bytes: [UInt8]) {
        key = SHA256.authenticate(value + bytes, key: key)
        value = SHA256.authenticate(value, key: key)
    }
}
