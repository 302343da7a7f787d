/// Makes WebAssembly modules that look like contracts, and shows that every engine preset agrees about them.
///
/// `GeneratedModule` draws a module from `Choices`, which are a seed or a fuzzer's bytes: the same choices give the
/// same module for ever, on every machine and in every build. Most modules keep the upload rules; about one in five has
/// a `Flaw`. `Differential` takes a module through upload check, instrumentation and calls with every preset and gives
/// the first disagreement. Used by the engine's tests, by `cloister-fuzz` and by `cloister-determinism`.
///
/// It may assume nothing of the engine but its package interface, and never decides what a right result is: it only
/// says that two that should be one are not.
package struct GeneratedModule {
    package private(set) var bytes: [UInt8]
    package private(set) var flaw: Flaw?
    package private(set) var isOfV010: Bool

    /// What is wrong with a module that nearly keeps the rules.
    package enum Flaw: CaseIterable, Sendable {
        case changedBytes, cutEnd, addedEnd
        case float, start, secondMemory, memoryMaximum, manyPages
        case reservedExport, gasGlobal, unknownImport, wrongImportType, missingExport, twoResults
        case bulkMemory, manyLocals, deepNesting, loopNest, dataOutside, elementOutside, twoMarkers
    }

    package init(_ choices: inout Choices) {
        isOfV010 = choices.chance(4)
        flaw = choices.chance(5) ? choices.pick(Flaw.allCases) : nil
        var writer = ModuleWriter(isOfV010: isOfV010, flaw: flaw, isSelfContained: false)
        bytes = writer.write(&choices)
        switch flaw {
        case .changedBytes:
            for _ in 0...choices.next(4) { bytes[8 + choices.next(bytes.count - 8)] = UInt8(choices.next(256)) }
        case .cutEnd: bytes.removeLast(1 + choices.next(min(64, bytes.count - 9)))
        case .addedEnd: bytes += (0...choices.next(8)).map { _ in UInt8(choices.next(256)) }
        default: break
        }
    }
}

extension GeneratedModule {
    /// A module of v1 that keeps the rules, imports nothing and allocates honestly: one for `ReferenceInterpreter`.
    package init(selfContained choices: inout Choices) {
        isOfV010 = false
        flaw = nil
        var writer = ModuleWriter(isOfV010: false, flaw: nil, isSelfContained: true)
        bytes = writer.write(&choices)
    }
}

/// The four types of values in WebAssembly 1.0, of which contracts may use two.
enum ValueType: UInt8 {
    case i32 = 0x7f
    case i64 = 0x7e
}

struct Signature: Equatable {
    var parameters: [ValueType]
    var result: ValueType?
}
