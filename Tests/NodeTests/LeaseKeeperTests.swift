import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import Logging
import PublicCryptography
import StrictJSON
import Synchronization
import Testing
import Wire

@testable import Node

/// When a node hands in its enclave's nonce, with a lease of a minute, on a chain whose blocks may be far apart.
@Suite struct LeaseKeeperTests {
    private static let begin: Int64 = 1_750_000_000

    /// Whether the nonce is handed in, so many seconds after the lease was granted: by block time, and by the clock.
    private func isHandedIn(
        block: Int64, clock: Int64, answersLeft: UInt32 = 10_000, isBlockComing: Bool = false, hasState: Bool = true
    ) -> Bool {
        let count = Mutex(0)
        var lease = EnclaveLease()
        (lease.nonce, lease.grantedHeight, lease.grantedSeconds) = (SHA256.hash([1]).bytes, 5, Self.begin)
        lease.answersLeft = answersLeft
        let terms = LeaseTerms.ofNewChains
        let keeper = LeaseKeeper(
            ChainIdentity(
                chainID: "lease-1", genesisSeconds: Self.begin, genesisNanoseconds: 0, initialHeight: 1,
                initialValidatorsHash: [], attestationRoots: [], profile: .development, leaseAnswers: terms.answers,
                leaseSeconds: terms.seconds), lease: { [lease] in lease }, hasState: { hasState },
            time: { Timestamp(seconds: Self.begin + block, nanoseconds: 0)! },
            submit: { transaction in
                count.withLock { $0 += 1 }
                return CheckOutcome(hash: SHA256.hash(transaction))
            }, clock: { Timestamp(seconds: Self.begin + clock, nanoseconds: 0)! },
            logger: Logger(label: "lease") { _ in SwiftLogNoOpLogHandler() })
        keeper.look(isBlockComing: isBlockComing)
        // Once is enough, until it is known what became of it.
        keeper.look(isBlockComing: isBlockComing)
        return count.withLock { $0 } == 1
    }

    @Test("a lease is renewed at its half by block time or by answers, and a chain that stands is left alone")
    func half() {
        #expect(!isHandedIn(block: 29, clock: 29))
        #expect(isHandedIn(block: 30, clock: 30))
        #expect(isHandedIn(block: 1, clock: 1, answersLeft: 5_000))
        #expect(!isHandedIn(block: 0, clock: 86_400))
    }

    @Test("a lease that a first block after a long time would end is renewed as soon as a transaction waits for it")
    func quietChain() {
        #expect(isHandedIn(block: 0, clock: 86_400, isBlockComing: true))
        #expect(!isHandedIn(block: 0, clock: 29, isBlockComing: true))
    }

    @Test("no nonce is handed in before there is a state: it would stand in a block that is never run here")
    func noState() {
        #expect(!isHandedIn(block: 30, clock: 30, isBlockComing: true, hasState: false))
    }

    @Test("the terms of a lease are genesis's, and a genesis that does not say them begins the chains it began before")
    func terms() throws {
        var genesis = FirstGenesis.document(
            chainID: "lease-1", moniker: "m", validatorKey: [UInt8](repeating: 1, count: 32), accounts: [],
            time: Timestamp(seconds: Self.begin, nanoseconds: 0)!)
        #expect(try LeaseTerms(genesis) == LeaseTerms.ofNewChains)
        genesis = try GenesisDocument(json: genesis.jsonBytes)
        #expect(try LeaseTerms(genesis) == LeaseTerms.ofNewChains)
        let own = genesis.with(register: [("lease", ["answers": "7", "seconds": "8"])])
        let identity = try ChainIdentity(own, validatorsHash: .zero, roots: [], profile: .development)
        #expect(identity.leaseAnswers == 7 && identity.leaseSeconds == 8)
        #expect(try LeaseTerms(genesis.with(register: [])) == LeaseTerms(answers: 10_000, seconds: 3_600))
        for wrong: JSONValue in [
            ["answers": "0", "seconds": "1"], ["answers": "1"], ["answers": "-1", "seconds": "1"],
            ["answers": "4294967296", "seconds": "1"], "a minute",
        ] {
            #expect(throws: GenesisError.malformed("register.lease")) {
                try LeaseTerms(genesis.with(register: [("lease", wrong)]))
            }
        }
    }
}
