import CSodium
import DecidedBlocks
import PeerNetwork
import PeerWire
import PublicCryptography

/// A node with a key of its own.
struct Side: Sendable {
    let seed: [UInt8]
    var ephemeral: [UInt8]

    init(number: UInt8) {
        seed = [UInt8](repeating: number, count: 32)
        ephemeral = [UInt8](repeating: number | 0x40, count: 32)
    }

    init(seed: [UInt8], ephemeral: [UInt8]) { (self.seed, self.ephemeral) = (seed, ephemeral) }

    private var pair: (publicKey: [UInt8], secretKey: [UInt8]) {
        var pair = (publicKey: [UInt8](repeating: 0, count: 32), secretKey: [UInt8](repeating: 0, count: 64))
        crypto_sign_seed_keypair(&pair.publicKey, &pair.secretKey, seed)
        return pair
    }

    var id: String { Hexadecimal.encode(ValidatorAddress(publicKey: pair.publicKey).bytes) }

    var info: NodeInfo {
        NodeInfo(
            id: id, listenAddress: "tcp://127.0.0.1:26656", network: "peers-1", version: "0.1.0",
            channels: PeerChannel.allCases, moniker: "a node", appVersion: 1)
    }

    var key: PeerKey {
        let pair = pair
        return PeerKey(publicKey: pair.publicKey) { message in
            var signature = [UInt8](repeating: 0, count: 64)
            crypto_sign_detached(&signature, nil, message, UInt64(message.count), pair.secretKey)
            return signature
        }
    }

    func link(_ bend: (inout NodeInfo) -> Void = { _ in }) -> PeerLink {
        var info = info
        bend(&info)
        return PeerLink(
            ephemeralSecret: ephemeral, own: info, publicKey: pair.publicKey, limits: Facts.rules.limits,
            sign: key.sign)
    }

    /// Carries bytes to and fro until both sides are open.
    static func connect(
        _ left: inout PeerLink, _ right: inout PeerLink
    ) throws(PeerFault) -> (left: PeerIdentity, right: PeerIdentity) {
        var (toRight, toLeft) = (left.hello, right.hello)
        var (leftIdentity, rightIdentity): (PeerIdentity?, PeerIdentity?)
        while !toRight.isEmpty || !toLeft.isEmpty {
            let (forRight, forLeft) = (toRight, toLeft)
            (toRight, toLeft) = ([], [])
            for event in try left.receive(forLeft) {
                if case .send(let bytes) = event { toRight += bytes }
                if case .open(let identity) = event { leftIdentity = identity }
            }
            for event in try right.receive(forRight) {
                if case .send(let bytes) = event { toLeft += bytes }
                if case .open(let identity) = event { rightIdentity = identity }
            }
        }
        guard let leftIdentity, let rightIdentity else { throw .length }
        return (leftIdentity, rightIdentity)
    }
}
