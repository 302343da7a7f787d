import Foundation
import HostileClient
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON
import Synchronization
import WalletClient

/// One attack on one network.
struct Soak: Sendable {
    private let options: Options
    private let client: ChainClient
    private let chainID: String
    private let ioPublicKey: [UInt8]
    private let session: Session
    private let setting: Setting
    private let tally = Tally()

    /// What every attacker has to know.
    private struct Setting: Sendable {
        var contracts: [(address: AccountAddress, codeHash: Hash32, isPuppet: Bool)] = []
        var puppetCodeID: UInt64 = 0
        var puppetCodeHash = Hash32.zero
        var modules: [[UInt8]] = []
    }

    /// Counts, and what may not have happened.
    private final class Tally: Sendable {
        private let state = Mutex<(counts: [String: Int], complaints: [String])>(([:], []))

        func count(_ what: String) { state.withLock { $0.counts[what, default: 0] += 1 } }

        func complain(_ what: String) {
            print("complaint: \(what)")
            state.withLock { $0.complaints.append(what) }
        }

        var summary: String {
            state.withLock { state in state.counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } }
                .joined(separator: ", ")
        }

        var complaints: [String] { state.withLock { $0.complaints } }
    }

    private static let usersOfSender = 6

    init(_ options: Options) async throws {
        self.options = options
        client = ChainClient(node: options.node, timeoutSeconds: 60)
        chainID = try await client.chainID()
        ioPublicKey = try await client.ioPublicKey()
        let wallet = try Wallet(mnemonic: options.mnemonic)
        session = Session(
            client: client, chainID: chainID, wallet: wallet,
            encryption: ContractEncryption(privateKey: .random(), ioPublicKey: ioPublicKey))
        setting = try await Soak.prepare(session, options)
        // Everybody has coins before the attack begins.
        let addresses = (0..<options.senders).flatMap { sender in
            (0..<Soak.usersOfSender).map {
                Soak.user(options, sender, $0, ioPublicKey: [UInt8](repeating: 9, count: 32)).address
            }
        }
        let each = [Coin(1_000_000_000_000, "uscrt")]
        let message = BankMessage.multiSend(
            .init(
                inputs: [
                    .init(address: wallet.address, coins: [Coin(each[0].amount * UInt128(addresses.count), "uscrt")])
                ], outputs: addresses.map { .init(address: $0, coins: each) }))
        let receipt = try await session.send([message.any], gas: 1_000_000)
        guard receipt.code == 0 else { throw Options.Mistake(description: "no coins: \(receipt.log)") }
    }

    private static func user(_ options: Options, _ sender: Int, _ index: Int, ioPublicKey: [UInt8]) -> HostileUser {
        HostileUser("soak \(options.seed) \(sender) \(index)", number: 0, ioPublicKey: ioPublicKey)
    }

    /// Two puppets and a counter.
    private static func prepare(_ session: Session, _ options: Options) async throws -> Setting {
        var setting = Setting()
        for (name, messages) in [("puppet", ["{}", "{}"]), ("counter", ["{\"count\":1}"])] {
            guard let data = FileManager.default.contents(atPath: "\(options.contracts)/\(name).wasm") else {
                throw Options.Mistake(description: "\(options.contracts)/\(name).wasm is missing: `make contracts`")
            }
            let code = [UInt8](data)
            setting.modules.append(code)
            let stored = try await session.store(code)
            guard let codeID = stored.codeID else { throw Options.Mistake(description: stored.receipt.log) }
            for (index, message) in messages.enumerated() {
                let made = try await session.instantiate(
                    codeID: codeID, message: Array(message.utf8), label: "soak \(options.seed) \(name) \(index)",
                    gas: 1_000_000)
                guard let address = made.contract else { throw Options.Mistake(description: made.receipt.log) }
                setting.contracts.append((address, SHA256.hash(code), name == "puppet"))
            }
            if name == "puppet" { (setting.puppetCodeID, setting.puppetCodeHash) = (codeID, SHA256.hash(code)) }
        }
        return setting
    }

    // MARK: - The attack

    func run() async throws -> [String] {
        let before = options.process.map(ProcessTree.init(below:))
        if let before { print("processes: \(before)") }
        let end = ContinuousClock.now + .seconds(options.seconds)
        let first = try await client.height()
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<options.senders { group.addTask { await send(as: sender, until: end) } }
            for asker in 0..<2 { group.addTask { await ask(as: asker, until: end) } }
            group.addTask { await watch(until: end) }
        }
        print("blocks \(first) to \(try await client.height()); \(tally.summary)")
        try await askWhetherSound()
        if let process = options.process, let before {
            let after = ProcessTree(below: process)
            if after != before { tally.complain("processes were \(before), and are \(after)") }
        }
        return tally.complaints
    }

    private func generator(_ number: Int, users: [HostileUser]) -> HostileGenerator {
        var scene = Scene(chainID: chainID, users: users)
        scene.contracts = setting.contracts.map { .init(address: $0, codeHash: $1, isPuppet: $2) }
        (scene.puppetCodeID, scene.puppetCodeHash) = (setting.puppetCodeID, setting.puppetCodeHash)
        scene.modules = setting.modules
        // A block takes no more gas than that, and with it no more bytes.
        (scene.gasMax, scene.callGasMax, scene.transactionBytesMax) = (5_900_000, 1_000_000, 560_000)
        scene.textBytesMax = 300_000
        return HostileGenerator(seed: options.seed &+ UInt64(number), scene: scene)
    }

    private func send(as sender: Int, until end: ContinuousClock.Instant) async {
        let users = (0..<Soak.usersOfSender).map { Soak.user(options, sender, $0, ioPublicKey: ioPublicKey) }
        var generator = generator(sender, users: users)
        var hashes: [String] = []
        while ContinuousClock.now < end {
            do {
                for user in users {
                    let account = try await client.account(user.address)
                    (user.number, user.sequence) = (account.number, account.sequence)
                }
                for _ in users {
                    let attempt = try generator.attempt()
                    let answer = try await client.broadcast(attempt.bytes)
                    tally.count(answer.code == 0 ? "accepted" : "refused")
                    if answer.code == 0 { hashes.append(answer.hash) }
                    if generator.dice.chance(10) {
                        _ = try await client.post(
                            "/cosmos/tx/v1beta1/simulate", ["tx_bytes": .string(Base64.encode(attempt.bytes))])
                        tally.count("simulated")
                    }
                }
                await look(at: &hashes)
            } catch let error as ClientError where error.code == .unreachable {
                tally.count("unreachable")
                try? await Task.sleep(for: .milliseconds(500))
            } catch {
                tally.count("refused by REST")
            }
        }
    }

    /// Reads results as anybody would: each must be there and be JSON.
    private func look(at hashes: inout [String]) async {
        for hash in hashes.prefix(3) {
            guard let answer = try? await client.get("/cosmos/tx/v1beta1/txs/\(hash)"),
                let result = answer["tx_response"]
            else { continue }
            tally.count("code \(result["codespace"]?.string ?? "") \(result["code"]?.uint64 ?? 0)")
            if result["raw_log"]?.string?.utf8.count ?? 0 > 65_536 { tally.complain("the log of \(hash) is too long") }
        }
        hashes.removeFirst(min(3, hashes.count))
    }

    private func ask(as asker: Int, until end: ContinuousClock.Instant) async {
        let user = Soak.user(options, 1_000 + asker, 0, ioPublicKey: ioPublicKey)
        var generator = generator(1_000 + asker, users: [user])
        while ContinuousClock.now < end {
            do {
                let question = try generator.question()
                let address = AccountAddress(question.contract)?.description ?? generator.dice.text(20)
                let input = Base64.encode(Array(question.input.prefix(40_000)))
                _ = try await client.get("/compute/v1beta1/query/\(escaped(address))?query=\(escaped(input))")
                tally.count("answered")
                _ = try await client.get(
                    "/cosmos/bank/v1beta1/balances/\(escaped(generator.dice.text(generator.dice.size(3_000))))")
            } catch let error as ClientError where error.code == .unreachable {
                tally.count("unreachable")
                try? await Task.sleep(for: .milliseconds(500))
            } catch {
                tally.count("not answered")
            }
        }
    }

    private func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    // MARK: - Whether it goes on

    private static let patienceSeconds = 180.0

    /// Complains when no block comes for a long time.
    private func watch(until end: ContinuousClock.Instant) async {
        var (last, since, said) = (0, ContinuousClock.now, ContinuousClock.now)
        while ContinuousClock.now < end {
            try? await Task.sleep(for: .seconds(2))
            let now = ContinuousClock.now
            if let height = try? await client.height(), height > last { (last, since) = (height, now) }
            if now - since > .seconds(Soak.patienceSeconds) {
                tally.complain("no block after \(last) for \(Int(Soak.patienceSeconds)) s")
                since = now
            }
            if now - said > .seconds(60) {
                said = now
                print("height \(last); \(tally.summary)")
            }
        }
    }

    /// A transaction and a query of somebody who means no harm, and blocks.
    private func askWhetherSound() async throws {
        let puppet = setting.contracts[0].address
        do {
            let height = try await client.height()
            let receipt = try await session.execute(
                puppet, message: Array("{\"set\":{\"key\":\"end\",\"value\":\"sound\"}}".utf8), gas: 1_000_000
            ).receipt
            if receipt.code != 0 { tally.complain("a sound transaction failed: \(receipt.log.prefix(300))") }
            var answer = ""
            for _ in 0..<20 where !answer.contains("sound") {
                let bytes = try await session.query(puppet, message: Array("{\"get\":\"end\"}".utf8))
                answer = String(decoding: bytes, as: UTF8.self)
                try await Task.sleep(for: .milliseconds(500))
            }
            if !answer.contains("sound") { tally.complain("a sound query was answered with \(answer.prefix(300))") }
            try await Task.sleep(for: .seconds(3))
            if try await client.height() <= height { tally.complain("no more blocks after \(height)") }
        } catch {
            tally.complain("\(error)")
        }
    }
}
