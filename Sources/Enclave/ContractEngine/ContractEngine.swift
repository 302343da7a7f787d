/// Runs secret contracts: CosmWasm modules of the interfaces v0.10 and v1, unmodified, inside the enclave.
///
/// A module takes this way: `ModuleUpload.check` refuses what must not be stored; `WasmEngine.compile` refuses what
/// must not run, rewrites the rest so that it counts its own gas and depth (`GasInstrumentation`) and hands it to
/// libwasmtime; `WasmEngine.run` makes one fresh instance for one call and throws it away.
///
/// What it may assume: nothing of the module's bytes, of the messages or of what contracts do: all of them come from
/// strangers. The caller's `ContractEnvironment` is trusted; it owns state, queries and the price of both. A thread
/// that runs contracts has `WasmEngine.stackBytesNeeded` of stack.
///
/// What it never does: read a clock, draw randomness, touch a file, keep anything of a call after the call, or let the
/// choice of `EnginePreset` change a result or a gas number. What differs between machines (no memory, an error inside
/// libwasmtime) is a `ContractFault`, never a contract's result.
