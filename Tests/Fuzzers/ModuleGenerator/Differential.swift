import ContractEngine
import Glibc
import PublicCryptography
import WasmKit

/// Takes modules through everything that happens to a contract, once for each engine preset, and compares.
package final class Differential: Sendable {
    /// Two that should be one.
    package struct Disagreement: Error, CustomStringConvertible {
        package var module: [UInt8]
        package var what: String

        package var description: String { "\(what)\nmodule (hex): \(Hexadecimal.encode(module))" }
    }

    /// What a module came to, the same for every preset.
    package struct Outcome: Sendable {
        /// One line for the upload check, one for compilation and one for each call.
        package var lines: [String] = []
        package var wasStored = false
        package var wasRun = false
    }

    /// Enough for every module's straight way, and little enough for endless loops to end soon.
    package static let gasLimit: UInt64 = 400_000

    private let engines: [(preset: EnginePreset, engine: WasmEngine)]
    private let hasThread: Bool

    /// - Parameter hasThread: whether the caller's thread has the stack that contracts need; else each call gets one.
    package init(
        presets: [EnginePreset] = EnginePreset.allCases, hasThread: Bool = false
    ) throws(EngineFailure) {
        self.hasThread = hasThread
        var engines: [(EnginePreset, WasmEngine)] = []
        for preset in presets { engines.append((preset, try WasmEngine(preset: preset))) }
        self.engines = engines
    }

    /// What every preset makes of `code`, or where they part.
    ///
    /// Beyond being the same, the results must follow from each other: with exactly the gas that a call used it ends in
    /// the same way, with one less it runs out.
    package func outcome(of code: [UInt8]) throws(Disagreement) -> Outcome {
        var first: Outcome?
        for (preset, engine) in engines {
            let outcome = try onThread { () throws(Disagreement) in
                try Trial(code: code, preset: preset, engine: engine).outcome()
            }
            guard let expected = first else {
                first = outcome
                continue
            }
            guard outcome.lines == expected.lines else {
                throw Disagreement(
                    module: code,
                    what: "\(engines[0].preset): \(expected.lines)\n\(preset): \(outcome.lines)")
            }
        }
        return first ?? Outcome()
    }

    private func onThread<Answer>(
        _ body: @escaping () throws(Disagreement) -> Answer
    ) throws(Disagreement) -> Answer {
        hasThread ? try body() : try ContractThread.run(body)
    }

    /// Compares the engine with the interpreter that counts gas by the words of the rules.
    ///
    /// - Parameter module: one that was made self-contained.
    /// - Returns: how many calls were compared; the interpreter leaves out what recurses deeply.
    package func compareWithReference(_ module: GeneratedModule) throws(Disagreement) -> Int {
        let (preset, engine) = engines[engines.count / 2]
        return try onThread { () throws(Disagreement) in
            try Trial(code: module.bytes, preset: preset, engine: engine).compareWithReference()
        }
    }
}

/// One module with one preset.
private struct Trial {
    let code: [UInt8]
    let preset: EnginePreset
    let engine: WasmEngine

    func outcome() throws(Differential.Disagreement) -> Differential.Outcome {
        var outcome = Differential.Outcome()
        do throws(UploadRefusal) {
            _ = try ModuleUpload.check(code, with: engine)
            outcome.wasStored = true
            outcome.lines.append("stored")
        } catch {
            outcome.lines.append(error.message)
        }
        let module: CompiledModule
        do throws(ModuleRefusal) {
            module = try engine.compile(code)
        } catch {
            // The rules have let it through, so nothing may be left for the compiler to refuse.
            guard error != .engine, error != .compilers else {
                throw disagreement("libwasmtime refuses what validates")
            }
            outcome.lines.append(error.message)
            return outcome
        }
        outcome.wasRun = true
        for entry in [ContractEntry.instantiate, .execute, .query, .reply] {
            let call = call(module, entry, Differential.gasLimit)
            outcome.lines.append("\(entry): \(call.line)")
            if preset == .winch { try sweep(module, entry, call) }
        }
        return outcome
    }

    private struct Call {
        var line: String
        /// `nil` after a fault.
        var run: ContractRun?
    }

