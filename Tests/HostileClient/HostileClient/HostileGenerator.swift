import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON
import TransactionFixtures
import WalletClient
import Wire

/// Draws what hostile clients send.
package struct HostileGenerator {
    /// Something to be sent, with a word on what it is.
    package struct Attempt {
        package var name: String
        package var bytes: [UInt8]
    }

    package struct Question {
        package var name: String
        package var contract: [UInt8]
        package var input: [UInt8]
    }

    package var dice: Dice
    package var scene: Scene
    private var turn = 0

    package init(seed: UInt64, scene: Scene) {
        dice = Dice(seed: seed)
        self.scene = scene
    }

    // MARK: - Queries

    package mutating func question() throws -> Question {
        let contract = dice.pick(scene.contracts)
        let user = dice.pick(scene.users)
        switch dice.below(10) {
        case 0:
            return Question(name: "noise", contract: contract.address.bytes, input: dice.bytes(dice.size(2_048_001)))
        case 1:
            // A public key of small order, and one that is none.
            let key = [UInt8](repeating: dice.pick([0, 1, 0xff]), count: 32)
            return Question(
                name: "odd key", contract: contract.address.bytes,
                input: dice.bytes(32) + key + dice.bytes(dice.size(300)))
        case 2:
            return Question(name: "nobody", contract: dice.bytes(dice.size(64)), input: dice.bytes(dice.size(2_000)))
        default:
            let orders = PuppetOrders(scene: scene, &dice)
            let message = contract.isPuppet ? JSONWriter.bytes(of: orders.ask(&dice)) : dice.bytes(dice.size(2_000))
            let hash = dice.chance(95) ? contract.codeHash.description : dice.text(64)
            return Question(
                name: "asked", contract: contract.address.bytes,
                input: try user.encryption.seal(message, codeHash: hash, owner: nil))
        }
    }

    // MARK: - Transactions

    package mutating func attempt() throws -> Attempt {
        switch dice.below(40) {
        case 0: return Attempt(name: "noise", bytes: dice.bytes(dice.size(200_000)))
        case 1, 2:
            var attempt = try signed()
            attempt.name += ", changed"
            for _ in 0...dice.below(3) where !attempt.bytes.isEmpty {
                attempt.bytes[dice.below(attempt.bytes.count)] = UInt8(dice.below(256))
            }
            return attempt
        case 3:
            var attempt = try signed()
            attempt.name += ", cut"
            attempt.bytes = Array(attempt.bytes.prefix(dice.below(attempt.bytes.count)))
            return attempt
        default: return try signed()
        }
    }

    private mutating func signed() throws -> Attempt {
        // One after the other: what one user's refused transaction spoils is only its next.
        let user = scene.users[turn % scene.users.count]
        turn += 1
        var (names, messages) = ([String](), [AnyMessage]())
        let count =
            dice.chance(50) ? 1 : dice.chance(94) ? 2 + dice.below(3) : dice.pick([5, 40, 300, 1_023, 1_024, 1_025])
        var bytesLeft = scene.transactionBytesMax - 4_096
        for _ in 0..<count {
            let (name, message) = try self.message(of: user, bytesMax: count > 4 ? 300 : bytesLeft)
            guard message.value.count <= bytesLeft else { continue }
            bytesLeft -= message.value.count
            if names.last != name { names.append(name) }
            messages.append(message)
        }
        if messages.isEmpty { return try signed() }
        var transaction = FixtureTransaction(messages, by: user.key, number: user.number, sequence: user.sequence)
        transaction.chainID = scene.chainID
        let byteCount = messages.reduce(1_000) { $0 + $1.value.count + 100 }
        let ante = GasSchedule.ante(byteCount: byteCount, signatureCount: 1)
        let code =
            messages.contains { $0.typeURL.hasSuffix("MsgStoreCode") } ? GasSchedule.storeCode(byteCount: 2 << 20) : 0
        transaction.gasLimit = min(
            scene.gasMax, ante + code + spare(dice.below(5)))
        var isSound = true
        switch dice.below(60) {
        case 0: transaction.memo = dice.text(dice.size(2_000))
        case 1: transaction.timeoutHeight = dice.next()
        case 2: transaction.gasLimit = dice.pick([0, 1, UInt64(Int64.max), .max])
        case 3: transaction.hasPublicKeys = false
        case 4:
            transaction.payer = dice.pick([
                user.address.description, dice.text(90), dice.pick(scene.users).address.description,
            ])
        case 5: transaction.granter = dice.pick([user.address.description, dice.text(dice.size(3_000))])
        case 6:
            let other = dice.pick(scene.users)
            if other.address != user.address {
                transaction = transaction.and(other.key, number: other.number, sequence: other.sequence)
            }
        case 7: transaction.signers[0].sequence = dice.pick([0, user.sequence + 1, .max])
        case 8: transaction.chainID = dice.text(dice.size(200))
        default: break
        }
        transaction.fee = [Coin(UInt128(transaction.gasLimit / 1_000 + 1) * UInt128(scene.gasPrice), "uscrt")]
        if dice.chance(4) {
            transaction.fee = coins(dice.size(500))
            isSound = false
        }
        let bytes = transaction.bytes
        guard bytes.count <= scene.transactionBytesMax else { return try signed() }
        // A guess: what is wrong is found out after the block.
        if isSound { user.sequence += 1 }
        let most = names.count > 6 ? names.prefix(5) + ["…"] : names[...]
        return Attempt(name: most.joined(separator: " + ") + " (\(bytes.count) bytes)", bytes: bytes)
    }

    /// Gas for what a transaction does: most have enough.
    private func spare(_ choice: Int) -> UInt64 {
        choice == 0 ? 60_000 : choice == 1 ? scene.callGasMax / 8 : scene.callGasMax
    }

    // MARK: - Messages

    private mutating func message(of user: HostileUser, bytesMax: Int) throws -> (String, AnyMessage) {
        let sender = user.address
        switch dice.below(31) {
        case 0...8: return ("execute", try execute(user, bytesMax))
        case 9...11:
            let input = try input(user, target: scene.puppetCodeHash.bytes, codeHash: scene.puppetCodeHash, bytesMax)
            let codeID = dice.chance(85) ? scene.puppetCodeID : dice.pick([0, 1, 2, .max])
            let label = dice.chance(80) ? dice.text(1 + dice.below(512)) : dice.text(dice.size(70_000))
            return (
                "instantiate",
                ComputeMessage.instantiate(
                    .init(
                        sender: sender, codeID: codeID, label: label, message: input, funds: fewCoins(),
                        admin: dice.chance(50) ? sender : nil)
                ).any
            )
        case 12...14:
            let (name, code) = HostileCode.draw(&dice, scene.modules)
            return (
                "store \(name)",
                ComputeMessage.storeCode(
                    .init(
                        sender: sender, code: code[...],
                        source: dice.chance(90) ? "" : "https://" + dice.text(dice.size(700)),
                        builder: dice.chance(90) ? "" : "a/" + String(repeating: "b", count: dice.size(700)) + ":1")
                ).any
            )
        case 15, 16:
            let contract = dice.pick(scene.contracts)
            let input = try input(user, target: contract.address.bytes, codeHash: scene.puppetCodeHash, bytesMax)
            return (
                "migrate",
                ComputeMessage.migrate(
                    .init(
                        sender: sender, contract: dice.chance(90) ? contract.address : somebody(),
                        codeID: dice.chance(90) ? scene.puppetCodeID : dice.pick([0, .max]), message: input)
                ).any
            )
        case 17:
            return (
                "update admin",
                ComputeMessage.updateAdmin(
                    .init(sender: sender, newAdmin: somebody(), contract: dice.pick(scene.contracts).address)
                ).any
            )
        case 18:
            return ("clear admin", ComputeMessage.clearAdmin(.init(sender: sender, contract: somebody())).any)
        case 19...22:
            let list = coins(dice.chance(60) ? dice.below(4) : dice.size(17_500))
            return ("send", BankMessage.send(.init(from: sender, to: somebody(), amount: list)).any)
        case 23...27: return ("multi send", multiSend(sender))
        case 28: return ("another module's", other(sender))
        case 29 where dice.chance(50):
            let name = dice.chance(50) ? "/" + dice.text(dice.size(70_000)) : "/cosmos.bank.v1beta1.MsgUpdateParams"
            return ("unknown type", AnyMessage(typeURL: name, value: dice.bytes(dice.size(2_000))))
        default: return ("malformed", malformed(sender))
        }
    }

    private mutating func somebody() -> AccountAddress {
        switch dice.below(100) {
        case 0...9: AccountAddress(dice.bytes(AccountAddress.byteCount))!
        case 10, 11: ModuleAddress.feeCollector
        case 12...59: dice.pick(scene.users).address
        default: dice.pick(scene.contracts).address
        }
    }

    private mutating func fewCoins() -> [Coin] {
        dice.chance(70) ? [] : coins(dice.chance(80) ? 1 + dice.below(2) : dice.size(900))
    }

    /// Sorted as they must be, or not.
    private mutating func coins(_ count: Int) -> [Coin] {
        guard count > 0 else { return [] }
        if count < 4, dice.chance(60) {
            return dice.chance(80) ? [Coin(UInt128(dice.pick([1, 10, 1_000])), "uscrt")] : [Coin(.max, "uscrt")]
        }
        let long =
            dice.chance(50)
            ? String(repeating: "d", count: dice.pick([1, 50, 110])) : dice.text(dice.pick([3, 100, 200]))
        var list = (0..<count).map { Coin(dice.chance(95) ? 1 : dice.pick([0, .max]), "\(long)\(100_000 + $0)") }
        if dice.chance(60) { list.reverse() }
        return list
    }

    private mutating func multiSend(_ sender: AccountAddress) -> AnyMessage {
        let count =
            dice.chance(50) ? dice.below(5) : dice.pick([1_000, 1_365, 2_047, 2_100, 4_095, 4_096, 5_000, 17_000])
        let each = dice.chance(80) ? [Coin(1, "uscrt")] : coins(dice.below(40))
        let outputs = (0..<count).map { _ in BankMessage.Party(address: somebody(), coins: each) }
        let total = each.map {
            Coin($0.amount.multipliedReportingOverflow(by: UInt128(count)).partialValue, $0.denomination)
        }
        var inputs = [BankMessage.Party(address: sender, coins: dice.chance(80) ? total : coins(dice.size(3_000)))]
        if dice.chance(5) { inputs += (0..<dice.size(1_200)).map { _ in .init(address: somebody(), coins: each) } }
        return BankMessage.multiSend(.init(inputs: inputs, outputs: outputs)).any
    }

    /// A message that the enclave knows by its table alone, most of modules that this chain has not.
    private mutating func other(_ sender: AccountAddress) -> AnyMessage {
        let type = dice.pick(
            knownMessageTypes.values.filter { $0.takes != .byItsModule }.sorted { $0.typeURL < $1.typeURL })
        let value = ProtobufWriter.encode { writer in
            switch type.signer {
            case .bytes(let field): writer.bytes(field, sender.bytes)
            case .text(let field): writer.string(field, sender.description)
            case .validator(let field):
                writer.string(field, Bech32.encode(prefix: "secretvaloper", sender.bytes))
            case .textOfEach(let field, let inner): writer.message(field) { $0.string(inner, sender.description) }
            }
            writer.bytes(9, dice.bytes(dice.size(3 << 20)))
        }
        return AnyMessage(typeURL: type.typeURL, value: value)
    }

    /// Right up to its signer, and wrong behind.
    private mutating func malformed(_ sender: AccountAddress) -> AnyMessage {
        let names = ["MsgExecuteContract", "MsgInstantiateContract", "MsgStoreCode"].map {
            "/secret.compute.v1beta1.\($0)"
        }
        let isText = dice.chance(50)
        let typeURL = isText ? dice.pick([BankMessage.sendTypeURL, BankMessage.multiSendTypeURL]) : dice.pick(names)
        let value = ProtobufWriter.encode { writer in
            if isText { writer.string(1, sender.description) } else { writer.bytes(1, sender.bytes) }
            for field in 2..<UInt32(2 + dice.below(7)) {
                switch dice.below(3) {
                case 0: writer.bytes(field, dice.bytes(dice.size(3_000)))
                case 1: writer.string(field, dice.text(dice.size(3_000)))
                default: writer.uint64(field, dice.next())
                }
            }
        }
        return AnyMessage(typeURL: typeURL, value: value + dice.bytes(dice.below(4)))
    }

    // MARK: - Calls

    private mutating func execute(_ user: HostileUser, _ bytesMax: Int) throws -> AnyMessage {
        let contract = dice.pick(scene.contracts)
        let target = dice.chance(92) ? contract.address : somebody()
        let input = try input(
            user, target: target.bytes, codeHash: contract.codeHash, bytesMax, isPuppet: contract.isPuppet)
        return ComputeMessage.execute(
            .init(sender: user.address, contract: target, message: input, funds: fewCoins())
        ).any
    }

    private mutating func input(
        _ user: HostileUser, target: [UInt8], codeHash: Hash32, _ bytesMax: Int, isPuppet: Bool = true
    ) throws -> [UInt8] {
        switch dice.below(14) {
        case 0: return dice.bytes(dice.size(min(bytesMax, 2_048_001)))
        case 1:
            let others = dice.pick(scene.users).inputs
            if let copied = others.last { return copied }
            fallthrough
        default:
            var orders = PuppetOrders(scene: scene, &dice)
            orders.textMax = min(orders.textMax, bytesMax / 2)
            var message = isPuppet ? JSONWriter.bytes(of: orders.act(&dice)) : dice.bytes(dice.size(500))
            if message.count > min(bytesMax, 2_040_000) { message = Array("{}".utf8) }
            let sealed = try user.encryption.seal(
                message, codeHash: codeHash.description, owner: dice.chance(50) ? (user.address, target) : nil)
            if sealed.count < 10_000 { user.inputs = user.inputs.suffix(3) + [sealed] }
            return sealed
        }
    }
}
