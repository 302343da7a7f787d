import ArgumentParser
import Foundation
import Glibc
import PublicCryptography
import SignedTransactions
import Synchronization
import WalletClient

extension Contract {
    /// Builds, tests and, where a network is told how, deploys a contract whenever one of its files is saved.
    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build and test the project of this folder anew whenever a file is saved; Ctrl-C ends it.",
            discussion: """
                With --deploy and the message that makes one, the module is stored too, and an instance is made of it, when its \
                tests pass and its code is another than the one before; build/NAME.address always holds the address of the newest. \
                Each instance is a new one, with nothing in it. With --migrate and a message, the first one stays, with what it \
                keeps, and is migrated to each new code.

                cloister contract watch --deploy '{"greeting":"hello"}' --from a

                A network that does not answer is left out until the next save. For networks of one's own: every save that \
                changes the code pays for a transaction.
                """)
        @Argument(help: "The contract, where the project has several.") var name: String?
        @Option(help: "The message that makes an instance.") var deploy: String?
        @Option(help: "The message with which the instance goes to the new code, instead of making another.")
        var migrate: String?
        @Option(help: "The key that pays, and that is the admin of what --migrate moves.") var from = "a"
        @Option(help: "Milliseconds between two looks at the files.") var every = 300
        @OptionGroup var network: NetworkOptions
        @OptionGroup var keyring: KeyringOptions

        func validate() throws {
            guard (50...60_000).contains(every) else { throw ValidationError("--every must be from 50 to 60000") }
            guard migrate == nil || deploy != nil else {
                throw ValidationError("--migrate needs --deploy: the first instance has to be made with a message")
            }
        }

        func run() async throws {
            let project = try ContractProject()
            let tested = try project.testedContracts()
            if let name, !tested.contains(name) {
                throw ClientError(.invalidInput, "\(name) has no tests: no Swift in \(name)/tests")
            }
            guard let name = name ?? (tested.count == 1 ? tested.first : nil) else {
                throw ClientError(.invalidInput, "which contract? There are \(tested.joined(separator: ", "))")
            }
            WatchEnd.begin()
            let look = { try SourceLook(FileManager.default.currentDirectoryPath) }
            var seen = try look()
            Self.say("watching \(name), \(seen.files.count) files; Ctrl-C ends it")
            var deployment = deploy.map {
                Deployment(
                    contract: name, message: $0, migration: migrate, from: from, network: network, keyring: keyring)
            }
            // What an earlier watch left there may be of another chain.
            if deployment != nil { try? FileManager.default.removeItem(atPath: Deployment.addressFile(of: name)) }
            while !WatchEnd.isAsked {
                do {
                    try await round(project, name, &deployment)
                } catch let error where !(error is CancellationError) {
                    // What is amiss now may be mended by the next save.
                    Self.say("given up: \(Rendering.line("\(error)"))")
                }
                guard !WatchEnd.isAsked else { break }
                Self.say("waiting for the next save")
                guard let next = try await Self.change(since: seen, look, every) else { break }
                Self.say("saved: " + next.difference(from: seen))
                seen = next
            }
            Self.say("ended")
        }

        private func round(
            _ project: ContractProject, _ name: String, _ deployment: inout Deployment?
        ) async throws {
            let start = ContinuousClock.now
            guard try project.attempt(["build/\(name).wasm"], quietly: true) == 0 else {
                return Self.say("does not build (\(Self.time(since: start)))")
            }
            guard !WatchEnd.isAsked else { return }
            let module = try project.module(name)
            Self.say(
                "built in \(Self.time(since: start)): \(module.count) bytes, code hash \(SHA256.hash(module))")
            let testing = ContinuousClock.now
            var passes = try project.attempt(["test-\(name)", "build/\(name)/tests"]) == 0
            if passes, !WatchEnd.isAsked { passes = try project.runInEngine(name) == 0 }
            guard !WatchEnd.isAsked else { return }
            Self.say("tests \(passes ? "pass" : "fail") (\(Self.time(since: testing)))")
            guard passes, deployment != nil else { return }
            let deploying = ContinuousClock.now
            do {
                if let text = try await deployment?.deploy(module) {
                    Self.say("\(text) (\(Self.time(since: deploying)))")
                } else {
                    Self.say("the same code as before: not deployed again")
                }
            } catch let error as ClientError {
                Self.say("not deployed: \(Rendering.line("\(error)"))")
            }
        }

        /// The next state of the files that is another, once it stays the same for two looks; `nil` at the end.
        private static func change(
            since seen: SourceLook, _ look: () throws -> SourceLook, _ milliseconds: Int
        ) async throws -> SourceLook? {
            var last = seen
            while true {
                // In parts, so that Ctrl-C is heard soon.
                for _ in 0..<max(1, milliseconds / 50) where !WatchEnd.isAsked {
                    try await Task.sleep(for: .milliseconds(min(50, milliseconds)))
                }
                guard !WatchEnd.isAsked else { return nil }
                let now = try look()
                if now != seen, now == last { return now }
                last = now
            }
        }

        private static func time(since start: ContinuousClock.Instant) -> String {
            let tenths = Int((ContinuousClock.now - start) / .milliseconds(100))
            return "\(tenths / 10).\(tenths % 10) s"
        }

        /// With the time of day, at once.
        private static func say(_ text: String) {
            var (now, parts) = (Glibc.time(nil), tm())
            localtime_r(&now, &parts)
            let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec]
                .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
            FileHandle.standardOutput.write(Data("\(clock) \(text)\n".utf8))
        }
    }
}

