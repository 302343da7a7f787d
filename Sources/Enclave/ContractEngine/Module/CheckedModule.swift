import PublicCryptography

/// Why a module cannot run. Stored code can meet it too: floats and large memories are refused only here, as on Secret
/// Network, where code that has them can be uploaded.
package enum ModuleRefusal: Error, Equatable {
    /// Not a module, or one that does not validate.
    case invalid
    case structure(String)
    case floatingPoint
    case memory
    case start
    case unsupportedImport(String)
    case noInterface
    /// No compiler takes a module that validates.
    case compilers
    /// libwasmtime could not start, or the system had no memory for it: this node's fault.
    case engine

    package var message: String {
        switch self {
        case .invalid: "the contract's code is not a valid module"
        case .structure(let limit): "the contract's code exceeds a structural limit: \(limit)"
        case .floatingPoint: "found floating point operation in module code"
        case .memory: "failed to initialize wasm memory"
        case .start: "the contract's code has a start function"
        case .unsupportedImport(let name): "calling a function in the contract failed: unsupported import \(name)"
        case .noInterface: "the contract's code exports no known interface version"
        case .compilers: "the contract's code cannot be compiled"
        case .engine: "the contract engine failed"
        }
    }
}

/// A module whose parts and function bodies have been read completely.
struct CheckedModule {
    let module: WasmModule
    let scans: [FunctionScan]

    init(_ bytes: [UInt8]) throws(ModuleRefusal) {
        guard bytes.count <= StructuralLimits.codeBytes else { throw .structure("code size") }
        self = try CheckedModule(reading: bytes)
        if let limit = StructuralLimits.exceeded(by: self) { throw .structure(limit) }
    }

    /// `bytes` read, whatever its shape is.
    init(reading bytes: [UInt8]) throws(ModuleRefusal) {
        do throws(MalformedModule) {
            let module = try WasmModule(bytes)
            var scans: [FunctionScan] = []
            scans.reserveCapacity(module.bodies.count)
            for body in module.bodies { scans.append(try FunctionScan(module, body: body)) }
            self.module = module
            self.scans = scans
        } catch {
            throw .invalid
        }
    }

    /// An estimate of the machine code that the linear compiler makes of the whole.
    var nativeBytes: Int {
        zip(scans, module.functionTypes).reduce(0) { sum, function in
            sum + function.0.nativeBytes(parameters: module.types[function.1].parameters.count)
        }
    }

    var usesFloats: Bool {
        scans.contains { $0.usesFloats } || module.globalTypes.contains { $0.isFloat }
            || module.types.contains { ($0.parameters + $0.results).contains { $0.isFloat } }
    }

    /// What the module offers, `nil` without a marker of a known interface.
    var interface: InterfaceVersion? {
        for export in module.exports where export.kind == .function {
            if let version = InterfaceVersion.allCases.first(where: { $0.marker == export.name }) { return version }
        }
        return nil
    }

    /// The rules that apply when a contract is run, in the order of Secret Network's engine.
    func refuseUnlessRunnable() throws(ModuleRefusal) {
        guard interface != nil else { throw .noInterface }
        guard !module.hasStart else { throw .start }
        guard module.memories.count == 1, module.memories[0].initial <= EngineLimits.memoryPages else { throw .memory }
        guard !usesFloats else { throw .floatingPoint }
        for item in module.imports {
            guard item.module == "env", let index = item.typeIndex,
                HostFunctions.type(of: item.name) == module.types[index]
            else { throw .unsupportedImport(item.name) }
        }
        guard !module.exports.contains(where: { $0.name.utf8.starts(with: GasInstrumentation.reservedPrefix.utf8) })
        else {
            throw .invalid
        }
    }

    /// - Precondition: the module has an interface.
    var facts: ModuleFacts {
        var facts = ModuleFacts(interface: certain(interface, "the precondition"))
        for export in module.exports where export.kind == .function {
            if let feature = ModuleFacts.Features(export: export.name) { facts.features.insert(feature) }
            if export.name.utf8.starts(with: ModuleFacts.gasStepPrefix.utf8) {
                facts.gasStep = UInt32(export.name.dropFirst(ModuleFacts.gasStepPrefix.utf8.count)) ?? 0
            }
            guard let entry = ContractExport(rawValue: export.name) else { continue }
            let type = module.type(ofFunction: export.index)
            if type == entry.type(in: facts.interface) { facts.exports.insert(entry) }
        }
        return facts
    }
}
