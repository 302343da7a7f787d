import CWasmtime

/// One instance of a contract during one call: its memory, its gas, and why it ended.
///
/// Lives on one thread, for the length of `WasmEngine.run`.
@safe
final class ContractCall {
    /// What ends a call from inside a host function; kept here while libwasmtime unwinds.
    enum Interruption: Error {
        case trap(ContractTrap)
        case fault(ContractFault)
    }

    let environment: any ContractEnvironment
    let watch: CallWatch?
    let isQuery: Bool
    let gasLimit: UInt64
    let depth: Int
    var interruption: Interruption?
    var gasReservedForWrites: UInt64 = 0
    private var freeWork = EngineLimits.freeWork
    /// Where it stopped, if that was asked for: functions by their index, the innermost first.
    private(set) var trace: [UInt32] = []
    private let wantsTrace: Bool

    // Safe: set once by `attach`, while the store lives, and used only until `run` ends, before the store does.
    private var context: OpaquePointer?
    private var memory = wasmtime_memory_t()
    private var allocateFunction = unsafe wasmtime_func_t()
    private var gasGlobal = wasmtime_global_t()
    private var exhaustedGlobal = wasmtime_global_t()
    private var framesGlobal = wasmtime_global_t()
    private var isAllocating = false

    init(environment: any ContractEnvironment, isQuery: Bool, gasLimit: UInt64, depth: Int, wantsTrace: Bool) {
        self.wantsTrace = wantsTrace
        self.environment = environment
        watch = environment.watch
        self.isQuery = isQuery
        self.gasLimit = gasLimit
        self.depth = depth
    }

    /// Finds what instrumentation exported and sets the gas. `false` only if the module is not an instrumented one.
    func attach(to context: OpaquePointer, _ instance: wasmtime_instance_t) -> Bool {
        unsafe self.context = unsafe context
        guard let memory = unsafe export(GasInstrumentation.memoryName, of: instance, WASMTIME_EXTERN_MEMORY),
            let gas = unsafe export(GasInstrumentation.gasName, of: instance, WASMTIME_EXTERN_GLOBAL),
            let exhausted = unsafe export(GasInstrumentation.exhaustedName, of: instance, WASMTIME_EXTERN_GLOBAL),
            let frames = unsafe export(GasInstrumentation.framesName, of: instance, WASMTIME_EXTERN_GLOBAL),
            let allocate = unsafe export(ContractExport.allocate.rawValue, of: instance, WASMTIME_EXTERN_FUNC)
        else { return false }
        // Safe: the kind that was asked for says which member of the union is set.
        self.memory = unsafe memory.of.memory
        gasGlobal = unsafe gas.of.global
        exhaustedGlobal = unsafe exhausted.of.global
        framesGlobal = unsafe frames.of.global
        unsafe allocateFunction = allocate.of.func
        return setGas(gasLimit)
    }

    private func export(
        _ name: String, of instance: wasmtime_instance_t, _ kind: Int
    ) -> wasmtime_extern_t? {
        var instance = instance
        var item = unsafe wasmtime_extern_t()
        guard unsafe wasmtime_instance_export_get(context, &instance, name, name.utf8.count, &item),
            unsafe item.kind == UInt8(kind)
        else { return nil }
        return unsafe item
    }

    // MARK: - Calling the contract

    /// Calls `export` with the regions that `invocation` needs; the result is the region that the contract returned.
    func run(
        _ export: ContractExport, of instance: wasmtime_instance_t, _ invocation: ContractInvocation,
        _ interface: InterfaceVersion
    ) throws(Interruption) -> [UInt8] {
        guard let function = unsafe self.export(export.rawValue, of: instance, WASMTIME_EXTERN_FUNC) else {
            throw .trap(.missingFunction(export.rawValue))
        }
        var arguments: [UInt32] = [0, 0, 0]
        for (position, bytes) in invocation.arguments(in: interface) { arguments[position] = try store(bytes) }
        let result = try unsafe call(function.of.func, arguments)
        return try read(result, parses: true)
    }

    /// - Precondition: the function takes no more i32 than there are arguments and returns one.
    private func call(_ function: wasmtime_func_t, _ arguments: [UInt32]) throws(Interruption) -> UInt32 {
        var function = unsafe function
        var values = arguments.map { argument in
            var value = wasmtime_val_raw_t()
            unsafe value.i64 = Int64(argument)
            return value
        }
        var trap: OpaquePointer?
        // Safe: `values` has room for every argument and for the result, and the type was checked when the module was.
        let error = unsafe wasmtime_func_call_unchecked(context, &function, &values, values.count, &trap)
        if let error = unsafe error {
            unsafe keepTrace { unsafe wasmtime_error_wasm_trace(error, $0) }
            // What a host function ended a call with comes back as an error or as a trap, by the library's whim.
            unsafe wasmtime_error_delete(error)
            throw interruption ?? .fault(.engine)
        }
        if let trap = unsafe trap {
            defer { unsafe wasm_trap_delete(trap) }
            unsafe keepTrace { unsafe wasm_trap_trace(trap, $0) }
            throw unsafe cause(of: trap)
        }
        return unsafe UInt32(bitPattern: values[0].i32)
    }