/// Whether somebody asked the watch to end.
enum WatchEnd {
    private static let flag = Atomic<Bool>(false)

    static func begin() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in WatchEnd.flag.store(true, ordering: .relaxed) }
        }
    }

    static var isAsked: Bool { flag.load(ordering: .relaxed) }
}

/// The files that a project is made of, and what tells whether one of them was saved.
struct SourceLook: Equatable {
    struct Stamp: Equatable {
        var seconds: Int
        var nanoseconds: Int
        var bytes: Int64
        var inode: UInt64
    }

    private(set) var files: [String: Stamp] = [:]

    private static let filesMax = 10_000
    private static let endings = [".swift", ".py", ".c", ".h", ".mk", "Makefile"]

    /// Nothing of what builds leave behind, of hidden folders, or behind links.
    init(_ folder: String) throws {
        var folders = [""]
        while let next = folders.popLast() {
            // A folder that goes away while we look is a change like any other.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + next)) ?? []
            for name in names where !name.hasPrefix(".") && name != "build" {
                let path = "\(next)/\(name)"
                var status = stat()
                guard lstat(folder + path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path)
                case S_IFREG where Self.endings.contains(where: name.hasSuffix):
                    files[String(path.dropFirst())] = Stamp(
                        seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
                        bytes: Int64(status.st_size), inode: UInt64(status.st_ino))
                default: break
                }
                guard files.count + folders.count <= Self.filesMax else {
                    throw ClientError(
                        .invalidInput, "more than \(Self.filesMax) files are below this folder; is it a project's?")
                }
            }
        }
    }

    /// What changed, in a few words.
    func difference(from before: SourceLook) -> String {
        let changed =
            files.filter { before.files[$0.key] != $0.value }.keys + before.files.keys.filter { files[$0] == nil }
        let names = changed.sorted()
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}

/// The contract on a network, anew with each code.
private struct Deployment {
    let contract: String
    let message: String
    let migration: String?
    let from: String
    let network: NetworkOptions
    let keyring: KeyringOptions
    private var deployed: (hash: Hash32, address: AccountAddress)?

    private static let gas: (instantiate: UInt64, migrate: UInt64) = (1_000_000, 1_000_000)

    init(
        contract: String, message: String, migration: String?, from: String, network: NetworkOptions,
        keyring: KeyringOptions
    ) {
        (self.contract, self.message, self.migration, self.from) = (contract, message, migration, from)
        (self.network, self.keyring) = (network, keyring)
    }

    /// What was done; `nil` if the code that is there is the same.
    mutating func deploy(_ module: [UInt8]) async throws -> String? {
        let hash = SHA256.hash(module)
        if let deployed, deployed.hash == hash { return nil }
        let (chainID, encryption) = try await network.encryption(keyring.home)
        let session = Session(
            client: network.node.client, chainID: chainID, wallet: try keyring.keystore.wallet(from),
            encryption: encryption)
        let (stored, number) = try await session.store(module)
        guard stored.code == 0, let number else { throw ClientError(.transactionFailed, stored.log) }
        if let migration, let address = deployed?.address {
            let (moved, _) = try await session.migrate(
                address, to: number, message: Array(migration.utf8), gas: Self.gas.migrate)
            guard moved.code == 0 else { throw ClientError(.transactionFailed, moved.log) }
            deployed = (hash, address)
            try note(address)
            return "migrated \(address) to code \(number)"
        }
        // A label is a contract's alone.
        let label = "\(contract)-\(number)"
        let (made, address, _) = try await session.instantiate(
            codeID: number, message: Array(message.utf8), label: label,
            admin: migration == nil ? nil : session.wallet.address, gas: Self.gas.instantiate)
        guard made.code == 0, let address else { throw ClientError(.transactionFailed, made.log) }
        deployed = (hash, address)
        try note(address)
        return "deployed as \(address), code \(number), label \(label)"
    }

    /// Holds the address of the newest instance.
    static func addressFile(of contract: String) -> String { "build/\(contract).address" }

    private func note(_ address: AccountAddress) throws {
        try "\(address)\n".write(toFile: Self.addressFile(of: contract), atomically: true, encoding: .utf8)
    }
}
