import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SecretCryptography

extension BackendCase {
    /// What keys an enclave takes, gives and keeps, and how it shows whose they are.
    static let custody: [BackendCase] = [
        BackendCase(name: "an identity that no chain can have is refused, and a true one opens") { machine in
            let enclave = try machine.start(queryLanes: 1)
            let identity = QuietChain().identity(rootHash: try machine.rootHash())
            for change in [
                { $0.chainID = "" }, { $0.initialHeight = 0 }, { $0.initialHeight = .max },
                { $0.initialValidatorsHash.removeLast() }, { $0.genesisNanoseconds = 1_000_000_000 },
                { $0.leaseAnswers = 1 }, { $0.profile = .production },
                { $0.attestationRoots[0].spkiSHA256.removeLast() }, { $0.attestationRoots[0].kind = .hardware },
            ] as [(inout ChainIdentity) -> Void] {
                var wrong = identity
                change(&wrong)
                try refuses(.identityRefused) { _ = try enclave.withControl { try $0.bootstrap(wrong) } }
            }
            _ = try enclave.withControl { try $0.bootstrap(identity) }
        },
        BackendCase(name: "evidence is signed under the machine's root, for the program and its keys") { machine in
            let enclave = try machine.start(queryLanes: 1)
            let identity = QuietChain().identity(rootHash: try machine.rootHash())
            let opened = try enclave.withControl { try $0.bootstrap(identity) }
            try verify(opened.evidence, of: opened.measurement, under: identity) { facts in
                ReportData.network(
                    identity: identity.encoded, ioPublicKey: opened.ioPublicKey,
                    seedExchangePublicKey: opened.seedExchangePublicKey, facts: facts)
            }
            let key = try enclave.withControl { try $0.makeConsensusKey() }
            try verify(key.evidence, of: opened.measurement, under: identity) { facts in
                ReportData.consensusKey(key.publicKey, facts: facts)
            }
        },
        BackendCase(name: "two networks on two machines have nothing in common") { machine in
            let (_, first, chain) = try opened(machine)
            let other = try machine.other()
            let enclave = try other.start(queryLanes: 1)
            let identity = chain.identity(rootHash: try other.rootHash())
            let second = try enclave.withControl { try $0.bootstrap(identity) }
            try require(
                Set([
                    first.ioPublicKey, first.seedExchangePublicKey, second.ioPublicKey, second.seedExchangePublicKey,
                ]).count == 4, "they share a key")
            try require(first.measurement == second.measurement, "they are two programs")
            try other.kill()
        },
        BackendCase(name: "nothing that is said holds a key") { machine in
            let lanes = try RawLanes(machine)
            let chain = QuietChain()
            let identity = chain.identity(rootHash: try machine.rootHash())
            guard case .opened(let opened) = try lanes.control.call(.bootstrap(identity)) else {
                throw Violation(text: "not opened")
            }
            chain.register(opened)
            guard case .consensusKey(let key) = try lanes.control.call(.makeConsensusKey),
                case .consensusKey = try lanes.control.call(.openConsensusKey(key.sealedKey))
            else { throw Violation(text: "no consensus key") }
            for message: ToEnclave in [
                .signVote(VoteToSign(kind: .prevote, height: 1, round: 0, seconds: 1)), .health, .lease, .takeModule,
            ] { _ = try lanes.control.call(message) }
            _ = try lanes.execution.call(.beginBlock(chain.next()), answering: chain)
            _ = try lanes.execution.call(.endBlock)
            chain.adopt()
            _ = try lanes.execution.call(.beginBlock(chain.next()), answering: chain)
            _ = try lanes.queries[0].call(.query(question(at: 1)), answering: chain)
            let finder = KeyFinder(
                exchange: [opened.ioPublicKey, opened.seedExchangePublicKey], signing: key.publicKey)
            for (index, said) in (lanes.said + [machine.log()]).enumerated() {
                if let place = finder.find(in: said) {
                    throw Violation(text: "a private key stands at byte \(place) of message \(index)")
                }
            }
        },
        BackendCase(name: "a key of a file is taken over once, with its place, and stands in no answer") { machine in
            let secret = (0..<32).map { UInt8($0) &* 5 &+ 1 }
            let publicKey = Ed25519Signer.publicKey(of: SecretKey(copying: secret)!)
            let (enclave, opened, _) = try opened(machine)
            var imported = ImportedConsensusKey(privateKey: secret, height: 1, round: 3, step: 2)
            let key = try enclave.withControl { try $0.importConsensusKey(imported) }
            try require(key.publicKey == publicKey && key.height == 1 && key.round == 3, "another key or place")
            let answer = try FromEnclave.consensusKey(key).encoded()
            try require(!answer.contains(secret), "the key stands in the answer")
            _ = try enclave.withControl { try $0.openConsensusKey(key.sealedKey) }
            let vote = VoteToSign(kind: .prevote, height: 1, round: 3, seconds: 1)
            try refuses(.voteConflict) { _ = try enclave.withControl { try $0.sign(vote) } }
            imported.round = 0
            try refuses(.consensusKeyExists) { _ = try enclave.withControl { try $0.importConsensusKey(imported) } }
            _ = opened
        },
        BackendCase(name: "what is no vote is refused, and the next one is signed") { machine in
            let (enclave, _, _) = try opened(machine)
            _ = try enclave.withControl { try $0.openConsensusKey($0.makeConsensusKey().sealedKey) }
            let vote = VoteToSign(kind: .prevote, height: 1, round: 0, seconds: 1)
            for change in [
                { $0.height = 0 }, { $0.nanoseconds = 1_000_000_000 }, { $0.partsTotal = 1 }, { $0.lockRound = 1 },
                { $0.blockHash = [1] }, { $0.kind = .proposal }, { $0.round = .max },
            ] as [(inout VoteToSign) -> Void] {
                var wrong = vote
                change(&wrong)
                try refuses(.voteMalformed) { _ = try enclave.withControl { try $0.sign(wrong) } }
            }
            _ = try enclave.withControl { try $0.sign(vote) }
        },
    ]

