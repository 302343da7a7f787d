/// Which of a contract's functions is called.
package enum ContractEntry: Equatable, Sendable {
    case instantiate
    case execute
    case query
    case migrate
    case reply
    case sudo
    /// One of the six IBC functions.
    case ibc(ContractExport)

    /// The function's name in `interface`, `nil` if that interface has none.
    func export(in interface: InterfaceVersion) -> ContractExport? {
        switch (self, interface) {
        case (.instantiate, .v010): .`init`
        case (.instantiate, .v1): .instantiate
        case (.execute, .v010): .handle
        case (.execute, .v1): .execute
        case (.query, _): .query
        case (.migrate, _): .migrate
        case (.reply, .v1): .reply
        case (.sudo, .v1): .sudo
        case (.ibc(let export), .v1): export
        case (.reply, .v010), (.sudo, .v010), (.ibc, .v010): nil
        }
    }
}

/// One call of a contract.
package struct ContractInvocation: Sendable {
    package var entry: ContractEntry
    /// `ContractABI.environment`; unused by a v0.10 query.
    package var environment: [UInt8]
    /// `ContractABI.messageInfo`; used by v1's instantiate and execute alone.
    package var info: [UInt8]?
    package var message: [UInt8]
    /// Wasm gas, at most `EngineLimits.gasMax`.
    package var gasLimit: UInt64
    /// One for a call, one more for each query it is nested in; at most `EngineLimits.activationsMax`.
    package var depth: Int
    /// Whether `ContractRun.trace` is wanted. Changes nothing else.
    package var wantsTrace = false

    /// Only queries may not write.
    package var isQuery: Bool { entry == .query }

    package init(
        _ entry: ContractEntry, environment: [UInt8], info: [UInt8]? = nil, message: [UInt8], gasLimit: UInt64,
        depth: Int = 1
    ) {
        self.entry = entry
        self.environment = environment
        self.info = info
        self.message = message
        self.gasLimit = gasLimit
        self.depth = depth
    }

    /// The regions in the order in which they are allocated, and for each its place among the arguments. The order
    /// shows in the gas (Secret Network protocol: entry points).
    func arguments(in interface: InterfaceVersion) -> [(position: Int, bytes: [UInt8])] {
        switch (entry, interface) {
        case (.query, .v010): [(0, message)]
        case (.query, .v1): [(1, message), (0, environment)]
        case (.instantiate, .v010), (.migrate, _): [(0, environment), (1, message)]
        case (.instantiate, .v1): [(0, environment), (2, message), (1, info ?? [])]
        case (.execute, .v010), (.reply, _), (.sudo, _), (.ibc, _): [(1, message), (0, environment)]
        case (.execute, .v1): [(2, message), (0, environment), (1, info ?? [])]
        }
    }
}

/// What a call came to. A failed one has used gas too.
package struct ContractRun: Sendable {
    package var result: Result<[UInt8], ContractTrap>
    /// Wasm gas, at most slightly over the limit when that ran out; never above `EngineLimits.gasMax`.
    package var gasUsed: UInt64
    /// Part of `gasUsed` that was only set aside for writes, to be given back once the writes themselves are charged.
    package var gasReservedForWrites: UInt64
    /// The functions that were active when the call failed, the innermost first, at most twenty: their index in the
    /// module, which instrumentation does not change. No result depends on it.
    package var trace: [UInt32] = []
}

/// Why a contract's call failed, the same on every node.
package enum ContractTrap: Error, Equatable, Sendable {
    case panicked
    case outOfGas
    case memoryRead
    case memoryWrite
    case memoryAllocation
    case memoryOutOfBounds
    case tableOutOfBounds
    case divisionByZero
    case badConversion
    case indirectCallMismatch
    case stackOverflow
    case unauthorizedWrite
    case missingFunction(String)
    /// Data or elements of the module lie outside its memory or table.
    case instantiation

    /// For the transaction's log.
    package var message: String {
        switch self {
        case .panicked: "the contract panicked"
        case .outOfGas: "execution ran out of gas"
        case .memoryRead: "failed to read memory"
        case .memoryWrite: "failed to write memory"
        case .memoryAllocation: "failed to allocate memory"
        case .memoryOutOfBounds: "the contract accessed memory out of bounds"
        case .tableOutOfBounds: "the contract accessed its function table out of bounds"
        case .divisionByZero: "the contract divided by zero"
        case .badConversion: "the contract converted a number out of range"
        case .indirectCallMismatch: "the contract called a function of another type"
        case .stackOverflow: "the contract's calls were nested too deeply"
        case .unauthorizedWrite: "contract tried to write to storage during a query"
        case .missingFunction(let name): "calling a function in the contract failed: no function \(name)"
        case .instantiation: "the contract's module could not be instantiated"
        }
    }
}
