import Foundation
import Testing
import WasmKit

@testable import ContractEngine

/// Calls that nobody waits for any more end, wherever they are, and no other call notices.
@Suite struct CallWatchTests {
    private final class Watched: ContractEnvironment {
        let watch: CallWatch?
        init(_ watch: CallWatch?) { self.watch = watch }
        func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? { nil }
        func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) {}
        func remove(_ key: [UInt8]) throws(ContractFault) {}
        func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
            ([], 0)
        }
    }

    private static let endless = TestContract.executing(Op.loop + Op.branch(0) + Op.end)
    /// Of calls that have no price of their own and hardly run any code.
    private static let asking = TestContract.executing(
        imports: [("db_remove", 1, [])],
        Op.loop + Op.i32(TestContract.outputRegion) + Op.call(0) + Op.branch(0) + Op.end)

    /// Runs `module` with gas for hours.
    private func run(_ module: CompiledModule, _ engine: WasmEngine, _ watch: CallWatch?, gas: UInt64 = 1 << 50)
        throws -> Result<ContractRun, ContractFault>
    {
        try onContractThread {
            do throws(ContractFault) {
                return .success(try engine.run(module, .execute(gasLimit: gas), Watched(watch)))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test(
        "an endless call ends when it is given up, and one that has no watch does not", arguments: EnginePreset.allCases
    )
    func endless(_ preset: EnginePreset) throws {
        let engine = Engines.engine(preset)
        for code in [Self.endless, Self.asking] {
            let module = try engine.compile(code)
            let watch = CallWatch()
            watch.begin()
            let isOver = NSCondition()
            nonisolated(unsafe) var unwatched: Result<ContractRun, ContractFault>?
            // Beside it, one that must come to its own end.
            Thread.detachNewThread {
                let ended = try? run(module, engine, nil, gas: 300_000_000)
                isOver.withLock {
                    unwatched = ended
                    isOver.signal()
                }
            }
            Thread.detachNewThread {
                for _ in 0..<200 {
                    Thread.sleep(forTimeInterval: 0.02)
                    watch.abandon(upTo: 1)
                    engine.interrupt()
                }
            }
            #expect(try run(module, engine, watch).failure == .abandoned)
            isOver.withLock { while unwatched == nil { isOver.wait() } }
            #expect(try unwatched?.get().trap == .outOfGas)
        }
    }

    @Test("what was given up before it began ends at once, and what comes after it runs")
    func numbers() throws {
        let engine = Engines.cranelift
        let module = try engine.compile(TestContract.executing([]))
        let watch = CallWatch()
        watch.abandon(upTo: 2)
        for number in 1...4 {
            watch.begin()
            let outcome = try run(module, engine, watch)
            if number <= 2 {
                #expect(outcome.failure == .abandoned)
            } else {
                #expect(try outcome.get().output == TestContract.output)
            }
        }
        // An older number takes nothing back and gives up nothing new.
        watch.abandon(upTo: 1)
        engine.interrupt()
        #expect(try run(module, engine, watch).get().output == TestContract.output)
    }

    @Test(
        "an interruption that is not for a call changes neither its result nor its gas",
        arguments: EnginePreset.allCases)
    func others(_ preset: EnginePreset) throws {
        let engine = Engines.engine(preset)
        let module = try engine.compile(Self.endless)
        let quiet = try run(module, engine, nil, gas: 20_000_000).get()
        let isOver = NSLock()
        nonisolated(unsafe) var ended = false
        Thread.detachNewThread { while !isOver.withLock({ ended }) { engine.interrupt() } }
        let watch = CallWatch()
        watch.begin()
        for watch in [nil, watch] {
            let disturbed = try run(module, engine, watch, gas: 20_000_000).get()
            #expect(disturbed.trap == .outOfGas && disturbed.gasUsed == quiet.gasUsed)
        }
        isOver.withLock { ended = true }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
