extension HostFunctions {
    static func readStorage(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.storageRead)
        let key = try name(call, arguments.first)
        let value = try call.ask { () throws(ContractFault) in try call.environment.read(key) }
        guard let value else { return 0 }
        return UInt64(try call.store(value))
    }

    static func writeStorage(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        guard !call.isQuery else { throw .trap(.unauthorizedWrite) }
        try call.charge(InstructionGas.storageWrite)
        let key = try name(call, arguments.first)
        let region = try call.region(at: arguments.second)
        // Set aside before the value is copied, which this therefore also pays for.
        let reserve = InstructionGas.storageWriteReserveByte * UInt64(region.length)
        try call.charge(reserve)
        call.gasReservedForWrites += reserve
        let value = try call.bytes(of: region, isPriced: false)
        try call.ask { () throws(ContractFault) in try call.environment.write(key, value) }
        return 0
    }

    static func removeStorage(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64
    {
        guard !call.isQuery else { throw .trap(.unauthorizedWrite) }
        try call.work(InstructionGas.unpricedCall)
        let key = try name(call, arguments.first)
        try call.ask { () throws(ContractFault) in try call.environment.remove(key) }
        return 0
    }

    private static func name(_ call: ContractCall, _ pointer: UInt32) throws(ContractCall.Interruption) -> [UInt8] {
        try call.bytes(of: call.region(at: pointer), byteWork: InstructionGas.nameByteWork)
    }

    /// The environment's price counts against this contract's gas, so that a query cannot spend what is not there.
    static func queryChain(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.work(InstructionGas.unpricedCall)
        let request = try call.read(arguments.first, parses: true)
        let gasLeft = call.gasLeft
        let (answer, gasUsed) = try call.ask { () throws(ContractFault) in
            try call.environment.query(request, gasLimit: gasLeft)
        }
        try call.charge(gasUsed)
        return UInt64(try call.store(answer))
    }

    // MARK: - Gas and debugging

    /// The chain's gas used so far in this call.
    static func checkGas(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.checkGas)
        return (call.gasLimit - call.gasLeft) / InstructionGas.multiplier
    }

    static func evaporateGas(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(max(UInt64(arguments.first) * InstructionGas.multiplier, InstructionGas.evaporateMinimum))
        return 0
    }

    /// Has no price, so it must not do anything either unless this node wants it.
    static func debug(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.work(InstructionGas.unpricedCall)
        guard call.environment.wantsDebug, let region = try? call.region(at: arguments.first),
            region.length <= UInt32(EngineLimits.freeBytesPerRead),
            let text = try? call.bytes(of: region, isPriced: false)
        else { return 0 }
        call.environment.debug(text)
        return 0
    }
}