    /// Keeps the first trace, which is the innermost: a host function's call of `allocate` ends before the call around
    /// it.
    private func keepTrace(_ read: (UnsafeMutablePointer<wasm_frame_vec_t>) -> Void) {
        guard wantsTrace, trace.isEmpty else { return }
        var frames = unsafe wasm_frame_vec_t()
        unsafe read(&frames)
        // Safe: the library filled `size` pointers at `data`, which are ours until they are given back here.
        for index in unsafe 0..<frames.size { unsafe trace.append(wasm_frame_func_index(frames.data[index])) }
        unsafe wasm_frame_vec_delete(&frames)
    }

    /// Why a call ended: what a host function said, else what the instrumentation left behind, else the trap itself.
    private func cause(of trap: OpaquePointer) -> Interruption {
        if let interruption { return interruption }
        if exhausted != 0 { return .trap(.outOfGas) }
        switch frames {
        case GasInstrumentation.framesExhausted: return .trap(.stackOverflow)
        case GasInstrumentation.memoryUnavailable: return .fault(.engine)
        default: break
        }
        var code: UInt8 = 0
        guard unsafe wasmtime_trap_code(trap, &code) else { return .fault(.engine) }
        switch Int(code) {
        case WASMTIME_TRAP_UNREACHABLE, WASMTIME_TRAP_INTEGER_OVERFLOW: return .trap(.panicked)
        case WASMTIME_TRAP_MEMORY_OUT_OF_BOUNDS: return .trap(.memoryOutOfBounds)
        case WASMTIME_TRAP_TABLE_OUT_OF_BOUNDS: return .trap(.tableOutOfBounds)
        case WASMTIME_TRAP_INTEGER_DIVISION_BY_ZERO: return .trap(.divisionByZero)
        case WASMTIME_TRAP_BAD_CONVERSION_TO_INTEGER: return .trap(.badConversion)
        case WASMTIME_TRAP_INDIRECT_CALL_TO_NULL, WASMTIME_TRAP_BAD_SIGNATURE: return .trap(.indirectCallMismatch)
        // The native stack is larger than the frame budget: only this machine can have run out of it.
        default: return .fault(.engine)
        }
    }

    // MARK: - Host functions

    /// Runs the body of a host function. None may be reached while the host itself is calling `allocate`: the two would
    /// call each other without end.
    func host(_ body: () throws(Interruption) -> UInt64) throws(Interruption) -> UInt64 {
        guard !isAllocating else { throw .trap(.panicked) }
        if let watch, watch.isAbandoned { throw .fault(.abandoned) }
        return try body()
    }

    /// Runs `body` of the environment.
    func ask<Answer>(_ body: () throws(ContractFault) -> Answer) throws(Interruption) -> Answer {
        do throws(ContractFault) {
            return try body()
        } catch {
            throw error == .outOfGas ? .trap(.outOfGas) : .fault(error)
        }
    }

    // MARK: - Gas

    var gasLeft: UInt64 { UInt64(bitPattern: value(of: gasGlobal)) }
    private var exhausted: UInt64 { UInt64(bitPattern: value(of: exhaustedGlobal)) }
    private var frames: Int32 { Int32(truncatingIfNeeded: value(of: framesGlobal)) }

    /// Charges as an instrumented sequence does.
    func charge(_ cost: UInt64) throws(Interruption) {
        let left = gasLeft
        guard left >= cost else {
            _ = set(exhaustedGlobal, to: Int64(bitPattern: cost))
            throw .trap(.outOfGas)
        }
        guard setGas(left - cost) else { throw .fault(.engine) }
    }

    /// Counts work that the price of a host function does not cover; what is beyond `EngineLimits.freeWork` is charged.
    /// Called before the work is done.
    func work(_ amount: UInt64) throws(Interruption) {
        guard amount > freeWork else {
            freeWork -= amount
            return
        }
        let rest = amount - freeWork
        freeWork = 0
        try charge(rest)
    }

    /// Limit less what is left, and what could not be paid on top (Secret Network protocol: wasm gas).
    var gasUsed: UInt64 {
        let (sum, overflow) = (gasLimit - min(gasLeft, gasLimit)).addingReportingOverflow(exhausted)
        return overflow ? EngineLimits.gasMax : min(sum, EngineLimits.gasMax)
    }