    private static func verify(
        _ evidence: [UInt8], of measurement: [UInt8], under identity: ChainIdentity,
        _ reportData: (PlatformFacts) -> [UInt8]
    ) throws {
        let roots = identity.attestationRoots.compactMap(TrustRoot.init(chainIdentity:))
        let verdict = QuoteVerifier.verify(
            evidence: evidence, roots: roots, time: Int64(time(nil)), policy: QuotePolicy())
        guard let claims = verdict.claims else {
            throw Violation(text: verdict.rejection.map { "step \($0.step): \($0.refusal)" } ?? "refused")
        }
        try require(claims.body.measurement.bytes == measurement, "the quote is of another program")
        let facts = ReportData.facts(in: claims.body.reportData)
        try require(
            facts.map { claims.body.reportData == reportData($0) } ?? false, "the quote is over something else")
    }
}

/// Looks for private keys by what is public of them: any 32 bytes are tried, as they are and in hexadecimal and base64.
/// What keys are derived from it does not know, since that is each enclave's own affair.
package struct KeyFinder {
    private let exchange: [[UInt8]]
    private let signing: [UInt8]

    package init(exchange: [[UInt8]], signing: [UInt8]) { (self.exchange, self.signing) = (exchange, signing) }

    /// The place of the first one, in `bytes` or in a text of theirs that was decoded.
    package func find(in bytes: [UInt8]) -> Int? {
        if let place = raw(in: bytes) { return place }
        for (place, run) in runs(of: { Self.hexadecimal.contains($0) }, in: bytes, atLeast: 64) {
            for skip in 0...1 {
                let digits = run.dropFirst(skip).prefix((run.count - skip) & ~1)
                if let found = Hexadecimal.decode(String(decoding: digits, as: UTF8.self)), raw(in: found) != nil {
                    return place
                }
            }
        }
        for (place, run) in runs(of: { Self.base64.contains($0) }, in: bytes, atLeast: 43) {
            for skip in 0...3 {
                let digits = Array(run.dropFirst(skip).prefix((run.count - skip) & ~3))
                if let found = Base64.decode(String(decoding: digits, as: UTF8.self)), raw(in: found) != nil {
                    return place
                }
            }
        }
        return nil
    }

    private static let hexadecimal = Set("0123456789abcdefABCDEF".utf8)
    private static let base64 = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private func raw(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 32 else { return nil }
        return (0...(bytes.count - 32)).first { isKey(Array(bytes[$0..<$0 + 32])) }
    }

    private func isKey(_ bytes: [UInt8]) -> Bool {
        // Text, zeros and counters are no keys, and most of what is said.
        guard Set(bytes).count > 12 else { return false }
        let key = SecretKey(copying: bytes)!
        return exchange.contains(X25519.publicKey(of: key)) || Ed25519Signer.publicKey(of: key) == signing
    }

    private func runs(
        of isIn: (UInt8) -> Bool, in bytes: [UInt8], atLeast count: Int
    ) -> [(place: Int, run: ArraySlice<UInt8>)] {
        var found: [(place: Int, run: ArraySlice<UInt8>)] = []
        var start = 0
        for index in 0...bytes.count where index == bytes.count || !isIn(bytes[index]) {
            if index - start >= count { found.append((start, bytes[start..<index])) }
            start = index + 1
        }
        return found
    }
}
