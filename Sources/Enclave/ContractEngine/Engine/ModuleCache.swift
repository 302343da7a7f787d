import PublicCryptography
import Synchronization

/// Compiled modules by code hash, the longest unused leaving first. All lanes use one.
///
/// Nothing here decides a result: a module that is missing is compiled again.
package final class ModuleCache: Sendable {
    private struct Entry {
        var module: CompiledModule
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Hash32: Entry] = [:]
        var uses: UInt64 = 0
        var memoryBytes = 0
    }

    private let modulesMax: Int
    private let memoryBytesMax: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: how many modules.
    ///   - memoryBytesMax: bounds the sum over the modules' code and machine code.
    package init(capacity: Int = 100, memoryBytesMax: Int = 256 << 20) {
        modulesMax = max(1, capacity)
        self.memoryBytesMax = memoryBytesMax
    }

    package var count: Int { state.withLock { $0.entries.count } }

    package func module(for codeHash: Hash32) -> CompiledModule? {
        state.withLock { state in
            state.uses += 1
            state.entries[codeHash]?.lastUse = state.uses
            return state.entries[codeHash]?.module
        }
    }

    /// The module of `codeHash`, made if it is missing. No lock is held meanwhile: two lanes may both make it, and the
    /// first to finish keeps its own.
    package func module(
        for codeHash: Hash32, make: () throws(ModuleRefusal) -> CompiledModule
    ) throws(ModuleRefusal) -> CompiledModule {
        if let module = module(for: codeHash) { return module }
        let made = try make()
        return insert(made, for: codeHash)
    }

    /// Puts `module` in the place of what there is for `codeHash`. A call that runs the other goes on with it.
    package func replace(_ module: CompiledModule, for codeHash: Hash32) {
        state.withLock { state in
            if let old = state.entries.removeValue(forKey: codeHash) { state.memoryBytes -= old.module.memoryBytes }
        }
        insert(module, for: codeHash)
    }

    @discardableResult
    package func insert(_ module: CompiledModule, for codeHash: Hash32) -> CompiledModule {
        state.withLock { state in
            state.uses += 1
            if let present = state.entries[codeHash]?.module { return present }
            state.entries[codeHash] = Entry(module: module, lastUse: state.uses)
            state.memoryBytes += module.memoryBytes
            while state.entries.count > modulesMax || (state.memoryBytes > memoryBytesMax && state.entries.count > 1) {
                // Uses are unique, so the order of the dictionary does not show.
                guard let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
                state.memoryBytes -= oldest.value.module.memoryBytes
                state.entries[oldest.key] = nil
            }
            return module
        }
    }
}
