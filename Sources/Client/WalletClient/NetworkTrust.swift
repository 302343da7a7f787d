import DecidedBlocks
import Foundation
import PublicCryptography
import StrictJSON

/// Whose key a user encrypts to: what the chain's enclave proved when the user met it first, and nothing else later.
///
/// The attack: the node, or who stands between, answers with a public key of its own, and reads what was meant for the
/// enclave. Nothing in Secret Network's client protocol tells such a key from the right one.
package struct NetworkTrust: Sendable {
    package let known: KnownChains
    package var expected: NetworkExpectation
    /// Takes the node's word where it serves no evidence, as Secret Network's clients do.
    package var acceptsNodesWord: Bool
    /// Told what was seen for the first time, line by line.
    private let notify: @Sendable ([String]) -> Void

    package init(
        home: URL, expected: NetworkExpectation = .init(), acceptsNodesWord: Bool = false,
        notify: @escaping @Sendable ([String]) -> Void = { _ in }
    ) {
        known = KnownChains(home: home)
        self.expected = expected
        self.acceptsNodesWord = acceptsNodesWord
        self.notify = notify
    }

    /// The chain that the node serves and the key to encrypt to there. Throws rather than give a key that is not the
    /// one this user knows, or that was not proved to be the enclave's.
    package func network(of client: ChainClient) async throws -> (chainID: String, ioPublicKey: [UInt8]) {
        let chainID = try await chainID(of: client)
        guard let offered = Hash32(try await client.ioPublicKey()) else {
            throw ClientError(.badAnswer, "the node's tx-key is not 32 bytes")
        }
        if let other = try known.entries().first(where: { $0.ioExchangeKey == offered && !$0.isOf(chainID) }) {
            throw renamed(other, chainID, "\(client.node) gives out the key of chain \(other.chainID)")
        }
        if var entry = try known.entry(chainID) {
            if entry.ioExchangeKey != offered {
                try await follow(&entry, to: offered, client)
                try known.save(entry)
            }
            if entry.proved != nil || !expected.isOfEvidence {
                try check(entry)
                var isNew = false
                if let proved = entry.proved, isToHaveOneRoot, !proved.hasOneRoot {
                    entry.proved = try await provedAgain(entry, offered, client)
                    isNew = true
                }
                if !entry.isAt(client.node) {
                    entry.nodes.append(client.node)
                    isNew = true
                }
                if isNew { try known.save(entry) }
                return (chainID, offered.bytes)
            }
        }
        let entry = try await meet(chainID, offered, client)
        try known.save(entry)
        return (chainID, offered.bytes)
    }

    /// The chain that the node serves; throws if it is another than was asked for.
    package func chainID(of client: ChainClient) async throws -> String {
        let chainID = try await client.chainID()
        if let wanted = expected.chainID {
            guard wanted.utf8.elementsEqual(chainID.utf8) else {
                throw ClientError(.invalidInput, "--chain-id is \(wanted), but \(client.node) serves \(chainID)")
            }
            return chainID
        }
        // A host could give the chain another name, under which the user knows no key.
        let here = try known.entries().filter { $0.isAt(client.node) }
        if let other = here.first, !here.contains(where: { $0.isOf(chainID) }) {
            throw renamed(other, chainID, "\(client.node) served chain \(other.chainID) until now")
        }
        return chainID
    }

    /// What a node's evidence proves, with the key it gives out, whatever is known of the chain.
    package func verdict(of client: ChainClient) async throws -> (evidence: NetworkEvidence, verdict: EvidenceVerdict) {
        let evidence = try NetworkEvidence(json: try await client.get("/cloister/v1/evidence"))
        var expected = self.expected
        if expected.chainID == nil { expected.chainID = try await client.chainID() }
        return (evidence, evidence.verify(expecting: expected, at: Int64(Date().timeIntervalSince1970)))
    }

    /// Who knows the root and not the chain's identity takes no chain that has another root, too
    /// (`NetworkEvidence.verify`).
    private var isToHaveOneRoot: Bool { expected.root != nil && expected.identity == nil }

    /// What is known of a chain that was met without the question whether it has one root.
    ///
    /// The attack: a host begins a chain with a root of its own beside the true one, and a user meets it by trust on
    /// first use. Told the root later, the user would find it confirmed, since the chain has that root as well.
    private func provedAgain(
        _ entry: KnownChains.Entry, _ offered: Hash32, _ client: ChainClient
    ) async throws -> KnownChains.Proved {
        let verdict = try await verdict(of: client).verdict
        guard let network = verdict.network, network.ioExchangeKey == offered, network.hasOneRoot,
            network.identityHash == entry.proved?.identityHash
        else {
            throw ClientError(
                .evidenceRefused,
                "chain \(entry.chainID) is known, but not that it has no other root than the expected one",
                details: [
                    verdict.refusal ?? "its evidence is now of another key or chain", "Nothing was sent.",
                    "With the chain's identity (--expect-identity) its other roots are known, too.",
                ])
        }
        return KnownChains.Proved(network)
    }

    private func meet(_ chainID: String, _ offered: Hash32, _ client: ChainClient) async throws -> KnownChains.Entry {
        let (evidence, verdict): (NetworkEvidence, EvidenceVerdict)
        do {
            (evidence, verdict) = try await self.verdict(of: client)
        } catch let error as ClientError where error.code == .notFound || error.code == .refused {
            guard acceptsNodesWord, !expected.isOfEvidence else {
                throw ClientError(
                    .evidenceRefused, "\(client.node) serves no evidence for the key of chain \(chainID)",
                    details: [
                        "Nothing shows that the key is the enclave's and not the node's own, which could read what you send.",
                        "To take the node's word, as Secret Network's clients do: --accept-nodes-word",
                    ])
            }
            notify([
                "chain \(chainID) is used for the first time, and its node serves no evidence: its word is taken for the key",
                "key      \(Base64.encode(offered.bytes))",
            ])
            return KnownChains.Entry(chainID: chainID, ioExchangeKey: offered, proved: nil, nodes: [client.node])
        }
        guard let network = verdict.network else {
            throw ClientError(
                .evidenceRefused, "the evidence of chain \(chainID) does not hold: \(verdict.refusal ?? "")",
                details: ["Nothing was sent. `cloister evidence show` shows what the node says and how far it holds."])
        }
        guard network.ioExchangeKey == offered else {
            throw ClientError(
                .evidenceRefused,
                "\(client.node) gives out another key than the one its evidence is for: who answers could read what you send",
                details: [
                    "given out  \(Base64.encode(offered.bytes))",
                    "proved     \(Base64.encode(network.ioExchangeKey.bytes))", "Nothing was sent.",
                ])
        }
        notify(
            ["chain \(chainID) is used for the first time; its enclave has proved what it is:"]
                + verdict.checks.map { $0.subject.padding(toLength: 9, withPad: " ", startingAt: 0) + $0.text }
                + ["It is kept in \(known.path), and any other key is refused."])
        return KnownChains.Entry(
            chainID: chainID, ioExchangeKey: offered,
            proved: .init(network), nodes: [client.node], shown: evidence.state)
    }

    /// Takes another key of a chain that exchanges its keys: with evidence that it is of the same chain, and of the
    /// same program under the same root, as the one that the user knows.
    ///
    /// The attack: whoever answers puts a key of his own in the place of the network's and says that a new epoch has
    /// begun. The identity that was proved says whether the chain does such a thing; what shows that the key is the
    /// chain's is what showed it of the first. Or he leads back to a key of before, with evidence that was true then:
    /// the evidence must be of no earlier state than what the user was shown, and counts as shown.
    private func follow(_ entry: inout KnownChains.Entry, to offered: Hash32, _ client: ChainClient) async throws {
        guard let proved = entry.proved else { throw keyChanged(entry, offered) }
        let (evidence, verdict) = try await self.verdict(of: client)
        guard evidence.identity.rotatesKeys, let network = verdict.network, network.ioExchangeKey == offered,
            network.identityHash == proved.identityHash, network.measurement == proved.measurement,
            network.root == proved.root
        else { throw keyChanged(entry, offered) }
        if let shown = entry.shown, evidence.state.height < shown.height {
            throw ClientError(
                .stale, "\(client.node) gives out a key of chain \(entry.chainID) from before what you were shown",
                details: [
                    "shown before  height \(shown.height)", "its evidence  height \(evidence.state.height)",
                    "Nothing was sent. The node was left behind, by mistake or on purpose. Ask another node.",
                ])
        }
        (entry.ioExchangeKey, entry.shown) = (offered, evidence.state)
    }

    private func check(_ entry: KnownChains.Entry) throws {
        guard let proved = entry.proved else { return }
        for (what, wanted, have) in [
            ("identity", expected.identity, proved.identityHash),
            ("program", expected.measurement, proved.measurement), ("root", expected.root, proved.root),
        ] where wanted != nil && wanted != have {
            throw ClientError(
                .evidenceRefused, "the \(what) of chain \(entry.chainID) is not the expected one",
                details: ["known     \(have)", "expected  \(wanted!)"])
        }
    }

    private func renamed(_ entry: KnownChains.Entry, _ chainID: String, _ what: String) -> ClientError {
        ClientError(
            .refused, "\(what), and says that it is \(chainID)",
            details: [
                "If another network runs there now, say so: --chain-id \(chainID)",
                "or forget the other: cloister evidence forget \(entry.chainID)",
            ])
    }

    private func keyChanged(_ entry: KnownChains.Entry, _ offered: Hash32) -> ClientError {
        ClientError(
            .keyChanged, "THE KEY OF CHAIN \(entry.chainID) HAS CHANGED: nothing was encrypted or sent",
            details: [
                "known    \(Base64.encode(entry.ioExchangeKey.bytes))",
                "offered  \(Base64.encode(offered.bytes))",
                "Either the network was made anew under the same name, or whoever answers puts a key of his own in the place of",
                "the network's, to read what you send. Ask somebody who runs the network, by another way than this node.",
                "If it was made anew: cloister evidence forget \(entry.chainID), and the next call verifies it again.",
            ])
    }
}

extension KnownChains.Proved {
    fileprivate init(_ network: VerifiedNetwork) {
        self.init(
            identityHash: network.identityHash, measurement: network.measurement, root: network.root,
            rootIsSimulated: network.rootIsSimulated, hasOneRoot: network.hasOneRoot)
    }
}
