import Ante
import ChainFormats
import ChainInterface
import ChainMessages
import ChainModules
import DecidedBlocks
import Foundation
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON

/// What a founder stakes: coins that his account has in the draft, for the validator that his enclave's key votes for.
/// `cloister` signs for them, which has the account's key; the node never sees it.
package struct OperatorStake: Sendable {
    /// The command.
    package var command: String
    package var from: String
    /// Its folder, if not the usual one.
    package var wallet: String?
    /// In the bonded coin, as 1000000uscrt.
    package var amount: String
    /// What the validator keeps of others' rewards, and how far that may change.
    package var commission: [(option: String, rate: String)]

    package init(
        command: String, from: String, wallet: String?, amount: String, commission: [(option: String, rate: String)]
    ) {
        (self.command, self.from, self.wallet) = (command, from, wallet)
        (self.amount, self.commission) = (amount, commission)
    }

    /// The signed transaction.
    ///
    /// - Parameter memo: what ties it to one ceremony.
    func sign(chainID: String, key: [UInt8], moniker: String, memo: String) throws -> GenesisStake {
        let arguments =
            [
                "tx", "staking", "genesis-validator", amount, "--chain-id", chainID, "--pubkey", Base64.encode(key),
                "--moniker", moniker, "--memo", memo, "--from", from, "--output", "json",
            ] + commission.flatMap { [$0.option, $0.rate] } + (wallet.map { ["--home", $0] } ?? [])
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let json = try? JSONReader.parse(Array(said), limits: JSONLimits(bytesMax: 1 << 16))
        guard process.terminationStatus == 0, let text = json?["tx"]?.string, let stake = GenesisStake(text) else {
            throw NodeFault(
                "the stake was not signed for", exit: .configuration,
                cause: "`cloister tx staking genesis-validator` ended with status \(process.terminationStatus)",
                remedy: "`cloister keys list` shows the keys that there are; it says above what else is wrong")
        }
        return stake
    }
}

/// A transaction of a genesis file, which makes a validator.
package struct GenesisStake: Equatable, Sendable {
    /// As the genesis file has it.
    package let text: String
    package let key: [UInt8]
    package let power: Int64
    package let memo: String

    /// `nil` for what is no such transaction. Whether it is signed shows when it runs.
    init?(_ text: String) {
        guard let bytes = Base64.decode(text), let transaction = try? Transaction(decoding: bytes),
            transaction.body.messages.count == 1,
            let message = try? StakingV1beta1.MsgCreateValidator(
                decoding: transaction.body.messages[0].value, .signed),
            transaction.body.messages[0].typeURL == StakingV1beta1.MsgCreateValidator.typeURL,
            let key = try? CryptoEd25519.PubKey(decoding: message.pubkey?.value ?? [], .signed).key
        else { return nil }
        (self.text, self.key, memo) = (text, key, transaction.body.memo)
        power = Int64(clamping: message.value.amount / 1_000_000)
    }
}

extension GenesisDocument {
    /// Whether its founders' powers are what they stake.
    var isStaked: Bool { appState["staking"] != nil }

    /// What its founders stake, in their order.
    var stakes: [GenesisStake] {
        get throws {
            let list = appState[GenesisTransactions.part]?["gen_txs"]?.array ?? []
            return try list.map { transaction in
                guard let stake = transaction.string.flatMap({ GenesisStake($0) }) else {
                    throw GenesisError.malformed("app_state.genutil.gen_txs")
                }
                return stake
            }
        }
    }

    /// The same with these, or without any.
    func with(stakes: [GenesisStake]) -> GenesisDocument {
        var changed = self
        let others = (appState.object ?? []).filter { $0.0 != GenesisTransactions.part }
        let list = JSONValue.array(stakes.map { .string($0.text) })
        changed.appState = .object(
            others + (stakes.isEmpty ? [] : [(GenesisTransactions.part, .object([("gen_txs", list)]))]))
        return changed
    }
}

extension FoundingPart {
    /// In what founders sign for their stakes: so that a transaction of another ceremony is not for this one.
    var memo: String { "founding " + Hexadecimal.encode(nonce) }
}

extension GenesisDocument {
    /// The same, if what is staked is what the founders' enclaves vouch for: each one's key, with the power of his
    /// coins, signed for this ceremony. That the accounts signed shows when the transactions run (`checked`).
    ///
    /// - Parameter names: the founders', in the order of the validators.
    @discardableResult
    func requireStakes(_ part: FoundingPart, names: [String]) throws -> GenesisDocument {
        let stakes = try stakes
        guard isStaked || !stakes.isEmpty else { return self }
        guard isStaked, stakes.count == validators.count else {
            throw NodeFault("not every founder stakes coins, or somebody else does, too", exit: .data)
        }
        for (index, (stake, validator)) in zip(stakes, validators).enumerated() {
            let name = index < names.count ? names[index] : "number \(index + 1)"
            guard stake.memo == part.memo else {
                throw NodeFault(
                    "founder \(name): the stake was signed for another draft of the genesis file", exit: .data)
            }
            guard stake.key == validator.publicKey else {
                throw NodeFault("founder \(name): the stake is for the key of another validator", exit: .data)
            }
            guard stake.power == validator.power else {
                throw NodeFault(
                    "founder \(name): the stake weighs \(stake.power), and the evidence says \(validator.power)",
                    exit: .data)
            }
        }
        try requireOwnSet(in: firstState())
        return self
    }

    /// Refuses a document whose validators are not those that its state begins with, if that has any.
    func requireOwnSet(in state: any LedgerReading) throws {
        let members = try ModuleList.chain.validatorPowers(in: state)
        guard !members.isEmpty else { return }
        let updates = members.map { ValidatorUpdate(publicKey: $0.publicKey, power: $0.power) }
        guard let set = ValidatorSet(genesis: updates), let said = ValidatorSet(genesis: validatorUpdates),
            set.hash() == said.hash()
        else { throw NodeFault("the validators are not those who stake coins", exit: .data) }
    }
}
