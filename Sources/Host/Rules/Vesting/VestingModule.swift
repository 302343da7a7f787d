import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// The messages that make vesting accounts: `cosmos.vesting.v1beta1.Msg`.
package struct VestingModule: LedgerModule {
    package let name = "vesting"

    package init() {}

    package var messages: [MessageHandler] {
        [
            MessageHandler(VestingV1beta1.MsgCreateVestingAccount.self) { message, block, state in
                let coins = try BankModule.valid(message.amount)
                guard message.endTime > 0 else { throw TransactionRefusal.invalidRequest("invalid end time") }
                let vesting =
                    message.delayed
                    ? VestingCoins(.delayed, original: coins, end: message.endTime)
                    : VestingCoins(.continuous, original: coins, start: block.time.seconds, end: message.endTime)
                return try VestingModule.create(
                    message.toAddress, vesting, from: message.fromAddress, in: block, on: state)
            },
            MessageHandler(VestingV1beta1.MsgCreatePermanentLockedAccount.self) { message, block, state in
                let vesting = VestingCoins(.permanent, original: try BankModule.valid(message.amount), end: 0)
                return try VestingModule.create(
                    message.toAddress, vesting, from: message.fromAddress, in: block, on: state)
            },
            MessageHandler(VestingV1beta1.MsgCreatePeriodicVestingAccount.self) { message, block, state in
                let vesting = try VestingModule.periodic(message)
                return try VestingModule.create(
                    message.toAddress, vesting, from: message.fromAddress, in: block, on: state)
            },
        ]
    }

    private static func periodic(
        _ message: VestingV1beta1.MsgCreatePeriodicVestingAccount
    ) throws -> VestingCoins {
        guard message.startTime >= 1 else {
            throw TransactionRefusal.invalidRequest(
                "invalid start time of \(message.startTime), length must be greater than 0")
        }
        guard message.vestingPeriods.count <= VestingCoins.periodsMax else {
            throw TransactionRefusal.invalidRequest("more than \(VestingCoins.periodsMax) vesting periods")
        }
        var end = message.startTime
        var periods: [VestingCoins.Period] = []
        for (index, period) in message.vestingPeriods.enumerated() {
            guard period.length >= 1 else {
                throw TransactionRefusal.invalidRequest(
                    "invalid period length of \(period.length) in period \(index), length must be greater than 0")
            }
            periods.append(VestingCoins.Period(length: period.length, amount: try BankModule.valid(period.amount)))
            let (sum, overflow) = end.addingReportingOverflow(period.length)
            guard !overflow else { throw VestingModule.refusal("end time cannot be negative") }
            end = sum
        }
        let total = try Coins.sum(periods.map(\.amount))
        guard !total.isEmpty else { throw VestingModule.refusal("invalid coins: ") }
        return VestingCoins(.periodic, original: total, start: message.startTime, end: end, periods: periods)
    }

    private static func create(
        _ address: AccountAddress, _ vesting: VestingCoins, from sender: AccountAddress, in block: BlockContext,
        on state: any LedgerState
    ) throws -> [Event] {
        try BankParameters.requireSendEnabled(vesting.original, in: state)
        try BankModule.refuseIfBlocked(address)
        guard try !AuthModule.exists(address, on: state) else {
            throw TransactionRefusal.invalidRequest("account \(address) already exists")
        }
        try AuthModule.create(
            AccountRecord(address: address, accountNumber: try AuthModule.takeNumber(on: state), vesting: vesting),
            on: state)
        try BankModule.move(vesting.original, from: sender, to: address, at: block.time, on: state)
        return BankModule.eventsOfMove(vesting.original, from: sender, to: address)
    }

    /// Of what the Cosmos SDK's checks of the account say, which has no code of its own.
    private static func refusal(_ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "undefined", code: 1, log: text)
    }
}
