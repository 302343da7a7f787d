extension FunctionGenerator {
    mutating func statements(_ choices: inout Choices) {
        for _ in 0..<choices.next(6) {
            statement(&choices)
            // Some of what nobody can reach is written all the same.
            if isDead && choices.chance(2) { return }
        }
    }

    private mutating func statement(_ choices: inout Choices) {
        guard mayGrow(&choices) else { return }
        if isDead && choices.chance(4) { return deadInstructions(&choices) }
        switch choices.next(20) {
        case 0: setLocal(&choices)
        case 1, 2: store(&choices)
        case 3: setGlobal(&choices)
        case 4:
            value(choices.pick([.i32, .i64]), &choices)
            code.append(0x1a)
        case 5: block(0x02, nil, label: nil) { $0.statements(&choices) }
        case 6, 7: countedLoop(&choices)
        case 8: openLoop(&choices)
        case 9, 10: choice(&choices)
        case 11, 12: call(nil, &choices)
        case 13, 14: hostCall(&choices)
        case 15: branchIf(&choices)
        case 16: branchTable(&choices)
        case 17: leave(&choices)
        case 18: code.append(0x01)
        default:
            if choices.chance(24) {
                code.append(0x00)
                isDead = true
            } else {
                store(&choices)
            }
        }
    }

    private mutating func setLocal(_ choices: inout Choices) {
        let type = choices.pick([ValueType.i32, .i64])
        let settable = locals(type, toSet: true)
        let local = settable.isEmpty ? newLocal(type) : choices.pick(settable)
        value(type, &choices)
        append(0x21, local, &choices)
    }

    private mutating func setGlobal(_ choices: inout Choices) {
        let type = choices.pick([ValueType.i32, .i64])
        let settable = globals(type, toSet: true)
        guard !settable.isEmpty else { return code.append(0x01) }
        value(type, &choices)
        append(0x24, choices.pick(settable), &choices)
    }

    private mutating func store(_ choices: inout Choices) {
        let type = choices.pick([ValueType.i32, .i64])
        address(&choices)
        value(type, &choices)
        let kinds: [(UInt8, Int)] =
            type == .i32 ? [(0x36, 2), (0x3a, 0), (0x3b, 1)] : [(0x37, 3), (0x3c, 0), (0x3d, 1), (0x3e, 2)]
        let (opcode, alignment) = choices.pick(kinds)
        memoryArgument(opcode, alignment, &choices)
    }

    // MARK: - Control

    /// Goes round a few times, unless something inside leaves it or goes back sooner.
    private mutating func countedLoop(_ choices: inout Choices) {
        let counter = newCounter()
        code.append(constant: Int64(1 + choices.next(12)), .i32)
        append(0x21, counter, &choices)
        block(0x03, nil, label: nil) { function in
            function.statements(&choices)
            function.append(0x20, counter, &choices)
            function.code += [0x41, 1, 0x6b]
            function.append(0x22, counter, &choices)
            function.code += [0x0d, 0]
        }
    }

    /// Goes round as long as something is not zero, which may be until the gas ends.
    private mutating func openLoop(_ choices: inout Choices) {
        block(0x03, nil, label: nil) { function in
            function.statements(&choices)
            guard choices.chance(2) else { return }
            function.value(.i32, &choices)
            function.code += [0x0d, 0]
        }
    }

    private mutating func choice(_ choices: inout Choices) {
        value(.i32, &choices)
        block(0x04, nil, label: nil) { function in
            function.statements(&choices)
            guard choices.chance(2) else { return }
            function.otherwise()
            function.statements(&choices)
        }
    }

    private mutating func branchIf(_ choices: inout Choices) {
        let depth = choices.next(labels.count)
        let type = labels[labels.count - 1 - depth]
        if let type { value(type, &choices) }
        value(.i32, &choices)
        append(0x0d, depth, &choices)
        if type != nil { code.append(0x1a) }
    }

    private mutating func branchTable(_ choices: inout Choices) {
        let type = labels[choices.next(labels.count)]
        let targets = depths(type)
        if let type { value(type, &choices) }
        value(.i32, &choices)
        let count = choices.next(5)
        append(0x0e, count, &choices)
        for _ in 0...count { code.append(number: choices.pick(targets), &choices) }
        isDead = true
    }

    /// An unconditional branch or a return.
    mutating func leave(_ choices: inout Choices) {
        if choices.chance(3) {
            result(&choices)
            code.append(0x0f)
        } else {
            let depth = choices.next(labels.count)
            if depth == labels.count - 1 {
                result(&choices)
            } else if let type = labels[labels.count - 1 - depth] {
                value(type, &choices)
            }
            append(0x0c, depth, &choices)
        }
        isDead = true
    }

    /// What is valid only where the stack may hold anything.
    private mutating func deadInstructions(_ choices: inout Choices) {
        code += choices.pick(
            [
                [0x6a, 0x1a], [0x1a], [0x7c, 0x1a], [0x41, 1, 0x1b, 0x1a], [0x40, 0, 0x1a], [0x0f], [0x00],
                [0x36, 2, 0], [0x28, 2, 0, 0x1a], [0x03, 0x40, 0x0c, 0, 0x0b], [0x04, 0x40, 0x05, 0x0b],
                [0x02, 0x7f, 0x00, 0x0b, 0x1a], [0x0d, 0], [0x04, 0x7f, 0x41, 0, 0x05, 0x00, 0x0b, 0x1a],
            ].filter { $0 != [0x0d, 0] || labels[labels.count - 1] == nil })
    }

    // MARK: - Calls

    /// Calls a function with `result`, itself perhaps; without one of that kind, something plain takes its place.
    mutating func call(_ result: ValueType?, _ choices: inout Choices) {
        let callees = module.functions.indices.filter {
            $0 >= module.imports.count && module.functions[$0].result == result
        }
        guard !callees.isEmpty else { return plain(result, &choices) }
        if module.tableSize != nil && choices.chance(2) {
            let signatures = module.types.indices.filter { module.types[$0].result == result }
            let type = choices.pick(signatures)
            for parameter in module.types[type].parameters { value(parameter, &choices) }
            // Mostly an element that is there; what it is decides whether the call is one.
            if choices.chance(6) || module.elements.isEmpty {
                value(.i32, &choices)
            } else {
                let fitting = module.elements.indices.filter {
                    module.functions[module.elements[$0]] == module.types[type]
                }
                let index = fitting.isEmpty ? choices.next(module.elements.count) : choices.pick(fitting)
                code.append(constant: Int64(index), .i32)
            }
            append(0x11, type, &choices)
            code.append(0)
        } else {
            let callee = choices.pick(callees)
            for parameter in module.functions[callee].parameters { value(parameter, &choices) }
            append(0x10, callee, &choices)
        }
    }

    /// Calls an import; what it answers is kept in memory.
    private mutating func hostCall(_ choices: inout Choices) {
        guard !module.imports.isEmpty else { return code.append(0x01) }
        let index = choices.next(module.imports.count)
        let result = module.functions[index].result
        if result != nil { code.append(constant: Int64(128 + 8 * choices.next(32)), .i32) }
        for _ in module.functions[index].parameters {
            switch choices.next(32) {
            case 31: value(.i32, &choices)
            case 30: code.append(constant: Int64(choices.pick(HostImports.brokenPointers)), .i32)
            default: code.append(constant: Int64(choices.pick(HostImports.pointers)), .i32)
            }
        }
        append(0x10, index, &choices)
        if let result { code += result == .i32 ? [0x36, 2, 0] : [0x37, 3, 0] }
    }

    private mutating func plain(_ result: ValueType?, _ choices: inout Choices) {
        if let result { code.append(constant: choices.number(), result) } else { code.append(0x01) }
    }
}
