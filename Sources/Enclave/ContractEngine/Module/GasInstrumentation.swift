/// Rewrites a module so that it counts its own gas and call depth, the same on every engine and every machine.
///
/// Every structured sequence of instructions pays for all of them when it is entered:
///
///     if gas <u cost { exhausted = cost; unreachable }
///     gas -= cost
///
/// so a sequence that is left early has paid in full, as on Secret Network, whose prices these are. The depth limit is
/// ours: a function that calls others takes its frame's weight from `frames` and gives it back where it ends, for which
/// its body becomes a block that `return` branches out of; a leaf that is small does not bother. None of that is
/// charged.
///
/// Everything new is appended, so that no index of the original changes: one type, one function, three globals, four
/// exports. The module must have been validated as it was: there, `global.set n` beyond its last global is an error;
/// here, it would be the gas.
enum GasInstrumentation {
    /// Names of the exports added. A module that has one with this prefix is refused.
    static let reservedPrefix = "cloister."
    static let memoryName = "cloister.memory"
    static let gasName = "cloister.gas"
    static let exhaustedName = "cloister.exhausted"
    static let framesName = "cloister.frames"

    /// What `frames` holds after it ran out, and after memory that the contract may have could not be had.
    static let framesExhausted: Int32 = -1
    static let memoryUnavailable: Int32 = -2

    /// - Precondition: `module` is valid, imports only functions, has one memory and is within the structural limits.
    static func instrument(_ module: CheckedModule, frameBudget: Int32) -> [UInt8] {
        Rewriter(module, frameBudget: frameBudget).output()
    }
}

private struct Rewriter {
    let module: WasmModule
    let scans: [FunctionScan]
    let frameBudget: Int32
    let gas: UInt32
    let exhausted: UInt32
    let frames: UInt32
    let growType: UInt32
    let growFunction: UInt32

    init(_ checked: CheckedModule, frameBudget: Int32) {
        module = checked.module
        scans = checked.scans
        self.frameBudget = frameBudget
        gas = UInt32(module.globalTypes.count)
        exhausted = gas + 1
        frames = gas + 2
        growType = UInt32(module.types.count)
        growFunction = UInt32(module.imports.count + module.functionTypes.count)
    }

    func output() -> [UInt8] {
        var output: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
        output.reserveCapacity(module.bytes.count * 2)
        appendExtended(.type, count: module.types.count, by: 1, [0x60, 1, 0x7f, 1, 0x7f], to: &output)
        appendSame(.import, to: &output)
        var type: [UInt8] = []
        type.appendU32(growType)
        appendExtended(.function, count: module.functionTypes.count, by: 1, type, to: &output)
        appendSame(.table, to: &output)
        var memory: [UInt8] = [1, 1]
        memory.appendU32(module.memories[0].initial)
        memory.appendU32(min(module.memories[0].maximum ?? EngineLimits.memoryPages, EngineLimits.memoryPages))
        append(.memory, memory, to: &output)
        appendExtended(.global, count: module.globalTypes.count, by: 3, globals(), to: &output)
        appendExtended(.export, count: module.exports.count, by: 4, exports(), to: &output)
        appendSame(.element, to: &output)
        append(.code, code(), to: &output)
        appendSame(.data, to: &output)
        return output
    }

    // MARK: - Sections

    private func append(_ id: WasmModule.SectionID, _ contents: [UInt8], to output: inout [UInt8]) {
        output.append(id.rawValue)
        output.appendU32(UInt32(contents.count))
        output.append(contentsOf: contents)
    }

    private func appendSame(_ id: WasmModule.SectionID, to output: inout [UInt8]) {
        guard let range = module.sections[id] else { return }
        append(id, Array(module.bytes[range]), to: &output)
    }

    /// The section `id` with `added` further elements behind its `count`.
    private func appendExtended(
        _ id: WasmModule.SectionID, count: Int, by added: Int, _ elements: [UInt8], to output: inout [UInt8]
    ) {
        var contents: [UInt8] = []
        contents.appendU32(UInt32(count + added))
        if let range = module.sections[id] {
            var reader = WasmReader(module.bytes, range)
            // Read before, when the module was parsed.
            _ = try? reader.u32()
            contents.append(contentsOf: module.bytes[reader.offset..<range.upperBound])
        }
        append(id, contents + elements, to: &output)
    }

    private func globals() -> [UInt8] {
        var globals: [UInt8] = [0x7e, 1, 0x42, 0, 0x0b, 0x7e, 1, 0x42, 0, 0x0b, 0x7f, 1, 0x41]
        globals.appendSigned(Int64(frameBudget))
        globals.append(0x0b)
        return globals
    }

    private func exports() -> [UInt8] {
        var exports: [UInt8] = []
        exports.appendName(GasInstrumentation.memoryName)
        exports += [WasmModule.ExternalKind.memory.rawValue, 0]
        let globals = [
            (GasInstrumentation.gasName, gas), (GasInstrumentation.exhaustedName, exhausted),
            (GasInstrumentation.framesName, frames),
        ]
        for (name, index) in globals {
            exports.appendName(name)
            exports.append(WasmModule.ExternalKind.global.rawValue)
            exports.appendU32(index)
        }
        return exports
    }

    private func code() -> [UInt8] {
        var contents: [UInt8] = []
        contents.reserveCapacity(module.bytes.count * 2)
        contents.appendU32(UInt32(scans.count + 1))
        for index in scans.indices {
            let body = body(of: index)
            contents.appendU32(UInt32(body.count))
            contents.append(contentsOf: body)
        }
        let grow = growBody()
        contents.appendU32(UInt32(grow.count))
        contents.append(contentsOf: grow)
        return contents
    }

