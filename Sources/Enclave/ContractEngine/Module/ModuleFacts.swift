/// The interface between contract and chain that a module was built for; the first marker among its exports decides.
package enum InterfaceVersion: UInt8, CaseIterable, Sendable {
    case v010 = 1
    case v1 = 2

    var marker: String {
        switch self {
        case .v010: "cosmwasm_vm_version_3"
        case .v1: "interface_version_8"
        }
    }
}

/// Functions of a contract that the host calls.
package enum ContractExport: String, CaseIterable, Sendable {
    case allocate
    case `init`, handle
    case instantiate, execute
    case query, migrate, sudo, reply
    case ibcChannelOpen = "ibc_channel_open"
    case ibcChannelConnect = "ibc_channel_connect"
    case ibcChannelClose = "ibc_channel_close"
    case ibcPacketReceive = "ibc_packet_receive"
    case ibcPacketAcknowledgement = "ibc_packet_ack"
    case ibcPacketTimeout = "ibc_packet_timeout"
}

/// What is known of a module once it is ready: enough to decide whether a call can be made at all.
package struct ModuleFacts: Equatable, Sendable {
    /// What a contract asks of the chain by exporting `requires_…`.
    package struct Features: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let staking = Features(rawValue: 1)
        package static let stargate = Features(rawValue: 2)
        package static let ibc3 = Features(rawValue: 4)
        package static let random = Features(rawValue: 8)

        static let prefix = "requires_"

        /// `nil` if `export` asks for nothing, or for something no chain of ours has.
        init?(export: String) {
            switch export {
            case "requires_staking": self = .staking
            case "requires_stargate": self = .stargate
            case "requires_ibc3": self = .ibc3
            case "requires_random": self = .random
            default: return nil
            }
        }
    }

    package var interface: InterfaceVersion
    package var features: Features = []
    /// Those with the right type.
    package var exports: Set<ContractExport> = []
    /// Gas of the contract's calls comes in multiples of this, and all of its failures look alike: what an export
    /// called `gas_step_N` asks for (`ContractShape`). 0 where none does.
    package var gasStep: UInt32 = 0

    static let gasStepPrefix = "gas_step_"

    /// Whether instantiating binds an IBC port.
    package var speaksIBC: Bool {
        exports.isSuperset(of: [
            .ibcChannelOpen, .ibcChannelConnect, .ibcChannelClose, .ibcPacketReceive, .ibcPacketAcknowledgement,
            .ibcPacketTimeout,
        ])
    }

    init(interface: InterfaceVersion) { self.interface = interface }

    // MARK: - In front of a serialized module

    private static let magic = Array("CLOISTER.module2".utf8)

    func prefix(memoryBytes: Int) -> [UInt8] {
        var mask: UInt16 = 0
        for (bit, export) in ContractExport.allCases.enumerated() where exports.contains(export) { mask |= 1 << bit }
        let size = UInt32(memoryBytes)
        return ModuleFacts.magic + [interface.rawValue, features.rawValue, UInt8(mask >> 8), UInt8(mask & 0xff)]
            + [size, gasStep].flatMap { number in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
    }

    static func split(_ bytes: [UInt8]) -> (facts: ModuleFacts, memoryBytes: Int, image: [UInt8])? {
        let rest = bytes.dropFirst(magic.count)
        guard bytes.starts(with: magic), rest.count > 12,
            let interface = InterfaceVersion(rawValue: rest[rest.startIndex])
        else { return nil }
        var facts = ModuleFacts(interface: interface)
        let header = Array(rest.prefix(12))
        facts.features = Features(rawValue: header[1])
        let mask = UInt16(header[2]) << 8 | UInt16(header[3])
        for (bit, export) in ContractExport.allCases.enumerated() where mask >> bit & 1 == 1 {
            facts.exports.insert(export)
        }
        let memoryBytes = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        facts.gasStep = header[8...].reduce(0) { $0 << 8 | UInt32($1) }
        return (facts, memoryBytes, Array(rest.dropFirst(12)))
    }
}

extension ContractExport {
    /// Parameters are pointers to regions, and so is the result.
    func type(in interface: InterfaceVersion) -> WasmModule.FunctionType {
        let count =
            switch self {
            case .allocate: 1
            case .query: interface == .v010 ? 1 : 2
            case .instantiate, .execute: 3
            default: 2
            }
        return WasmModule.FunctionType(parameters: Array(repeating: .i32, count: count), results: [.i32])
    }
}
