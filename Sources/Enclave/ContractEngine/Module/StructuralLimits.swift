import SignedTransactions

/// Limits on the shape of a module. They are consensus, ours (Secret Network interprets, so it needs none).
///
/// Every node must make what passes ready to run while a block waits, so they bound what the linear compiler needs, in
/// the units that its time and memory were measured in (docs/compile-costs.md): no kind of code that passes takes it
/// more than half a second or 30 MB. What an optimising compiler would need is asked in `OptimizationBudget`.
///
/// In brackets: the most that a contract of Secret Network's history or of the wild needs. Where Secret Network does
/// not set the number, twice that passes.
enum StructuralLimits {
    /// Secret Network's own [1,999,049].
    static let codeBytes = ComputeMessage.codeBytesMax
    /// Parameters and locals of one function [108].
    static let localsMax = 256
    /// Operands of one function on the stack at once [24]. The linear compiler looks at all of them whenever a local is
    /// set or a function is called: 50,000 under as many assignments took it more than a second.
    static let operandsMax = 1_024
    /// Blocks in blocks [229].
    static let nestingMax = 512
    /// Places where the control flow of one function parts or joins [12,959]. Each costs the linear compiler the same;
    /// this many keep an instrumented body and its tables far below what libwasmtime reads at all (7.6 MB, 65,520
    /// targets), so that no module can pass here and be refused there.
    static let branchPointsMax = 65_000
    /// Machine code of the linear compiler for all functions, as `FunctionScan` estimates it [5 MB]. A call through the
    /// table has five bytes of WebAssembly and 178 of machine code: without this, two megabytes would become seventy.
    static let nativeBytesMax = 16 << 20
    static let functionsMax = 10_000
    static let tableElementsMax: UInt32 = 10_000
    static let typesMax = 10_000
    static let globalsMax = 10_000
    static let exportsMax = 10_000
    static let segmentsMax = 10_000

    /// Where the scan itself gives up, far above what is accepted, so that it needs no memory in the module's hands.
    static let nestingRepresentable = 4096

    /// `nil` if the module is within all of them, else the name of the first that is exceeded.
    static func exceeded(by module: CheckedModule) -> String? {
        let (wasm, scans) = (module.module, module.scans)
        if wasm.bytes.count > codeBytes { return "code size" }
        if wasm.functionTypes.count > functionsMax || wasm.imports.count > functionsMax { return "functions" }
        if wasm.types.count > typesMax { return "types" }
        if wasm.globalTypes.count > globalsMax { return "globals" }
        if wasm.exports.count > exportsMax { return "exports" }
        if wasm.tables.contains(where: { $0.initial > tableElementsMax }) { return "table elements" }
        if wasm.elementSegments > segmentsMax || wasm.dataSegments > segmentsMax { return "segments" }
        for (scan, typeIndex) in zip(scans, wasm.functionTypes) {
            if scan.locals + wasm.types[typeIndex].parameters.count > localsMax { return "locals" }
            if scan.height > operandsMax { return "operands" }
            if scan.nesting > nestingMax { return "nesting" }
            if scan.branchPoints > branchPointsMax { return "branches of a function" }
        }
        return module.nativeBytes > nativeBytesMax ? "machine code" : nil
    }
}
