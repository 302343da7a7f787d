import CWasmtime

/// How this node turns contracts into something that runs. Never part of consensus: gas, results and traps are the
/// same.
package enum EnginePreset: UInt8, CaseIterable, Sendable {
    /// Optimising compiler at its lowest level: almost the speed of the highest for contracts, compiled sooner.
    case cranelift = 1
    /// Baseline compiler: linear time, code that runs about 1.5 times as long.
    case winch = 2
    /// Interpreter: no executable memory at all, 6 to 30 times as long.
    case pulley = 3
}

/// Where the memories of instances come from. Never part of consensus either.
package enum InstanceMemory: Sendable {
    /// Slots that are made with the engine. One that was used is zeroed when its instance ends, before anyone can get
    /// it: what lies beyond `EngineLimits.slotBytesKept` goes back to the kernel, the rest is overwritten. Spares a
    /// call mapping, unmapping and a page fault for each page it touches.
    case slots
    /// Mapped for each instance.
    case fresh
}

/// The loaded library is not the one our declarations describe, or cannot start.
package enum EngineFailure: Error, Equatable {
    case configuration(EnginePreset)
    case selfTest(step: Int)
}

/// One libwasmtime engine and the host functions linked for it; shared by all lanes.
@safe
final class PresetEngine: Sendable {
    // Safe to share: wasmtime's engine, linker (after it is filled) and modules may be used from several threads.
    nonisolated(unsafe) let engine: OpaquePointer
    nonisolated(unsafe) let linker: OpaquePointer
    let preset: EnginePreset

    init(_ preset: EnginePreset, memory: InstanceMemory) throws(EngineFailure) {
        self.preset = preset
        guard let configuration = unsafe PresetEngine.configuration(preset, memory: memory),
            let engine = unsafe wasm_engine_new_with_config(configuration)
        else { throw .configuration(preset) }
        unsafe self.engine = engine
        unsafe linker = wasmtime_linker_new(engine)
        guard unsafe wasmtime_engine_is_pulley(engine) == (preset == .pulley) else { throw .configuration(preset) }
        let step = unsafe cloister_wasmtime_self_test(engine)
        guard step == 0 else { throw .selfTest(step: Int(step)) }
        guard unsafe HostFunctions.define(in: linker) else { throw .configuration(preset) }
    }

    deinit {
        unsafe wasmtime_linker_delete(linker)
        unsafe wasm_engine_delete(engine)
    }

    /// Everything beyond the first version of WebAssembly is off, but for sign extension (always on in wasmtime) and
    /// floats, which have no switch: `CheckedModule` refuses those. Features that imply each other go off together,
    /// else the library aborts the process.
    private static func configuration(_ preset: EnginePreset, memory: InstanceMemory) -> OpaquePointer? {
        guard let config = unsafe wasm_config_new() else { return nil }
        let switchedOff = unsafe [
            wasmtime_config_debug_info_set, wasmtime_config_consume_fuel_set,
            wasmtime_config_native_unwind_info_set, wasmtime_config_parallel_compilation_set,
            wasmtime_config_wasm_component_model_async_set, wasmtime_config_wasm_component_model_async_stackful_set,
            wasmtime_config_wasm_component_model_more_async_builtins_set, wasmtime_config_wasm_component_model_set,
            wasmtime_config_concurrency_support_set, wasmtime_config_wasm_stack_switching_set,
            wasmtime_config_wasm_exceptions_set, wasmtime_config_wasm_gc_set,
            wasmtime_config_wasm_function_references_set, wasmtime_config_wasm_reference_types_set,
            wasmtime_config_gc_support_set, wasmtime_config_shared_memory_set, wasmtime_config_wasm_threads_set,
            wasmtime_config_wasm_relaxed_simd_set, wasmtime_config_wasm_simd_set,
            wasmtime_config_wasm_bulk_memory_set, wasmtime_config_wasm_multi_value_set,
            wasmtime_config_wasm_multi_memory_set, wasmtime_config_wasm_memory64_set,
            wasmtime_config_wasm_wide_arithmetic_set, wasmtime_config_wasm_tail_call_set,
            wasmtime_config_wasm_custom_page_sizes_set, wasmtime_config_wasm_branch_hinting_set,
            wasmtime_config_wasm_compact_imports_set,
        ]
        for index in unsafe switchedOff.indices { unsafe switchedOff[index](config, false) }
        unsafe wasmtime_config_signals_based_traps_set(config, true)
        // For queries alone (`CallWatch`); the deadline of every other call is never.
        unsafe wasmtime_config_epoch_interruption_set(config, true)
        // A module's initial memory is copied, not mapped: mapping it would take a descriptor for each module, and the
        // confined enclave can make none.
        unsafe wasmtime_config_memory_init_cow_set(config, false)
        if memory == .slots {
            guard unsafe useSlots(config) else {
                unsafe wasm_config_delete(config)
                return nil
            }
        }
        unsafe wasmtime_config_async_stack_size_set(config, EngineLimits.nativeStackBytes + 65_536)
        unsafe wasmtime_config_max_wasm_stack_set(config, EngineLimits.nativeStackBytes)
        switch preset {
        case .cranelift:
            unsafe wasmtime_config_strategy_set(config, UInt8(WASMTIME_STRATEGY_CRANELIFT))
            unsafe wasmtime_config_cranelift_opt_level_set(config, UInt8(WASMTIME_OPT_LEVEL_NONE))
        case .winch:
            unsafe wasmtime_config_strategy_set(config, UInt8(WASMTIME_STRATEGY_WINCH))
        case .pulley:
            if let error = unsafe wasmtime_config_target_set(config, "pulley64") {
                unsafe wasmtime_error_delete(error)
                unsafe wasm_config_delete(config)
                return nil
            }
            unsafe wasmtime_config_cranelift_opt_level_set(config, UInt8(WASMTIME_OPT_LEVEL_NONE))
        }
        return unsafe config
    }