    // MARK: - Functions

    private func body(of index: Int) -> [UInt8] {
        let scan = scans[index]
        let type = module.types[module.functionTypes[index]]
        let weight = Int32(clamping: scan.frameWeight(parameters: type.parameters.count))
        let isCounted = scan.makesCalls || weight > EngineLimits.leafWeightMax
        let bytes = module.bytes
        var output: [UInt8] = []
        output.reserveCapacity(2 * scan.code.count + 64)
        output.append(contentsOf: bytes[module.bodies[index].lowerBound..<scan.code.lowerBound])
        var copied = scan.code.lowerBound
        var isFirst = true
        for edit in scan.edits {
            output.append(contentsOf: bytes[copied..<edit.offset])
            copied = edit.offset
            switch edit.kind {
            case .charge(let cost):
                appendCharge(cost, to: &output)
                if isFirst && isCounted { appendEntry(weight, type.results.first, to: &output) }
                isFirst = false
            case .grow:
                output.append(0x10)
                output.appendU32(growFunction)
                copied += 2
            case .leave(let depth):
                guard isCounted else { continue }
                output.append(0x0c)
                output.appendU32(depth)
                copied += 1
            }
        }
        output.append(contentsOf: bytes[copied..<scan.code.upperBound])
        if isCounted {
            appendFrames(0x6a, weight, to: &output)
            output.append(0x0b)
        }
        return output
    }

    private func appendCharge(_ cost: UInt32, to output: inout [UInt8]) {
        guard cost > 0 else { return }
        let cost = Int64(cost)
        output.append(0x23)  // global.get
        output.appendU32(gas)
        output.append(0x42)  // i64.const
        output.appendSigned(cost)
        output += [0x54, 0x04, 0x40, 0x42]  // i64.lt_u, if, i64.const
        output.appendSigned(cost)
        output.append(0x24)  // global.set
        output.appendU32(exhausted)
        output += [0x00, 0x0b, 0x23]  // unreachable, end, global.get
        output.appendU32(gas)
        output.append(0x42)  // i64.const
        output.appendSigned(cost)
        output += [0x7d, 0x24]  // i64.sub, global.set
        output.appendU32(gas)
    }

    /// Takes the frame from what is left, or ends the call; then opens the block that is the function's old body.
    private func appendEntry(_ weight: Int32, _ result: WasmModule.ValueType?, to output: inout [UInt8]) {
        output.append(0x23)  // global.get
        output.appendU32(frames)
        output.append(0x41)  // i32.const
        output.appendSigned(Int64(weight))
        output += [0x49, 0x04, 0x40]  // i32.lt_u, if
        appendFailure(GasInstrumentation.framesExhausted, to: &output)
        output.append(0x0b)
        appendFrames(0x6b, weight, to: &output)
        output += [0x02, result?.rawValue ?? 0x40]  // block
    }

    /// `frames = frames (+ or -) weight`.
    private func appendFrames(_ operation: UInt8, _ weight: Int32, to output: inout [UInt8]) {
        output.append(0x23)
        output.appendU32(frames)
        output.append(0x41)
        output.appendSigned(Int64(weight))
        output += [operation, 0x24]
        output.appendU32(frames)
    }

    private func appendFailure(_ mark: Int32, to output: inout [UInt8]) {
        output.append(0x41)
        output.appendSigned(Int64(mark))
        output.append(0x24)
        output.appendU32(frames)
        output.append(0x00)
    }

    /// `(pages) -> previous size or -1`: charges for the pages, sign-extended and compared unsigned as in the original,
    /// then grows. Where the machine refuses what the contract may have, the call is lost, not answered with -1.
    private func growBody() -> [UInt8] {
        let (pages, cost, before) = (UInt8(0), UInt8(1), UInt8(2))
        var body: [UInt8] = [2, 1, 0x7e, 1, 0x7f]  // locals: i64, i32
        appendCharge(InstructionGas.growCall, to: &body)
        body += [0x20, pages, 0xac, 0x42]  // local.get, i64.extend_i32_s, i64.const
        body.appendSigned(InstructionGas.memoryPage)
        body += [0x7e, 0x21, cost, 0x23]  // i64.mul, local.set, global.get
        body.appendU32(gas)
        body += [0x20, cost, 0x54, 0x04, 0x40]  // local.get, i64.lt_u, if
        appendCharge(InstructionGas.growExhausted, to: &body)
        body += [0x20, cost, 0x24]  // local.get, global.set
        body.appendU32(exhausted)
        body += [0x00, 0x0b, 0x23]  // unreachable, end, global.get
        body.appendU32(gas)
        body += [0x20, cost, 0x7d, 0x24]  // local.get, i64.sub, global.set
        body.appendU32(gas)

        body += [0x20, pages, 0x40, 0, 0x22, before, 0x41, 0x7f, 0x46]  // memory.grow, local.tee, i32.const -1, i32.eq
        body += [0x04, 0x40, 0x20, pages, 0xad, 0x3f, 0, 0xad, 0x7c, 0x42]  // if, extend_u, memory.size, i64.add, const
        let most = min(module.memories[0].maximum ?? EngineLimits.memoryPages, EngineLimits.memoryPages)
        body.appendSigned(Int64(most))
        body += [0x58, 0x04, 0x40]  // i64.le_u, if
        appendFailure(GasInstrumentation.memoryUnavailable, to: &body)
        body += [0x0b, 0x0b, 0x20, before, 0x0b]
        return body
    }
}
