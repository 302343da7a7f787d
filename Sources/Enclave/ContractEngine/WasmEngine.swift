import CWasmtime
import PublicCryptography
import Synchronization

@safe
package final class WasmEngine: Sendable {
    /// The stack that a thread needs to run contracts: every nested query is an activation of its own, each of which
    /// may use `EngineLimits.nativeStackBytes`, and the rest is for our frames in between.
    package static let stackBytesNeeded = 64 << 20

    private let engines: Mutex<[EnginePreset: PresetEngine]>
    package let preset: EnginePreset
    private let memory: InstanceMemory

    /// Checks that the loaded libwasmtime is the one our declarations describe; that costs about a millisecond.
    package init(preset: EnginePreset = .cranelift, memory: InstanceMemory = .slots) throws(EngineFailure) {
        self.preset = preset
        self.memory = memory
        engines = Mutex([preset: try PresetEngine(preset, memory: memory)])
    }

    /// Makes `code` ready to run. `preset` is a choice of this node alone: the linear-time compiler for a module that
    /// is needed at once, for example. What would take the optimising compiler too long is left to the other whatever
    /// was asked for (`OptimizationBudget`).
    ///
    /// The bytes were chosen by whoever uploaded them. They have passed `ModuleUpload.check` if they come from state,
    /// but nothing here depends on that.
    package func compile(_ code: [UInt8], preset: EnginePreset? = nil) throws(ModuleRefusal) -> CompiledModule {
        try compile(code, preset: preset, frameBudget: EngineLimits.frameBudget)
    }

    /// With a frame budget other than the protocol's, so that tests can measure how much of it contracts need.
    func compile(
        _ code: [UInt8], preset: EnginePreset? = nil, frameBudget: Int32
    ) throws(ModuleRefusal) -> CompiledModule {
        let (module, instrumented) = try instrument(code, frameBudget: frameBudget)
        let isOptimizable = OptimizationBudget.allows(module)
        let memoryBytes = code.count + module.nativeBytes
        return try WasmEngine.firstThatTakes(preset ?? self.preset) { preset throws(ModuleRefusal) in
            guard preset != .cranelift || isOptimizable else { throw .compilers }
            return try engine(for: preset).compile(instrumented, facts: module.facts, memoryBytes: memoryBytes)
        }
    }

    /// What `compile` gives for `preferred`, or for the first of the other compilers that takes the module.
    ///
    /// Each compiler may refuse what validates, for limits or faults of its own, and which one a node asks first is its
    /// own choice. So none refuses alone: what is left when all have refused is the module's fault, the same on every
    /// node. The interpreter is nobody's second choice: its code comes from the optimising compiler too.
    static func firstThatTakes<Module>(
        _ preferred: EnginePreset, compile: (EnginePreset) throws(ModuleRefusal) -> Module
    ) throws(ModuleRefusal) -> Module {
        for preset in [preferred] + [.winch, .cranelift].filter({ $0 != preferred }) {
            do throws(ModuleRefusal) {
                return try compile(preset)
            } catch {
                guard error == .compilers else { throw error }
            }
        }
        throw .compilers
    }

    /// `code` as the compilers get it, counting its gas and depth: so that another engine can be compared with this
    /// one.
    package func metered(_ code: [UInt8]) throws(ModuleRefusal) -> [UInt8] {
        try instrument(code, frameBudget: EngineLimits.frameBudget).instrumented
    }

    private func instrument(
        _ code: [UInt8], frameBudget: Int32
    ) throws(ModuleRefusal) -> (module: CheckedModule, instrumented: [UInt8]) {
        let module = try CheckedModule(code)
        guard validates(code) else { throw .invalid }
        try module.refuseUnlessRunnable()
        return (module, GasInstrumentation.instrument(module, frameBudget: frameBudget))
    }

    /// A module from what `CompiledModule.serialize` gave.
    ///
    /// - Important: The bytes hold native code. The caller has proved, with a key that never left the enclave, that
    ///   they are what this enclave wrote for this code hash, preset and release.
    package func deserialize(trusted bytes: [UInt8], preset: EnginePreset? = nil) throws(ModuleRefusal)
        -> CompiledModule
    {
        let engine = try self.engine(for: preset ?? self.preset)
        guard let (facts, memoryBytes, image) = ModuleFacts.split(bytes) else { throw .invalid }
        return try engine.deserialize(trusted: image, facts: facts, memoryBytes: memoryBytes)
    }

    /// Whether libwasmtime accepts `code` with exactly the features contracts may use. Needed before instrumenting:
    /// an index that is out of range in the original could name one of the globals we add.
    package func validates(_ code: [UInt8]) -> Bool {
        guard let engine = try? self.engine(for: preset) else { return false }
        return engine.validates(code)
    }

    /// Makes both compilers ready, or the interpreter alone, whose process may not be allowed to make code. After this
    /// nothing is needed of the system that a confined process has not.
    package func prepare() -> Bool {
        (try? engine(for: preset)) != nil && (preset == .pulley || (try? engine(for: .winch)) != nil)
    }

    /// Has every running call that has a watch look at it.
    package func interrupt() {
        engines.withLock { engines in
            for engine in engines.values { unsafe wasmtime_engine_increment_epoch(engine.engine) }
        }
    }

    private func engine(for preset: EnginePreset) throws(ModuleRefusal) -> PresetEngine {
        let made: PresetEngine? = engines.withLock { engines in
            if let engine = engines[preset] { return engine }
            guard let engine = try? PresetEngine(preset, memory: memory) else { return nil }
            engines[preset] = engine
            return engine
        }
        guard let made else { throw .engine }
        return made
    }
}
