import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import PublicCryptography
import StateKit
import StateProofs
import Wire

// What of a block's beginning is refused, and by which number. That the enclave goes on, or does not, is part of it.

extension BackendCase {
    static let headers: [BackendCase] = [
        BackendCase(name: "bytes that are no header are refused, and the header is taken") { machine in
            let (enclave, _, chain) = try opened(machine)
            let right = chain.next()
            for change in [
                { $0.header.removeLast() }, { $0.header.append(0) }, { $0.commit.removeLast() },
                { $0.validators.removeLast() }, { $0.header = [] },
            ] as [(inout BeginBlock) -> Void] {
                var wrong = right
                change(&wrong)
                try refuses(.headerMalformed) { _ = try enclave.execution.beginBlock(wrong, answering: chain) }
            }
            _ = try run(chain, on: enclave)
        },
        refused("a header of another chain", .headerWrongChain) { chain in chain.next { $0.chainID = "other-1" } },
        refused("a header of another block protocol", .headerMalformed) { chain in
            chain.next { $0.blockVersion = 10 }
        },
        refused("a first header that follows another", .headerNotLinked) { chain in
            chain.next { $0.lastBlockID = BlockID(hash: $0.consensusHash, parts: .init(total: 1, hash: .zero)) }
        },
        refused("a header of other validators", .headerWrongValidators) { chain in
            chain.next { $0.validatorsHash = $0.consensusHash }
        },
        refused("a first header of another time than genesis", .headerTimeNotLater) { chain in
            chain.next { $0.time = Timestamp(seconds: $0.time.seconds - 1, nanoseconds: 0)! }
        },
        refused("a header whose commit is another's", .headerNotCommitted) { chain in
            var begin = chain.next()
            begin.commit = chain.next { $0.consensusHash = .zero }.commit
            return begin
        },
        refused("transactions that the header does not cover", .transactionsNotInHeader) { chain in
            var begin = chain.next()
            begin.transactionHashes = [[UInt8](repeating: 1, count: 32)]
            return begin
        },
        refused("a hash of a transaction that is none", .transactionsNotInHeader) { chain in
            var begin = chain.next()
            begin.transactionHashes = [[1, 2, 3]]
            return begin
        },
        refused("results that the header does not cover", .resultsNotInHeader) { chain in
            var begin = chain.next()
            begin.previousResults = [[UInt8](repeating: 1, count: 32)]
            return begin
        },
        refused("a store twice", .storeRootsNotInHeader) { chain in
            var begin = chain.next()
            begin.storeRoots.append(begin.storeRoots[0])
            return begin
        },
        BackendCase(name: "a header that is no later than the one before is refused") { machine in
            let (enclave, _, chain) = try opened(machine)
            _ = try run(chain, on: enclave)
            try refuses(.headerTimeNotLater) {
                let begin = chain.next { $0.time = chain.headers[0].time }
                _ = try enclave.execution.beginBlock(begin, answering: chain)
            }
            _ = try run(chain, on: enclave)
        },
        BackendCase(name: "transactions come in order, and all of them") { machine in
            let (enclave, _, chain) = try opened(machine)
            let transactions: [[UInt8]] = [[1], [2, 2]]
            _ = try enclave.execution.beginBlock(chain.next(transactions: transactions), answering: chain)
            try refuses(.transactionsNotInHeader) { try enclave.execution.sendTransactions([[3]]) }
            try refuses(.transactionsNotInHeader) { try enclave.execution.sendTransactions(transactions + [[1]]) }
            try refuses(.transactionMissing) {
                _ = try enclave.execution.runTransaction(RunTransaction(index: 2), answering: chain)
            }
            try enclave.execution.sendTransactions(transactions)
            _ = try enclave.execution.endBlock()
        },
        BackendCase(name: "a transaction that is none is refused") { machine in
            let (enclave, _, chain) = try opened(machine)
            _ = try enclave.execution.beginBlock(chain.next(transactions: [[1]]), answering: chain)
            try enclave.execution.sendTransactions([[1]])
            try refuses(.transactionMalformed) {
                _ = try enclave.execution.runTransaction(RunTransaction(index: 0), answering: chain)
            }
            _ = try enclave.execution.endBlock()
        },
        BackendCase(name: "a state that gives out another's keys is refused, and nothing is answered after that") {
            machine in
            let (enclave, opened, chain) = try opened(machine)
            var others = opened
            others.ioPublicKey[0] ^= 1
            chain.register(others)
            try refuses(.exchangeKeysDiffer) { _ = try enclave.execution.beginBlock(chain.next(), answering: chain) }
            chain.register(opened)
            try refuses(.stopped) { _ = try enclave.execution.beginBlock(chain.next(), answering: chain) }
        },
        BackendCase(name: "a second header for the height that runs is refused, and nothing is answered after that") {
            machine in
            let (enclave, _, chain) = try opened(machine)
            _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
            try refuses(.secondHeaderForHeight) {
                _ = try enclave.execution.beginBlock(chain.next { $0.consensusHash = .zero }, answering: chain)
            }
            try refuses(.stopped) { _ = try enclave.execution.beginBlock(chain.next(), answering: chain) }
        },
        BackendCase(name: "a second header for a height that has ended is refused") { machine in
            let (enclave, _, chain) = try opened(machine)
            let other = chain.next { $0.consensusHash = .zero }
            _ = try run(chain, on: enclave)
            try refuses(.secondHeaderForHeight) { _ = try enclave.execution.beginBlock(other, answering: chain) }
        },
    ]

