/// Limits that the messages about code must keep.
package enum CodeLimits {
    package static let bytesMax = StructuralLimits.codeBytes
    package static let labelBytesMax = 512
}

/// Limits on the shape of a module. They are consensus, ours (Secret Network interprets, so it needs none), and stop
/// modules that take a compiler minutes: 12 KiB with 900 nested loops over 500 locals cost Cranelift 30 seconds.
///
/// In brackets: the most that 41 contracts from Secret Network's history need.
enum StructuralLimits {
    static let codeBytes = 2 << 20
    /// Parameters and locals of one function [84 + 15].
    static let localsMax = 256
    /// Blocks in blocks [229] and loops in loops [6].
    static let nestingMax = 512
    static let loopNestingMax = 16
    /// Instructions of one function and places where its control flow parts or joins [8,933]. Beyond these an
    /// optimising compiler first becomes slow (150,000 blocks with a value took it more than ten minutes) and then
    /// refuses what a baseline compiler takes, which nodes would have to disagree about.
    static let instructionsMax = 200_000
    static let branchPointsMax = 12_000
    /// Sum of the squares of those places over all functions: that much time it may take, about a second.
    static let branchSquaresMax = 400_000_000
    /// Values that may be alive (locals, operands) times those places, what an optimising compiler's work grows with
    /// [294,789 in one function, 552,912 in one module, of locals alone: operands may come to more than half as many].
    static let functionProductMax = 750_000
    static let moduleProductMax = 2_000_000
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
        var (moduleProduct, branchSquares) = (0, 0)
        for (scan, typeIndex) in zip(scans, wasm.functionTypes) {
            let locals = scan.locals + wasm.types[typeIndex].parameters.count
            if locals > localsMax { return "locals" }
            if scan.nesting > nestingMax { return "nesting" }
            if scan.loopNesting > loopNestingMax { return "loop nesting" }
            if scan.instructions > instructionsMax { return "instructions of a function" }
            if scan.branchPoints > branchPointsMax { return "branches of a function" }
            let product = (locals + scan.height) * scan.branchPoints
            if product > functionProductMax { return "values times branches of a function" }
            moduleProduct += product
            branchSquares += scan.branchPoints * scan.branchPoints
        }
        if branchSquares > branchSquaresMax { return "branches of the module" }
        return moduleProduct > moduleProductMax ? "values times branches of the module" : nil
    }
}
