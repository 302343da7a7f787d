/// Why code is not stored (Secret Network protocol: upload validation). The uploader's transaction fails with it.
package enum UploadRefusal: Error, Equatable {
    case tooLarge
    case invalid
    case structure(String)
    case memoryCount
    case memoryMinimum
    case memoryMaximum
    case importKind(String)
    case unsupportedImport(String)
    case noInterface
    case missingExport(String)
    case reservedExport(String)
    case unsupportedFeature(String)

    package var message: String {
        "Error during static Wasm validation: " + detail
    }

    private var detail: String {
        switch self {
        case .tooLarge: "Wasm code is larger than \(StructuralLimits.codeBytes) bytes"
        case .invalid: "Wasm code does not validate"
        case .structure(let limit): "Wasm code exceeds a structural limit: \(limit)"
        case .memoryCount: "Wasm contract must contain exactly one memory"
        case .memoryMinimum: "Wasm contract memory's minimum must not exceed \(ModuleUpload.initialPagesMax) pages"
        case .memoryMaximum: "Wasm contract memory's maximum must be unset"
        case .importKind(let name): "Wasm contract imports \(name), which is not a function"
        case .unsupportedImport(let name): "Wasm contract requires unsupported import: \(name)"
        case .noInterface: "Wasm contract exports no supported interface version"
        case .missingExport(let name): "Wasm contract doesn't have required export: \(name)"
        case .reservedExport(let name): "Wasm contract has a reserved export: \(name)"
        case .unsupportedFeature(let name): "Wasm contract requires unsupported feature: \(name)"
        }
    }
}

/// The rules for code that is to be stored. They say nothing of floats, of a start function or of more than 192 pages:
/// such code can be stored and fails when it is instantiated, as on Secret Network.
package enum ModuleUpload {
    /// Of one code, uncompressed.
    package static let codeBytesMax = StructuralLimits.codeBytes

    static let initialPagesMax: UInt32 = 512

    private static func requiredExports(of interface: InterfaceVersion) -> [String] {
        switch interface {
        case .v010: ["query", "init", "handle", "allocate", "deallocate"]
        case .v1: ["allocate", "deallocate", "instantiate"]
        }
    }

    /// What the module is, or why it is refused. `code` is uncompressed and from a stranger; its length is bounded
    /// here, not by the caller.
    package static func check(_ code: [UInt8], with engine: WasmEngine) throws(UploadRefusal) -> ModuleFacts {
        let module: CheckedModule
        do throws(ModuleRefusal) {
            module = try CheckedModule(code)
        } catch {
            switch error {
            case .structure("code size"): throw .tooLarge
            case .structure(let limit): throw .structure(limit)
            default: throw .invalid
            }
        }
        try checkInterface(module)
        guard engine.validates(code) else { throw .invalid }
        return module.facts
    }

    private static func checkInterface(_ checked: CheckedModule) throws(UploadRefusal) {
        let module = checked.module
        guard module.memories.count == 1 else { throw .memoryCount }
        guard module.memories[0].initial <= initialPagesMax else { throw .memoryMinimum }
        guard module.memories[0].maximum == nil else { throw .memoryMaximum }
        guard let interface = checked.interface else { throw .noInterface }
        let exports = Set(module.exports.filter { $0.kind == .function }.map(\.name))
        for name in requiredExports(of: interface) where !exports.contains(name) { throw .missingExport(name) }
        for item in module.imports {
            guard item.typeIndex != nil else { throw .importKind(item.name) }
            guard item.module == "env", HostFunctions.isOffered(item.name, to: interface) else {
                throw .unsupportedImport("\(item.module).\(item.name)")
            }
        }
        for export in module.exports {
            if export.name.utf8.starts(with: GasInstrumentation.reservedPrefix.utf8) {
                throw .reservedExport(export.name)
            }
            if export.name.utf8.starts(with: ModuleFacts.Features.prefix.utf8),
                ModuleFacts.Features(export: export.name) == nil
            {
                throw .unsupportedFeature(String(export.name.dropFirst(ModuleFacts.Features.prefix.count)))
            }
        }
    }
}
