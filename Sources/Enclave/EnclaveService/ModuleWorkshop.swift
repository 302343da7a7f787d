import ContractEngine
import EnclavePlatform
import EnclaveProtocol
import Keyring
import PublicCryptography
import SecretCryptography
import Synchronization

/// Makes modules ready to run: from what the host kept sealed, or from their code.
///
/// A lane that needs a module never waits for the optimising compiler, which a contract can make slow (seconds for two
/// megabytes): it gets what the linear-time compiler makes, and goes on. A thread of its own then compiles the code
/// once more, well, puts the result in the place of the first, and seals it for the host to keep. None of this can be
/// told from results or gas, which do not depend on the compiler.
///
/// Everything is bounded; what finds no room here runs as it is, and is compiled again when it is needed again.
package final class ModuleWorkshop: Sendable {
    private static let waitingMax = 32
    private static let waitingBytesMax = 16 << 20
    private static let readyMax = 8
    private static let readyBytesMax = 24 << 20
    /// What one frame takes of a sealed module (boundary protocol: EnclaveTakeModuleResponse).
    private static let sealedBytesMax = 12 * 1024 * 1024

    private struct Job {
        var codeHash: Hash32
        var code: [UInt8]
    }

    private struct State {
        var waiting: [Job] = []
        /// Compiled and sealed, and not taken by the host yet.
        var ready: [TakenModule] = []
        /// The code that is being compiled now.
        var current: Hash32?
    }

    private let engine: WasmEngine
    private let cache = ModuleCache()
    private let measurement: Hash32
    private let key: SecretKey
    private let bell = Bell()
    private let state = Mutex(State())

    init(engine: WasmEngine, platform: any Platform) throws(PlatformError) {
        self.engine = engine
        measurement = platform.measurement
        key = try platform.sealingKey(label: "module-store")
    }

    var count: Int { cache.count }

    func module(for codeHash: Hash32) -> CompiledModule? { cache.module(for: codeHash) }

    /// The module of `code`, whose hash the caller knows to be `codeHash`: from the linear-time compiler, at once, or
    /// from the other one if that refuses it (`WasmEngine.firstThatTakes`).
    func make(_ code: [UInt8], codeHash: Hash32) throws(ModuleRefusal) -> CompiledModule {
        let first = engine.preset == .cranelift ? EnginePreset.winch : engine.preset
        let module = cache.insert(try engine.compile(code, preset: first), for: codeHash)
        if module.preset != engine.preset { improve(code, codeHash) }
        return module
    }

    /// The module that `sealed` holds, if this program sealed it on this platform for `codeHash`.
    func open(_ sealed: [UInt8], codeHash: Hash32) -> CompiledModule? {
        guard let (bytes, number) = SealedModule.open(sealed, codeHash: codeHash, measurement: measurement, key: key),
            let preset = EnginePreset(rawValue: number),
            // What the tag says was written by this program, and for this code.
            let module = try? engine.deserialize(trusted: bytes, preset: preset)
        else { return nil }
        return cache.insert(module, for: codeHash)
    }

    // MARK: - The host's store

    /// A module that the host has not taken yet.
    func take() -> TakenModule {
        state.withLock { state in
            var taken = state.ready.isEmpty ? TakenModule() : state.ready.removeFirst()
            taken.waiting = UInt32(state.ready.count + state.waiting.count + (state.current == nil ? 0 : 1))
            return taken
        }
    }

    // MARK: - The thread

    /// Compiles well what was compiled fast, for ever.
    package func serve() {
        while true {
            bell.wait()
            improveNext()
        }
    }

    private func improve(_ code: [UInt8], _ codeHash: Hash32) {
        let isNew = state.withLock { state in
            guard state.current != codeHash, !state.waiting.contains(where: { $0.codeHash == codeHash }),
                state.waiting.count < ModuleWorkshop.waitingMax,
                state.waiting.reduce(code.count, { $0 + $1.code.count }) <= ModuleWorkshop.waitingBytesMax
            else { return false }
            state.waiting.append(Job(codeHash: codeHash, code: code))
            return true
        }
        if isNew { bell.ring() }
    }

    private func improveNext() {
        let next: Job? = state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let job = state.waiting.removeFirst()
            state.current = job.codeHash
            return job
        }
        guard let job = next else { return }
        let module = try? engine.compile(job.code)
        if let module { cache.replace(module, for: job.codeHash) }
        let taken = module.flatMap { seal($0, job.codeHash) }
        state.withLock { state in
            state.current = nil
            guard let taken else { return }
            state.ready.append(taken)
            while state.ready.count > ModuleWorkshop.readyMax
                || state.ready.reduce(0, { $0 + $1.sealed.count }) > ModuleWorkshop.readyBytesMax
            {
                state.ready.removeFirst()
            }
        }
    }

    private func seal(_ module: CompiledModule, _ codeHash: Hash32) -> TakenModule? {
        guard let bytes = module.serialize(),
            bytes.count + SealedModule.overhead <= ModuleWorkshop.sealedBytesMax
        else { return nil }
        var taken = TakenModule()
        taken.codeHash = codeHash.bytes
        taken.sealed = SealedModule.seal(
            bytes, for: .init(codeHash: codeHash, measurement: measurement, preset: module.preset.rawValue), key: key)
        return taken
    }
}
