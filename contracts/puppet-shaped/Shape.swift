/// What makes this puppet one that keeps its shape: gas in steps of 50,000, and one failure for all.
@_expose(wasm, "gas_step_50000") @_cdecl("gas_step_50000")
public func gas_step_50000() {}