    private func call(_ module: CompiledModule, _ entry: ContractEntry, _ gasLimit: UInt64) -> Call {
        let environment = RecordingEnvironment(engine: engine, module: module)
        let invocation = ContractInvocation(
            entry, environment: Array(#"{"block":{"height":7}}"#.utf8), info: Array(#"{"sender":"s"}"#.utf8),
            message: Array(#"{"a":1}"#.utf8), gasLimit: gasLimit)
        do throws(ContractFault) {
            let run = try engine.run(module, invocation, environment)
            let result =
                switch run.result {
                case .success(let output): "\(output.count) bytes \(SHA256.hash(output))"
                case .failure(let trap): trap.message
                }
            let line = "\(result), gas \(run.gasUsed), reserved \(run.gasReservedForWrites), \(environment.summary)"
            return Call(line: line, run: run)
        } catch {
            return Call(line: "fault \(error), \(environment.summary)", run: nil)
        }
    }

    /// - Precondition: `call` was made with `Differential.gasLimit`.
    private func sweep(_ module: CompiledModule, _ entry: ContractEntry, _ call: Call) throws(Differential.Disagreement)
    {
        guard let run = call.run else {
            guard call.line.hasPrefix("fault hostRefused") else { throw disagreement("\(entry): \(call.line)") }
            return
        }
        guard run.gasUsed > 0, !isOutOfGas(run) else { return }
        let exact = self.call(module, entry, run.gasUsed)
        guard exact.line == call.line else {
            throw disagreement("\(entry): \(call.line), but with exactly that gas \(exact.line)")
        }
        let short = self.call(module, entry, run.gasUsed - 1)
        guard let ended = short.run, isOutOfGas(ended) else {
            throw disagreement("\(entry): \(call.line), but with one gas less \(short.line)")
        }
    }

    func compareWithReference() throws(Differential.Disagreement) -> Int {
        guard let module = try? engine.compile(code) else { throw disagreement("refused") }
        // Names, how many regions there are, and the order in which they are allocated.
        let entries: [(ContractEntry, String, order: [Int])] = [
            (.instantiate, "instantiate", [0, 2, 1]), (.execute, "execute", [2, 0, 1]), (.query, "query", [1, 0]),
            (.reply, "reply", [1, 0]),
        ]
        let (environment, info, message) = (
            [UInt8](repeating: 3, count: 40), [UInt8](repeating: 5, count: 7), [UInt8(9)]
        )
        var compared = 0
        for (entry, name, order) in entries {
            let regions = order.count == 3 ? [environment, info, message] : [environment, message]
            guard
                let expected = ReferenceInterpreter.run(
                    code, function: name, regions: regions, order: order, gasLimit: Differential.gasLimit)
            else { continue }
            let invocation = ContractInvocation(
                entry, environment: environment, info: info, message: message, gasLimit: Differential.gasLimit)
            let recording = RecordingEnvironment(engine: engine, module: module)
            guard let run = try? engine.run(module, invocation, recording) else {
                throw disagreement("\(entry): fault")
            }
            guard run.gasUsed == expected.gasUsed, same(run.result, expected.result) else {
                let (got, wanted) = (end(run.result), end(expected.result))
                throw disagreement(
                    "\(entry): \(got), gas \(run.gasUsed); by the rules \(wanted), gas \(expected.gasUsed)")
            }
            compared += 1
        }
        return compared
    }

    private func same(_ left: Result<[UInt8], ContractTrap>, _ right: Result<[UInt8], ContractTrap>) -> Bool {
        switch (left, right) {
        case (.success(let left), .success(let right)): left == right
        case (.failure(let left), .failure(let right)): left == right
        default: false
        }
    }

    private func end(_ result: Result<[UInt8], ContractTrap>) -> String {
        switch result {
        case .success(let output): "\(output.count) bytes \(SHA256.hash(output))"
        case .failure(let trap): trap.message
        }
    }

    private func isOutOfGas(_ run: ContractRun) -> Bool {
        if case .failure(.outOfGas) = run.result { true } else { false }
    }

    private func disagreement(_ what: String) -> Differential.Disagreement {
        Differential.Disagreement(module: code, what: "\(preset): \(what)")
    }
}
