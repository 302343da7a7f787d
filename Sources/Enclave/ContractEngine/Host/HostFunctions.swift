import CWasmtime
import PublicCryptography

/// What contracts import from module `env` (Secret Network protocol: imports), one table for both interfaces.
///
/// All are linked whatever the interface; which a module may name is decided when it is uploaded.
enum HostFunctions {
    typealias Body = @Sendable (ContractCall, Arguments) throws(ContractCall.Interruption) -> UInt64

    struct Function: Sendable {
        var name: String
        var type: WasmModule.FunctionType
        var offered: Set<InterfaceVersion>
        var body: Body
    }

    /// The first three parameters; no function has more.
    struct Arguments {
        var first: UInt32 = 0
        var second: UInt32 = 0
        var third: UInt32 = 0
    }

    static let functions: [Function] = [
        function("db_read", 1, .i32, body: readStorage),
        function("db_write", 2, nil, body: writeStorage),
        function("db_remove", 1, nil, body: removeStorage),
        function("query_chain", 1, .i32, body: queryChain),
        function("canonicalize_address", 2, .i32, [.v010], body: canonicalizeTrimmed),
        function("humanize_address", 2, .i32, [.v010], body: humanize),
        function("addr_canonicalize", 2, .i32, [.v1], body: canonicalize),
        function("addr_humanize", 2, .i32, [.v1], body: humanize),
        function("addr_validate", 1, .i32, [.v1], body: validateAddress),
        function("secp256k1_verify", 3, .i32, body: secp256k1Verify),
        function("secp256k1_recover_pubkey", 3, .i64, body: secp256k1Recover),
        function("secp256k1_sign", 2, .i64, body: secp256k1Sign),
        function("ed25519_verify", 3, .i32, body: ed25519Verify),
        function("ed25519_batch_verify", 3, .i32, body: ed25519BatchVerify),
        function("ed25519_sign", 2, .i64, body: ed25519Sign),
        function("debug", 1, nil, [.v1], body: debug),
        // Offered to nobody: Secret Network's production build refuses it at upload.
        function("debug_print", 1, nil, [], body: debug),
        function("check_gas", 0, .i64, [.v1], body: checkGas),
        function("gas_evaporate", 1, .i32, [.v1], body: evaporateGas),
        function("dcap_quote_verify", 2, .i64, [.v1], body: verifyQuote),
    ]

    private static func function(
        _ name: String, _ parameters: Int, _ result: WasmModule.ValueType?,
        _ offered: Set<InterfaceVersion> = [.v010, .v1], body: @escaping Body
    ) -> Function {
        let type = WasmModule.FunctionType(
            parameters: Array(repeating: .i32, count: parameters), results: result.map { [$0] } ?? [])
        return Function(name: name, type: type, offered: offered, body: body)
    }

    static func type(of name: String) -> WasmModule.FunctionType? { functions.first { $0.name == name }?.type }

    static func isOffered(_ name: String, to interface: InterfaceVersion) -> Bool {
        functions.contains { $0.name == name && $0.offered.contains(interface) }
    }

    // MARK: - Linking

    /// Whether libwasmtime took them all.
    static func define(in linker: OpaquePointer) -> Bool {
        for (index, function) in functions.enumerated() {
            guard let type = unsafe functionType(function.type) else { return false }
            defer { unsafe wasm_functype_delete(type) }
            // Safe: names are read during the call; the environment pointer is a number and never dereferenced.
            let error = unsafe wasmtime_linker_define_func_unchecked(
                linker, "env", 3, function.name, function.name.utf8.count, type, dispatch,
                UnsafeMutableRawPointer(bitPattern: index + 1), nil)
            if let error = unsafe error {
                unsafe wasmtime_error_delete(error)
                return false
            }
        }
        return true
    }

    private static func functionType(_ type: WasmModule.FunctionType) -> OpaquePointer? {
        var parameters = unsafe wasm_valtype_vec_t()
        var results = unsafe wasm_valtype_vec_t()
        unsafe fill(&parameters, type.parameters)
        unsafe fill(&results, type.results)
        return unsafe wasm_functype_new(&parameters, &results)
    }

    private static func fill(_ vector: inout wasm_valtype_vec_t, _ types: [WasmModule.ValueType]) {
        let elements: [OpaquePointer?] = unsafe types.map {
            unsafe wasm_valtype_new(UInt8($0 == .i64 ? WASMTIME_I64 : WASMTIME_I32))
        }
        // Safe: the vector takes the elements, and copies the array that holds them during the call.
        unsafe elements.withUnsafeBufferPointer { unsafe wasm_valtype_vec_new(&vector, $0.count, $0.baseAddress) }
    }

    /// The one function libwasmtime calls. It finds the host function by the number given when it was defined, and the
    /// call by its store.
    private static let dispatch: wasmtime_func_unchecked_callback_t = { environment, caller, values, _ in
        let function = functions[Int(bitPattern: environment) - 1]
        let context = unsafe wasmtime_caller_context(caller)
        // Safe: `WasmEngine.run` put the call there and keeps it until the store is gone.
        let call = unsafe Unmanaged<ContractCall>.fromOpaque(wasmtime_context_get_data(context)).takeUnretainedValue()
        // Safe: there are as many values as the larger of parameters and results.
        let count = function.type.parameters.count
        func argument(_ index: Int) -> UInt32 {
            unsafe index < count ? UInt32(bitPattern: certain(values, "one for each parameter")[index].i32) : 0
        }
        let arguments = Arguments(first: argument(0), second: argument(1), third: argument(2))
        do throws(ContractCall.Interruption) {
            let result = try call.host { () throws(ContractCall.Interruption) in try function.body(call, arguments) }
            if !function.type.results.isEmpty {
                unsafe certain(values, "one for the result")[0].i64 = Int64(bitPattern: result)
            }
            return nil
        } catch {
            call.interruption = error
            return unsafe wasmtime_trap_new("host", 4)
        }
    }
}