    /// The first block of a chain with one thing wrong, and then without.
    private static func refused(
        _ what: String, _ failure: Failure, _ wrong: @escaping @Sendable (QuietChain) throws -> BeginBlock
    ) -> BackendCase {
        BackendCase(name: "\(what) is refused, and the right one is taken") { machine in
            let (enclave, _, chain) = try opened(machine)
            try refuses(failure) { _ = try enclave.execution.beginBlock(try wrong(chain), answering: chain) }
            _ = try run(chain, on: enclave)
        }
    }

    // MARK: - Freshness

    /// What the host may have kept from yesterday: a record, a state, a chain that went another way.
    static let freshness: [BackendCase] = [
        BackendCase(name: "one header is begun for a height, over a restart") { machine in
            let (enclave, opened, chain) = try opened(machine)
            let other = chain.next { $0.consensusHash = .zero }
            _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
            try machine.kill()
            let again = try machine.start(queryLanes: 1)
            _ = try again.withControl { try $0.unseal(opened.sealedRecord) }
            try refuses(.secondHeaderForHeight) { _ = try again.execution.beginBlock(other, answering: chain) }
        },
        BackendCase(name: "an older record does not take the machine back") { machine in
            let (enclave, opened, chain) = try opened(machine)
            let first = chain.next()
            _ = try run(chain, on: enclave)
            _ = try run(chain, on: enclave)
            try machine.kill()
            let again = try machine.start(queryLanes: 1)
            _ = try again.withControl { try $0.unseal(opened.sealedRecord) }
            try refuses(.heightBehindJournal) { _ = try again.execution.beginBlock(first, answering: chain) }
        },
        BackendCase(name: "a block behind the machine's record runs again under the header after it") { machine in
            let (enclave, opened, chain) = try opened(machine)
            var first = chain.next()
            _ = try run(chain, on: enclave)
            let second = chain.next()
            _ = try run(chain, on: enclave)
            try machine.kill()
            let again = try machine.start(queryLanes: 1)
            _ = try again.withControl { try $0.unseal(opened.sealedRecord) }
            first.next = ProvingBlock(
                header: second.header, commit: second.commit, validators: second.validators, results: [],
                refused: [])
            let begun = try again.execution.beginBlock(first, answering: chain)
            try require(begun.height == 1, "another height")
            // What that state says may be asked of an enclave at the head alone.
            try refuses(.notAnnounced) { _ = try again.queries[0].query(question(at: 0), answering: chain) }
            _ = try again.execution.endBlock()
        },
        BackendCase(name: "an answer is of the newest state that was proved") { machine in
            let (enclave, _, chain) = try opened(machine)
            _ = try run(chain, on: enclave)
            let stale = chain.state
            chain.state.stores["compute"] = [[1]: [2]]
            _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
            let liar = QuietChain.copy(of: chain)
            liar.state = stale
            try refuses(.proofInvalid) { _ = try enclave.queries[0].query(question(at: 1), answering: liar) }
            let answer = try enclave.queries[0].query(question(at: 1), answering: chain)
            try require(!answer.error.isEmpty, "it is there")
        },
        BackendCase(name: "a value that is not in the state is refused") { machine in
            let (enclave, chain) = try announcing(machine)
            chain.changeProofs = { proofs in proofs[0].values[0] = [1, 2, 3] }
            try refuses(.proofInvalid) { _ = try enclave.queries[0].query(question(at: 1), answering: chain) }
            chain.changeProofs = { proofs in proofs[0].proof.append(0) }
            try refuses(.proofInvalid) { _ = try enclave.queries[0].query(question(at: 1), answering: chain) }
            chain.changeProofs = { _ in }
            _ = try enclave.queries[0].query(question(at: 1), answering: chain)
        },
        BackendCase(name: "an answer to another question is refused") { machine in
            let (enclave, chain) = try announcing(machine)
            for change in [
                { $0[0].keys[0].append(0) }, { $0[0].store = "bank" }, { $0.append($0[0]) }, { $0 = [] },
            ] as [@Sendable (inout [StateProof]) -> Void] {
                chain.changeProofs = change
                try refuses(.proofForOtherKeys) { _ = try enclave.queries[0].query(question(at: 1), answering: chain) }
            }
            chain.changeProofs = { _ in }
            _ = try enclave.queries[0].query(question(at: 1), answering: chain)
        },
        BackendCase(name: "a query of what is no contract's address is refused, and the lane goes on") { machine in
            let (enclave, chain) = try announcing(machine)
            for count in [0, 19] {
                var query = question(at: 1)
                query.contract = [UInt8](repeating: 7, count: count)
                try refuses(.queryMalformed) { _ = try enclave.queries[0].query(query, answering: chain) }
            }
            _ = try enclave.queries[0].query(question(at: 1), answering: chain)
        },
        BackendCase(name: "each start has a nonce of its own, and a block that holds it gives a lease") { machine in
            let (first, leased) = try leased(machine)
            let nonce = try first.withControl { try $0.lease().nonce }
            try require(nonce.count == 32, "a nonce of \(nonce.count) bytes")
            try machine.kill()
            let enclave = try machine.start(queryLanes: 1)
            _ = try enclave.withControl { try $0.unseal(leased.opened.sealedRecord) }
            let lease = try enclave.withControl { try $0.lease() }
            try require(lease.nonce.count == 32 && lease.nonce != nonce, "the nonce of another start")
            try require(lease.grantedHeight == 0 && lease.answersLeft == 0, "a lease before any block")
            // Of the start before: that enclave is gone.
            let chain = leased.chain
            let old = QuietChain.leaseTransaction(nonce: nonce)
            _ = try enclave.execution.beginBlock(chain.next(transactions: [old]), answering: chain)
            chain.adopt(transactions: [old])
            try require(try enclave.withControl { try $0.lease().answersLeft } == 0, "another's nonce gave a lease")
            try enclave.execution.sendTransactions([old])
            _ = try enclave.execution.endBlock()
            let own = QuietChain.leaseTransaction(nonce: lease.nonce)
            _ = try enclave.execution.beginBlock(chain.next(transactions: [own]), answering: chain)
            let granted = try enclave.withControl { try $0.lease() }
            try require(
                granted.grantedHeight == 2 && granted.answersLeft == 3 && granted.nonce != lease.nonce,
                "no lease, or the same nonce again")
        },
    ]

    private static func leased(
        _ machine: any BackendMachine
    ) throws -> (any EnclaveBackend, (opened: OpenedEnclave, chain: QuietChain)) {
        let enclave = try machine.start(queryLanes: 1)
        let chain = QuietChain()
        var identity = chain.identity(rootHash: try machine.rootHash())
        (identity.leaseAnswers, identity.leaseSeconds) = (3, 60)
        let opened = try enclave.withControl { try $0.bootstrap(identity) }
        chain.register(opened)
        return (enclave, (opened, chain))
    }
}