    /// Every limit here is at or above the one that contracts meet elsewhere, so that slots refuse nothing.
    private static func useSlots(_ config: OpaquePointer) -> Bool {
        guard let slots = unsafe wasmtime_pooling_allocation_config_new() else { return false }
        defer { unsafe wasmtime_pooling_allocation_config_delete(slots) }
        let count = UInt32(EngineLimits.instancesMax)
        unsafe wasmtime_pooling_allocation_config_total_core_instances_set(slots, count)
        unsafe wasmtime_pooling_allocation_config_total_memories_set(slots, count)
        unsafe wasmtime_pooling_allocation_config_total_tables_set(slots, count)
        unsafe wasmtime_pooling_allocation_config_max_memory_size_set(
            slots, Int(EngineLimits.memoryPages) * EngineLimits.pageBytes)
        unsafe wasmtime_pooling_allocation_config_table_elements_set(slots, EngineLimits.tableElements)
        unsafe wasmtime_pooling_allocation_config_max_core_instance_size_set(slots, EngineLimits.instanceBytesMax)
        unsafe wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(slots, EngineLimits.slotBytesKept)
        unsafe wasmtime_pooling_allocation_config_max_unused_warm_slots_set(
            slots, UInt32(EngineLimits.slotsKeptWarm))
        // Copies what `slots` says.
        unsafe wasmtime_pooling_allocation_strategy_set(config, slots)
        return true
    }

    func validates(_ code: [UInt8]) -> Bool {
        // Safe: the library reads `buffer.count` bytes during the call.
        unsafe code.withUnsafeBufferPointer { buffer in
            guard let error = unsafe wasmtime_module_validate(engine, buffer.baseAddress, buffer.count) else {
                return true
            }
            unsafe wasmtime_error_delete(error)
            return false
        }
    }

    func compile(_ code: [UInt8], facts: ModuleFacts, memoryBytes: Int) throws(ModuleRefusal) -> CompiledModule {
        let module = try unsafe make(from: code, wasmtime_module_new)
        return try unsafe CompiledModule(module, of: self, facts: facts, memoryBytes: memoryBytes)
    }

    func deserialize(
        trusted image: [UInt8], facts: ModuleFacts, memoryBytes: Int
    ) throws(ModuleRefusal) -> CompiledModule {
        let module: OpaquePointer
        // No compiler has been asked.
        do throws(ModuleRefusal) { unsafe module = try unsafe make(from: image, wasmtime_module_deserialize) } catch {
            throw .engine
        }
        return try unsafe CompiledModule(module, of: self, facts: facts, memoryBytes: memoryBytes)
    }

    private func make(
        from bytes: [UInt8],
        _ function: (OpaquePointer?, UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<OpaquePointer?>?) ->
            OpaquePointer?
    ) throws(ModuleRefusal) -> OpaquePointer {
        var module: OpaquePointer?
        // Safe: the library reads `buffer.count` bytes during the call and stores one handle.
        let error = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe function(engine, buffer.baseAddress, buffer.count, &module)
        }
        if let error = unsafe error {
            defer { unsafe wasmtime_error_delete(error) }
            throw unsafe PresetEngine.isOfSystem(error) ? .engine : .compilers
        }
        guard let module = unsafe module else { throw .engine }
        return unsafe module
    }

    /// Whether the operating system refused something, memory for native code above all, and not a compiler.
    private static func isOfSystem(_ error: OpaquePointer) -> Bool {
        var message = unsafe wasm_byte_vec_t()
        unsafe wasmtime_error_message(error, &message)
        defer { unsafe wasm_byte_vec_delete(&message) }
        // Safe: the library filled `size` bytes at `data`, which are ours until they are given back here.
        let text = unsafe String(
            decoding: UnsafeRawBufferPointer(start: message.data, count: message.size), as: UTF8.self)
        // As Rust writes an error number.
        return text.utf8.split(separator: UInt8(ascii: "(")).contains { $0.starts(with: "os error".utf8) }
    }
}
