import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions

/// Which messages of one type a granter lets others send.
enum Authorization {
    /// All of a type.
    case generic(AuthzV1beta1.GenericAuthorization)
    /// Coins up to a limit, to listed accounts alone if any are listed.
    case send(BankV1beta1.SendAuthorization)
    /// Delegations of one kind, up to a limit if there is one, to validators that are listed or not listed.
    case stake(StakingV1beta1.StakeAuthorization)

    private static let stakeTypes = [
        "MsgDelegate", "MsgUndelegate", "MsgBeginRedelegate", "MsgCancelUnbondingDelegation",
    ].map { "/cosmos.staking.v1beta1." + $0 }

    /// Throws a `MessageError` for bytes that are none, a `TransactionRefusal` for a kind that is not known.
    init(_ any: AnyMessage) throws {
        switch any.typeURL {
        case AuthzV1beta1.GenericAuthorization.typeURL: self = .generic(try .init(decoding: any.value, .signed))
        case BankV1beta1.SendAuthorization.typeURL: self = .send(try .init(decoding: any.value, .signed))
        case StakingV1beta1.StakeAuthorization.typeURL: self = .stake(try .init(decoding: any.value, .signed))
        default: throw TransactionRefusal.parseError("no concrete type registered for type URL \(any.typeURL)")
        }
    }

    var any: AnyMessage {
        switch self {
        case .generic(let generic): generic.any
        case .send(let send): send.any
        case .stake(let stake): stake.any
        }
    }

    /// Of the messages that it is about.
    var typeURL: String {
        switch self {
        case .generic(let generic): generic.msg
        case .send: BankMessage.sendTypeURL
        case .stake(let stake):
            Authorization.stakeTypes.indices.contains(Int(stake.authorizationType.rawValue) - 1)
                ? Authorization.stakeTypes[Int(stake.authorizationType.rawValue) - 1] : ""
        }
    }

    /// Why nobody can grant it; `nil` if one can.
    var fault: TransactionRefusal? {
        switch self {
        case .generic: return nil
        case .send(let send):
            if send.spendLimit.isEmpty { return .invalidCoins("spend limit cannot be nil") }
            guard (try? Coins(send.spendLimit)) != nil else { return .invalidCoins("spend limit must be positive") }
            guard Set(send.allowList).count == send.allowList.count else {
                return TransactionRefusal(codespace: "bank", code: 8, log: "duplicate entry")
            }
            return nil
        case .stake(let stake):
            guard !typeURL.isEmpty else { return AuthzModule.refusal(4, "unknown authorization type") }
            if let limit = stake.maxTokens, !Coin.isDenomination(limit.denomination) {
                return .invalidCoins("\(limit)")
            }
            return nil
        }
    }

    /// Lets a message of its type pass. Throws a `TransactionRefusal` for one that it is not meant for.
    ///
    /// - Returns: what is left of it; `nil` if that is nothing.
    func accept(_ message: AnyMessage) throws -> Authorization? {
        switch self {
        case .generic: return self
        case .send(var authorization):
            guard case .send(let send)? = try BankMessage.decode(message) else {
                throw TransactionRefusal(code: 29, log: "type mismatch: invalid type")
            }
            guard let left = try Coins(authorization.spendLimit).less(try Coins(send.amount)) else {
                throw TransactionRefusal.insufficientFunds("requested amount is more than spend limit")
            }
            guard authorization.allowList.isEmpty || authorization.allowList.contains(send.to) else {
                throw TransactionRefusal.unauthorized("cannot send to \(send.to) address")
            }
            authorization.spendLimit = left.list
            return left.isEmpty ? nil : .send(authorization)
        case .stake(var authorization):
            let (validator, amount) = try Authorization.staked(by: message)
            let allowed = authorization.allowList?.address ?? []
            guard authorization.denyList?.address.contains(validator) != true,
                allowed.isEmpty || allowed.contains(validator)
            else {
                throw TransactionRefusal.unauthorized("cannot delegate/undelegate to \(validator) validator")
            }
            guard let limit = authorization.maxTokens else { return self }
            guard limit.denomination == amount.denomination else {
                throw AuthzModule.unregistered(
                    "invalid coin denominations: \(limit.denomination), \(amount.denomination)")
            }
            guard limit.amount >= amount.amount else { throw AuthzModule.unregistered("negative coin amount") }
            guard limit.amount > amount.amount else { return nil }
            authorization.maxTokens = Coin(limit.amount - amount.amount, limit.denomination)
            return .stake(authorization)
        }
    }

    /// To which validator a message brings what, or from which it takes it.
    private static func staked(by message: AnyMessage) throws -> (OperatorAddress, Coin) {
        switch message.typeURL {
        case StakingV1beta1.MsgDelegate.typeURL:
            let message = try StakingV1beta1.MsgDelegate(decoding: message.value, .signed)
            return (message.validatorAddress, message.amount)
        case StakingV1beta1.MsgUndelegate.typeURL:
            let message = try StakingV1beta1.MsgUndelegate(decoding: message.value, .signed)
            return (message.validatorAddress, message.amount)
        case StakingV1beta1.MsgBeginRedelegate.typeURL:
            let message = try StakingV1beta1.MsgBeginRedelegate(decoding: message.value, .signed)
            return (message.validatorDstAddress, message.amount)
        case StakingV1beta1.MsgCancelUnbondingDelegation.typeURL:
            let message = try StakingV1beta1.MsgCancelUnbondingDelegation(decoding: message.value, .signed)
            return (message.validatorAddress, message.amount)
        default: throw TransactionRefusal.invalidRequest("unknown msg type")
        }
    }
}
