import CWasmtime

extension WasmEngine {
    /// Makes one call of `module` in an instance of its own.
    ///
    /// The result is a function of module, invocation and what the environment answers. A fault is not a result: the
    /// call has to be made again, or never happened. Several threads may call this at once; `environment` is used on
    /// this one only, and may itself call `run` with a greater depth.
    package func run(
        _ module: CompiledModule, _ invocation: ContractInvocation, _ environment: any ContractEnvironment
    ) throws(ContractFault) -> ContractRun {
        guard invocation.depth <= EngineLimits.activationsMax else { throw .engine }
        let interface = module.facts.interface
        guard let export = invocation.entry.export(in: interface), module.facts.exports.contains(export) else {
            let name = invocation.entry.export(in: interface)?.rawValue ?? "\(invocation.entry)"
            return ContractRun(result: .failure(.missingFunction(name)), gasUsed: 0, gasReservedForWrites: 0)
        }
        guard module.facts.exports.contains(.allocate) else {
            let name = ContractExport.allocate.rawValue
            return ContractRun(result: .failure(.missingFunction(name)), gasUsed: 0, gasReservedForWrites: 0)
        }
        let call = ContractCall(
            environment: environment, isQuery: invocation.isQuery,
            gasLimit: min(invocation.gasLimit, EngineLimits.gasMax), depth: invocation.depth,
            wantsTrace: invocation.wantsTrace)
        // Safe: `call` outlives the store, which is gone before this function returns.
        guard
            let store = unsafe wasmtime_store_new(module.engine.engine, Unmanaged.passUnretained(call).toOpaque(), nil)
        else { throw .engine }
        return try withExtendedLifetime((call, module)) { () throws(ContractFault) -> ContractRun in
            defer { unsafe wasmtime_store_delete(store) }
            unsafe wasmtime_store_limiter(
                store, Int64(EngineLimits.memoryPages) * Int64(EngineLimits.pageBytes),
                Int64(EngineLimits.tableElements),
                1, 1, 1)
            unsafe CallWatch.arm(store, call)
            if let watch = call.watch, watch.isAbandoned { throw .abandoned }
            return try unsafe run(call, export, interface, module, invocation, in: store)
        }
    }

    private func run(
        _ call: ContractCall, _ export: ContractExport, _ interface: InterfaceVersion, _ module: CompiledModule,
        _ invocation: ContractInvocation, in store: OpaquePointer
    ) throws(ContractFault) -> ContractRun {
        guard let context = unsafe wasmtime_store_context(store) else { throw .engine }
        var instance = wasmtime_instance_t()
        var trap: OpaquePointer?
        if let error = unsafe wasmtime_instance_pre_instantiate(module.instance, context, &instance, &trap) {
            unsafe wasmtime_error_delete(error)
            throw .engine
        }
        if let trap = unsafe trap {
            unsafe wasm_trap_delete(trap)
            return ContractRun(result: .failure(.instantiation), gasUsed: 0, gasReservedForWrites: 0)
        }
        guard unsafe call.attach(to: context, instance) else { throw .engine }
        let result: Result<[UInt8], ContractTrap>
        do throws(ContractCall.Interruption) {
            result = .success(try call.run(export, of: instance, invocation, interface))
        } catch {
            switch error {
            case .trap(let trap): result = .failure(trap)
            case .fault(let fault): throw fault
            }
        }
        return ContractRun(
            result: result, gasUsed: call.gasUsed, gasReservedForWrites: call.gasReservedForWrites, trace: call.trace)
    }
}
