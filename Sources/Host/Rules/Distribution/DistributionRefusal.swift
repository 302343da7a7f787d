import ModuleKit

/// Why distribution refuses: the Cosmos SDK's numbers and texts, and Secret Network's one of its own.
enum DistributionRefusal: UInt32 {
    case noDelegationInfo = 5
    case noCommission = 7
    case withdrawAddressDisabled = 8
    case poolTooSmall = 9
    case noValidator = 12
    case noDelegation = 13
    case restakeTooSmall = 201

    static let codespace = "distribution"

    func callAsFunction(_ what: String? = nil) -> TransactionRefusal {
        TransactionRefusal(
            codespace: DistributionRefusal.codespace, code: rawValue, log: what.map { "\($0): \(text)" } ?? text)
    }

    var text: String {
        switch self {
        case .noDelegationInfo: "no delegation distribution info"
        case .noCommission: "no validator commission to withdraw"
        case .withdrawAddressDisabled: "set withdraw address disabled"
        case .poolTooSmall: "community pool does not have sufficient coins to distribute"
        case .noValidator: "validator does not exist"
        case .noDelegation: "delegation does not exist"
        case .restakeTooSmall: "Not enough stake for auto-restaking"
        }
    }
}
