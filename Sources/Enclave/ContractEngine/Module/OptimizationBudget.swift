/// What a node spends on compiling a module well, after it has compiled it fast. A choice of this node alone, since no
/// result and no gas depends on the compiler: what is beyond the budget keeps running as the linear compiler left it,
/// about half as fast.
///
/// An optimising compiler is not linear: twelve kilobytes with 900 nested loops over 500 locals cost Cranelift half a
/// minute, 30,000 blocks that leave a value 20 seconds and seven gigabytes. The prices here are the dearest that were
/// measured (docs/compile-costs.md); contracts cost three to ten times less than they say.
enum OptimizationBudget {
    /// Of the thread that does nothing else (`ModuleWorkshop.serve`).
    static let nanosecondsMax = 10_000_000_000
    /// Joins of one function: the compiler's memory grows with their square, to a gigabyte here.
    static let joinsMax = 35_000
    static let loopNestingMax = 16

    private static let instructionPrice = 3_000
    private static let indirectCallPrice = 60_000
    /// For each pair of joins, in tenths.
    private static let joinPairPriceTenths = 22
    /// For each value (local or operand) that may be alive, at each join.
    private static let valuePrice = 150

    static func allows(_ module: CheckedModule) -> Bool {
        estimate(module).map { $0 <= nanosecondsMax } ?? false
    }

    /// How long an optimising compiler may need, in nanoseconds; `nil` if no estimate holds.
    static func estimate(_ module: CheckedModule) -> Int? {
        var sum = 0
        for (scan, typeIndex) in zip(module.scans, module.module.functionTypes) {
            guard scan.joins <= joinsMax, scan.loopNesting <= loopNestingMax else { return nil }
            let values = scan.locals + module.module.types[typeIndex].parameters.count + scan.height
            sum += scan.instructions * instructionPrice + scan.indirectCalls * indirectCallPrice
            sum += scan.joins * scan.joins * joinPairPriceTenths / 10 + values * scan.joins * valuePrice
        }
        return sum
    }
}
