import BenchmarkKit
import ContractEngine
import Foundation
import Keyring
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateProofs
import StateStore
import TransactionFixtures
import WasmKit
import Wire

/// What makes a call fast, each beside its absence, in one run. Processor time but for the last two rows, which are
/// about waiting.
struct AbsenceBenchmark {
    private let options: Options
    private let contract: BenchmarkContract

    init(_ options: Options) {
        self.options = options
        contract = options.contract
    }

    func run(_ report: Report) throws {
        report.table("each against its absence", columns: ["with", "without", "ratio"])
        try ContractThread.run { try engine(report) }
        values(report)
        try proofs(report)
        try prefetch(report)
    }

    private func row(_ report: Report, _ name: String, with: Samples, without: Samples, note: String = "") {
        report.cells(
            name,
            [report.time(with.median), report.time(without.median), Report.ratio(without.median / with.median)],
            note: note)
    }

    /// Processor time of each of `count` runs of `body`.
    private static func timing(_ count: Int, _ body: () throws -> Void) rethrows -> Samples {
        try body()
        return Samples(
            try (0..<count).map { _ in
                let start = Machine.threadSeconds
                try body()
                return Machine.threadSeconds - start
            })
    }

    // MARK: - The engine

    private func engine(_ report: Report) throws {
        let engines = try [InstanceMemory.slots, .fresh].map { try WasmEngine(memory: $0) }
        let modules = try engines.map { try $0.compile(contract.code) }
        let calls = try zip(engines, modules).map { try ContractCalls(contract, $0, $1) }
        // In turns, so that whatever else the machine does meets both.
        var (slots, fresh): ([Double], [Double]) = ([], [])
        for _ in 0..<500 {
            slots.append(try calls[0].call())
            fresh.append(try calls[1].call())
        }
        row(
            report, "instances in slots that are used again: one call", with: Samples(slots), without: Samples(fresh),
            note: "state in a dictionary, not counted")

        let engine = engines[0]
        var made: [Double] = []
        for _ in 0..<5 {
            let start = Machine.threadSeconds
            let module = try engine.compile(contract.code, preset: .winch)
            made.append(Machine.threadSeconds - start + (try ContractCalls(contract, engine, module).call()))
        }
        row(
            report, "modules by code hash: one call", with: Samples(slots), without: Samples(made),
            note: "without: compiled for each call, in linear time")

        let key = SecretKey.random()
        let (hash, measurement) = (contract.codeHash, SHA256.hash([1]))
        guard let image = modules[0].serialize() else { return report.skipped("sealed modules", "not serialized") }
        let sealed = SealedModule.seal(
            image, for: .init(codeHash: hash, measurement: measurement, preset: modules[0].preset.rawValue), key: key)
        let opened = try AbsenceBenchmark.timing(20) {
            let open = SealedModule.open(sealed, codeHash: hash, measurement: measurement, key: key)
            _ = try engine.deserialize(trusted: open!.module)
        }
        let fast = try AbsenceBenchmark.timing(3) { _ = try engine.compile(contract.code, preset: .winch) }
        let well = try AbsenceBenchmark.timing(3) { _ = try engine.compile(contract.code) }
        let size = "\(sealed.count / 1024) KiB sealed"
        row(report, "sealed modules: first use after a restart", with: opened, without: fast, note: size)
        row(
            report, "  against the optimising compiler", with: opened, without: well,
            note: "which storing code used to wait for")
        row(report, "compiling well in the background: storing code", with: fast, without: well)
    }

    // MARK: - Values

    /// A value of 200 bytes: found by the bytes it was opened from, or opened.
    private func values(_ report: Report) {
        let keys = NetworkKeys(NetworkSeeds.bootstrap(identity: [1]))
        var state = keys.stateKeys(contractKey: [UInt8](repeating: 7, count: NetworkKeys.contractKeyByteCount))
        let address = BenchmarkUser.keys(1)[0].address
        let name = Array("balances/secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq".utf8)
        let sealed = state.seal(
            name: name, hashedAs: state.hashedName(name), value: [UInt8](repeating: 1, count: 200), contract: address,
            height: 1, transactionIndex: 0)
        let other = Array(sealed)
        let rounds = 100
        let opened = AbsenceBenchmark.timing(200) {
            for _ in 0..<rounds {
                let hashed = state.hashedName(name)
                precondition(state.open(sealed, name: name, hashedAs: hashed, contract: address) != nil)
            }
        }
        var places = [ByteKey(name): other]
        let found = AbsenceBenchmark.timing(200) {
            for _ in 0..<rounds { precondition(places[ByteKey(name)]!.isSame(as: sealed)) }
        }
        places.removeAll()
        row(
            report, "opened values by their stored bytes: \(rounds) reads", with: found, without: opened,
            note: "without: name hashed, value decrypted")
    }