    private func setGas(_ gas: UInt64) -> Bool { set(gasGlobal, to: Int64(bitPattern: gas)) }

    private func value(of global: wasmtime_global_t) -> Int64 {
        var global = global
        var value = wasmtime_val_t()
        unsafe wasmtime_global_get(context, &global, &value)
        return unsafe Int(value.kind) == WASMTIME_I64 ? value.of.i64 : Int64(value.of.i32)
    }

    private func set(_ global: wasmtime_global_t, to number: Int64) -> Bool {
        var global = global
        var value = wasmtime_val_t()
        value.kind = UInt8(WASMTIME_I64)
        unsafe value.of.i64 = number
        guard let error = unsafe wasmtime_global_set(context, &global, &value) else { return true }
        unsafe wasmtime_error_delete(error)
        return false
    }

    // MARK: - Memory

    /// The contract's memory until the next call into it. Its size never shrinks.
    private func withMemory<Answer, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        let base = unsafe wasmtime_memory_data(context, &memory)
        let size = unsafe wasmtime_memory_data_size(context, &memory)
        return try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: size))
    }

    /// A region: twelve bytes of a contract's memory that say where some bytes are, how many fit and how many there are
    /// (Secret Network protocol: memory). All three were written by the contract.
    struct Region {
        var offset: UInt32
        var capacity: UInt32
        var length: UInt32
    }

    func region(at pointer: UInt32) throws(Interruption) -> Region {
        guard pointer != 0 else { throw .trap(.memoryRead) }
        return try unsafe withMemory { (memory) throws(Interruption) in
            guard Int(pointer) + 12 <= memory.count else { throw .trap(.memoryRead) }
            // Safe: the twelve bytes lie within the memory.
            let region = unsafe Region(
                offset: UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: Int(pointer), as: UInt32.self)),
                capacity: UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: Int(pointer) + 4, as: UInt32.self)),
                length: UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: Int(pointer) + 8, as: UInt32.self)))
            guard region.offset != 0, region.length <= region.capacity else { throw .trap(.memoryRead) }
            return region
        }
    }

    /// The bytes of the region at `pointer`.
    ///
    /// - Parameter parses: whether they are JSON, to be read.
    func read(_ pointer: UInt32, parses: Bool = false) throws(Interruption) -> [UInt8] {
        let region = try region(at: pointer)
        return try bytes(of: region, parses: parses)
    }

    /// - Parameters:
    ///   - isPriced: whether bytes beyond `EngineLimits.freeBytesPerRead` cost gas.
    ///   - byteWork: what is done with each byte, beside copying it.
    func bytes(
        of region: Region, isPriced: Bool = true, parses: Bool = false, byteWork: UInt64 = 0
    ) throws(Interruption) -> [UInt8] {
        let size = unsafe wasmtime_memory_data_size(context, &memory)
        guard Int(region.offset) + Int(region.length) <= size else { throw .trap(.memoryRead) }
        let dear = UInt64(max(0, Int(region.length) - EngineLimits.freeBytesPerRead))
        if isPriced { try charge(dear) }
        try work(byteWork * UInt64(region.length) + (parses ? InstructionGas.parsedByteWork * dear : 0))
        return unsafe withMemory { memory in
            // Safe: the range was checked against the memory's size, which the charge does not change.
            unsafe Array(memory[Int(region.offset)..<Int(region.offset) + Int(region.length)])
        }
    }

    /// Copies `bytes` into a region that the contract allocates for them.
    func store(_ bytes: [UInt8]) throws(Interruption) -> UInt32 {
        isAllocating = true
        defer { isAllocating = false }
        let pointer = try unsafe call(allocateFunction, [UInt32(clamping: bytes.count)])
        guard pointer != 0 else { throw .trap(.memoryAllocation) }
        try write(bytes, to: pointer)
        return pointer
    }

    /// Copies `bytes` into the region at `pointer`, which the contract made, and sets its length.
    func write(_ bytes: [UInt8], to pointer: UInt32) throws(Interruption) {
        let region = try region(at: pointer)
        guard Int(region.capacity) >= bytes.count else { throw .trap(.memoryWrite) }
        try unsafe withMemory { (memory) throws(Interruption) in
            guard Int(region.offset) + bytes.count <= memory.count else { throw .trap(.memoryWrite) }
            // Safe: both ranges were checked against the memory's size.
            unsafe memory[Int(region.offset)..<Int(region.offset) + bytes.count].copyBytes(from: bytes)
            unsafe memory.storeBytes(
                of: UInt32(bytes.count).littleEndian, toByteOffset: Int(pointer) + 8, as: UInt32.self)
        }
    }
}
