extension FunctionGenerator {
    mutating func value(_ type: ValueType, _ choices: inout Choices) {
        guard mayGrow(&choices) else { return simple(type, &choices) }
        switch choices.next(24) {
        case 0...3: simple(type, &choices)
        case 4, 5: unary(type, &choices)
        case 6...9: binary(type, &choices)
        case 10: compare(type, &choices)
        case 11, 12: load(type, &choices)
        case 13: convert(type, &choices)
        case 14:
            block(0x02, type, label: type) { function in
                function.statements(&choices)
                function.value(type, &choices)
            }
        case 15: choice(type, &choices)
        case 16:
            block(0x03, type, label: nil) { function in
                function.statements(&choices)
                function.value(type, &choices)
            }
        case 17:
            value(type, &choices)
            value(type, &choices)
            value(.i32, &choices)
            code.append(0x1b)
        case 18:
            let settable = locals(type, toSet: true)
            value(type, &choices)
            if !settable.isEmpty { append(0x22, choices.pick(settable), &choices) }
        case 19, 20: call(type, &choices)
        case 21: memorySize(type, &choices)
        case 22: branchThrough(type, &choices)
        default:
            // A branch where a value is wanted: the rest of the expression is dead.
            if choices.chance(4) { leave(&choices) } else { simple(type, &choices) }
        }
    }

    private mutating func simple(_ type: ValueType, _ choices: inout Choices) {
        switch choices.next(3) {
        case 1 where !locals(type).isEmpty: append(0x20, choices.pick(locals(type)), &choices)
        case 2 where !globals(type).isEmpty: append(0x23, choices.pick(globals(type)), &choices)
        default: code.append(constant: choices.number(), type)
        }
    }

    private mutating func unary(_ type: ValueType, _ choices: inout Choices) {
        value(type, &choices)
        code.append(
            choices.pick(type == .i32 ? [0x67, 0x68, 0x69, 0xc0, 0xc1] : [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4]))
    }

    private mutating func binary(_ type: ValueType, _ choices: inout Choices) {
        value(type, &choices)
        value(type, &choices)
        var operation = UInt8(choices.next(15))
        // Divisions may trap, so they are rarer.
        if (3...6).contains(operation) && !choices.chance(3) { operation = 0 }
        code.append((type == .i32 ? 0x6a : 0x7c) + operation)
    }

    private mutating func compare(_ type: ValueType, _ choices: inout Choices) {
        guard type == .i32 else { return simple(type, &choices) }
        let operands = choices.pick([ValueType.i32, .i64])
        value(operands, &choices)
        if choices.chance(4) { return code.append(operands == .i32 ? 0x45 : 0x50) }
        value(operands, &choices)
        code.append((operands == .i32 ? 0x46 : 0x51) + UInt8(choices.next(10)))
    }

    private mutating func convert(_ type: ValueType, _ choices: inout Choices) {
        value(type == .i32 ? .i64 : .i32, &choices)
        code.append(type == .i32 ? 0xa7 : choices.pick([0xac, 0xad]))
    }

    private mutating func choice(_ type: ValueType, _ choices: inout Choices) {
        value(.i32, &choices)
        block(0x04, type, label: type) { function in
            function.statements(&choices)
            function.value(type, &choices)
            function.otherwise()
            function.statements(&choices)
            function.value(type, &choices)
        }
    }

    /// A value that leaves with the branch, or stays where the branch is not taken.
    private mutating func branchThrough(_ type: ValueType, _ choices: inout Choices) {
        value(type, &choices)
        let targets = depths(type)
        guard !targets.isEmpty else { return }
        value(.i32, &choices)
        append(0x0d, choices.pick(targets), &choices)
    }

    // MARK: - Memory

    private mutating func memorySize(_ type: ValueType, _ choices: inout Choices) {
        guard type == .i32 else { return simple(type, &choices) }
        if choices.chance(2) {
            code += [0x3f, 0]
        } else {
            if choices.chance(4) { value(.i32, &choices) } else { code.append(constant: Int64(choices.next(3)), .i32) }
            code += [0x40, 0]
        }
    }

    private mutating func load(_ type: ValueType, _ choices: inout Choices) {
        address(&choices)
        let kinds: [(UInt8, Int)] =
            type == .i32
            ? [(0x28, 2), (0x2c, 0), (0x2d, 0), (0x2e, 1), (0x2f, 1)]
            : [(0x29, 3), (0x30, 0), (0x31, 0), (0x32, 1), (0x33, 1), (0x34, 2), (0x35, 2)]
        let (opcode, alignment) = choices.pick(kinds)
        memoryArgument(opcode, alignment, &choices)
    }

    /// Mostly an address in the first page that holds nothing the contract needs.
    mutating func address(_ choices: inout Choices) {
        switch choices.next(64) {
        case 0...40: code.append(constant: Int64(8192 + choices.next(1024)), .i32)
        case 41...61:
            value(.i32, &choices)
            code.append(constant: 0x1fff, .i32)
            code.append(0x71)
            code.append(constant: 8192, .i32)
            code.append(0x6a)
        case 62: code.append(constant: Int64(choices.pick([65_528, 65_535, 65_536, 1024, 0, -1, -8])), .i32)
        default: value(.i32, &choices)
        }
    }

    mutating func memoryArgument(_ opcode: UInt8, _ alignment: Int, _ choices: inout Choices) {
        code.append(opcode)
        code.append(number: choices.next(alignment + 1), &choices)
        let offset =
            choices.chance(128) ? choices.pick([Int(UInt32.max), 65_535, 65_528, 0x7fff_ffff]) : choices.next(64)
        code.append(number: offset, &choices)
    }
}
