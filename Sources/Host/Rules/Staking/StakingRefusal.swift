import ModuleKit

/// Why staking refuses: the Cosmos SDK's numbers and texts (`cosmos-sdk/x/staking/types/errors.go`), which clients
/// read.
package enum StakingRefusal: UInt32, Sendable {
    case noValidator = 3
    case operatorExists = 4
    case keyExists = 5
    case keyType = 6
    case jailed = 7
    case commissionNegative = 9
    case commissionHuge = 10
    case commissionAboveMax = 11
    case commissionTooSoon = 12
    case changeRateNegative = 13
    case changeRateAboveMax = 14
    case commissionChange = 15
    case selfDelegationBelowMinimum = 16
    case minSelfDelegationDecreased = 17
    case noDelegation = 19
    case noDelegatorForAddress = 21
    case insufficientShares = 22
    case notEnoughDelegationShares = 24
    case noUnbondingDelegation = 26
    case tooManyUnbondings = 27
    case selfRedelegation = 29
    case tinyRedelegation = 30
    case badRedelegationDestination = 31
    case transitiveRedelegation = 32
    case tooManyRedelegations = 33
    case invalidRate = 34
    case noKey = 39
    case commissionBelowMin = 40
    case badRedelegationSource = 44

    package static let codespace = "staking"

    package func callAsFunction(_ what: String? = nil) -> TransactionRefusal {
        TransactionRefusal(
            codespace: StakingRefusal.codespace, code: rawValue, log: what.map { "\($0): \(text)" } ?? text)
    }

    package var text: String {
        switch self {
        case .noValidator: "validator does not exist"
        case .operatorExists:
            "validator already exist for this operator address; must use new validator operator address"
        case .keyExists: "validator already exist for this pubkey; must use new validator pubkey"
        case .keyType: "validator pubkey type is not supported"
        case .jailed: "validator for this address is currently jailed"
        case .commissionNegative: "commission must be positive"
        case .commissionHuge: "commission cannot be more than 100%"
        case .commissionAboveMax: "commission cannot be more than the max rate"
        case .commissionTooSoon: "commission cannot be changed more than once in 24h"
        case .changeRateNegative: "commission change rate must be positive"
        case .changeRateAboveMax: "commission change rate cannot be more than the max rate"
        case .commissionChange: "commission cannot be changed more than max change rate"
        case .selfDelegationBelowMinimum:
            "validator's self delegation must be greater than their minimum self delegation"
        case .minSelfDelegationDecreased: "minimum self delegation cannot be decrease"
        case .noDelegation: "no delegation for (address, validator) tuple"
        case .noDelegatorForAddress: "delegator does not contain delegation"
        case .insufficientShares: "insufficient delegation shares"
        case .notEnoughDelegationShares: "not enough delegation shares"
        case .noUnbondingDelegation: "no unbonding delegation found"
        case .tooManyUnbondings: "too many unbonding delegation entries for (delegator, validator) tuple"
        case .selfRedelegation: "cannot redelegate to the same validator"
        case .tinyRedelegation: "too few tokens to redelegate (truncates to zero tokens)"
        case .badRedelegationDestination: "redelegation destination validator not found"
        case .transitiveRedelegation:
            "redelegation to this validator already in progress; first redelegation to this validator must complete "
                + "before next redelegation"
        case .tooManyRedelegations:
            "too many redelegation entries for (delegator, src-validator, dst-validator) tuple"
        case .invalidRate: "cannot delegate to validators with invalid (zero) ex-rate"
        case .noKey: "empty validator public key"
        case .commissionBelowMin: "commission cannot be less than min rate"
        case .badRedelegationSource: "redelegation source validator not found"
        }
    }
}
