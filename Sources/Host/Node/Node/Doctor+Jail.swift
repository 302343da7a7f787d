import DecidedBlocks
import Foundation
import PublicCryptography
import StrictJSON
import ValidatorSigning
import Wire

/// Whether the chain has put this node's validator aside: a jailed one signs nothing and earns nothing, and its node
/// looks well otherwise.
extension Doctor {
    /// Of a node that runs, which is asked. Nothing is said of a validator that is none of staking's.
    func standingOfOwnValidator(_ configuration: NodeConfiguration) {
        guard let address = ownValidator(configuration) else { return }
        let rest = NodeAddress(host: configuration.restHost, port: configuration.restPort)
        do {
            let own = try Self.validator(address.bytes) { try rest.get($0) }
            guard let own, own["jailed"]?.bool ?? false else { return }
            let name = Bech32.encode(prefix: "secretvalcons", address.bytes)
            let info = try? rest.get("/cosmos/slashing/v1beta1/signing_infos/\(name)")["val_signing_info"]
            let (text, remedy) = Self.jailing(own, info, now: Date())
            note("key", .fault, text, remedy)
        } catch {
            note(
                "key", .warning, "cannot ask the node whether its validator is jailed: \(NodeFault(error, in: home))",
                "see that its REST port answers on this machine")
        }
    }

    /// Of staking's, which come in pages.
    static func validator(_ address: [UInt8], get: (String) throws -> JSONValue) throws -> JSONValue? {
        let first = "/cosmos/staking/v1beta1/validators?pagination.limit=\(pageLimit)"
        var path = first
        for _ in 0..<pagesMax {
            let page = try get(path)
            if let own = (page["validators"]?.array ?? []).first(where: { Self.address($0) == address }) { return own }
            guard let next = page["pagination"]?["next_key"]?.string, !next.isEmpty else { return nil }
            let key = next.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
            path = first + "&pagination.key=" + key
        }
        throw NodeFault("the node shows more than \(pagesMax * pageLimit) validators")
    }

    static let pageLimit = 1_000
    private static let pagesMax = 100

    private func ownValidator(_ configuration: NodeConfiguration) -> ValidatorAddress? {
        configuration.signer == .file
            ? try? ValidatorSigner(keyPath: home.validatorKey, statePath: home.validatorState).address
            : try? SealedKeyFile(path: home.sealedValidatorKey).address
    }

    /// The consensus address of a validator as REST shows it; `nil` for a key of another kind.
    static func address(_ validator: JSONValue) -> [UInt8]? {
        guard let key = validator["consensus_pubkey"]?["key"]?.string.flatMap({ Base64.decode($0) }) else { return nil }
        return Array(SHA256.hash(key).bytes.prefix(20))
    }

    /// What is said of a jailed validator; `info` is what slashing has of its key.
    static func jailing(_ validator: JSONValue, _ info: JSONValue?, now: Date) -> (text: String, remedy: String) {
        let name = NodeStatus.text(validator["operator_address"])
        if info?["tombstoned"]?.bool ?? false {
            return (
                "the validator \(name) is barred for ever: its key signed two blocks at one height",
                "find out where the key is twice; delegators move to another validator, which has another key"
            )
        }
        guard let info else {
            return (
                "the validator \(name) is jailed: it signs nothing and earns nothing",
                "ask again when the node tells what slashing has of its key: `cloister query slashing signing-infos`"
            )
        }
        let missed = info["missed_blocks_counter"]?.string.flatMap { Int64($0) } ?? 0
        let until = info["jailed_until"]?.string ?? ""
        let text =
            "the validator \(name) is jailed: it signs nothing and earns nothing"
            + (missed > 0 ? "; of the last blocks it missed \(missed)" : "")
        let isTooEarly = Timestamp(rfc3339: until).map { Double($0.seconds) > now.timeIntervalSince1970 } ?? false
        let least = NodeStatus.text(validator["min_self_delegation"])
        return (
            text,
            "when this node is ready\(isTooEarly ? ", and from \(until) on" : ""), its account sends "
                + "`cloister tx slashing unjail`; if it has delegated less than \(least) to itself, more of that first"
        )
    }
}