    /// Proofs of ten values each, always of others: the nodes near the root are hashed once, or for every proof.
    private func proofs(_ report: Report) throws {
        let store = try BenchmarkStore()
        let questions = try (0..<200).map { index in
            let keys = store.keys(10, from: index * 31)
            let proved = try store.snapshot.multiproof(StoreName.compute, keys)
            return (keys: keys, values: proved.values, proof: proved.proof)
        }
        var samples: [Bool: [Double]] = [true: [], false: []]
        for _ in 0..<20 {
            for remembers in [true, false] {
                var tops = TreeTops(remembers: remembers)
                let start = Machine.now
                for question in questions {
                    try MultiProof.verify(
                        root: store.root, keys: question.keys, values: question.values, proof: question.proof,
                        tops: &tops)
                }
                samples[remembers]!.append((Machine.now - start) / Double(questions.count))
            }
        }
        row(
            report, "tree tops by node hash: a proof of 10 of 50,000 values", with: Samples(samples[true]!),
            without: Samples(samples[false]!))
    }

    // MARK: - The host

    private func prefetch(_ report: Report) throws {
        let chain = try BenchmarkChain(options)
        try chain.install(contract)
        func call() throws {
            let (user, receiver) = (chain.users[0], chain.users[1].address)
            try chain.run([try user.execute(chain.contract, of: contract, contract.call(to: receiver))])
        }
        for _ in 0..<5 { try call() }
        var samples: [Bool: [MeasuredLane.Call]] = [true: [], false: []]
        for _ in 0..<options.singleCalls {
            for sendsAhead in [true, false] {
                chain.lane.sendsAhead = sendsAhead
                chain.lane.forget()
                try call()
                samples[sendsAhead]! += chain.lane.calls
            }
        }
        row(
            report, "reads sent ahead: one call at the lane", with: Samples(samples[true]!.map(\.seconds)),
            without: Samples(samples[false]!.map(\.seconds)))
        try next(report, chain)
        let trips = [true, false].map { Samples(samples[$0]!.map { Double($0.roundTrips) }).median }
        report.cells(
            "  socket round trips", trips.map { String(Int($0)) } + [Report.ratio(trips[1] / trips[0])],
            note: "budget <= 2")
    }
}

extension AbsenceBenchmark {
    /// Blocks of many calls, with the next call's reads proved while the enclave works, or afterwards.
    fileprivate func next(_ report: Report, _ chain: BenchmarkChain) throws {
        chain.lane.sendsAhead = true
        var samples: [Bool: [Double]] = [true: [], false: []]
        for _ in 0..<options.batches {
            for preparesAhead in [true, false] {
                chain.lane.preparesAhead = preparesAhead
                let calls = try (0..<options.batchSize).map { index in
                    let user = chain.users[index % chain.users.count]
                    let receiver = chain.users[(index + 1) % chain.users.count].address
                    return try user.execute(chain.contract, of: contract, contract.call(to: receiver))
                }
                let start = Machine.now
                try chain.run(calls)
                samples[preparesAhead]!.append((Machine.now - start) / Double(options.batchSize))
            }
        }
        row(
            report, "next reads proved while the enclave works: one call of \(options.batchSize)",
            with: Samples(samples[true]!), without: Samples(samples[false]!), note: "whole block, host and commit")
    }
}

/// One call after the other in one engine, state in a dictionary.
final class ContractCalls {
    private let contract: BenchmarkContract
    private let engine: WasmEngine
    private let module: CompiledModule
    private let environment = DictionaryEnvironment()
    private let keys = BenchmarkUser.keys(2).map(\.address)

    init(_ contract: BenchmarkContract, _ engine: WasmEngine, _ module: CompiledModule) throws {
        (self.contract, self.engine, self.module) = (contract, engine, module)
        _ = try run(.instantiate, contract.instantiation(holders: keys))
        for _ in 0..<3 { _ = try call() }
    }

    /// The seconds of one call, less those spent on state.
    func call() throws -> Double {
        environment.seconds = 0
        return try run(.execute, contract.call(to: keys[1])) - environment.seconds
    }

    private func run(_ entry: ContractEntry, _ message: String) throws -> Double {
        let interface = module.facts.interface
        let sender = keys[0].description
        let block = ContractABI.Environment(
            height: 12, timeNanoseconds: 1_571_797_419_879_305_533, chainID: BenchmarkUser.chainID, random: nil,
            contract: sender, codeHash: contract.codeHash, sender: sender, funds: [], transaction: nil)
        let start = Machine.threadSeconds
        let invocation = ContractInvocation(
            entry, environment: ContractABI.environment(interface, block),
            info: ContractABI.messageInfo(sender: sender, funds: []), message: Array(message.utf8),
            gasLimit: 100_000_000_000)
        _ = try engine.run(module, invocation, environment).result.get()
        return Machine.threadSeconds - start
    }
}
