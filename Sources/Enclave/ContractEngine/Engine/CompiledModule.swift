import CWasmtime

/// A contract ready to be called, by several threads at once if need be. Immutable.
@safe
package final class CompiledModule: Sendable {
    // Safe to share: a module and an instance_pre are read only, and `engine` outlives both.
    nonisolated(unsafe) private let module: OpaquePointer
    nonisolated(unsafe) let instance: OpaquePointer
    let engine: PresetEngine
    package let facts: ModuleFacts
    /// What it takes while it is at hand: its code, and an estimate of the machine code made of it.
    package let memoryBytes: Int

    package var preset: EnginePreset { engine.preset }

    /// Takes `module`, also when it throws.
    init(_ module: OpaquePointer, of engine: PresetEngine, facts: ModuleFacts, memoryBytes: Int) throws(ModuleRefusal) {
        self.engine = engine
        unsafe self.module = unsafe module
        self.facts = facts
        self.memoryBytes = memoryBytes
        var instance: OpaquePointer?
        if let error = unsafe wasmtime_linker_instantiate_pre(engine.linker, module, &instance) {
            unsafe wasmtime_error_delete(error)
        }
        guard let instance = unsafe instance else {
            unsafe wasmtime_module_delete(module)
            throw .engine
        }
        unsafe self.instance = unsafe instance
    }

    deinit {
        unsafe wasmtime_instance_pre_delete(instance)
        unsafe wasmtime_module_delete(module)
    }

    /// Bytes that `WasmEngine.deserialize` turns into this module again; `nil` if libwasmtime fails. They hold
    /// native code and must be sealed before they leave the enclave.
    package func serialize() -> [UInt8]? {
        var image = unsafe wasm_byte_vec_t()
        if let error = unsafe wasmtime_module_serialize(module, &image) {
            unsafe wasmtime_error_delete(error)
            return nil
        }
        // Safe: the library filled `size` bytes at `data`, which are ours until they are given back here.
        let bytes = unsafe Array(UnsafeBufferPointer(start: image.data, count: image.size))
        unsafe wasm_byte_vec_delete(&image)
        return facts.prefix(memoryBytes: memoryBytes) + bytes
    }
}
