import Foundation
import Glibc
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// Backups of real nodes, made while they run, and put back after a loss.
extension Scenarios {
    @Suite(.serialized) struct BackupTests {
        private let files = FileManager.default

        private func run(_ arguments: String...) async throws -> (ending: ChildProcess.Ending, output: String) {
            try await ChildProcess.run(Programs.path("cloister-node"), arguments)
        }

        private func bytes(_ path: String) -> [UInt8]? { Repository.bytes(atPath: path) }

        @Test("a state that was damaged comes back from a backup made under load, and the blocks since run again")
        func state() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 2)
            let folder = TemporaryFolder("backup")
            let backup = folder.path("one")
            async let work: Void = load.run(atMost: 6)
            let made = try await run("backup", backup, "--home", node.home)
            await work
            #expect(made.ending == .exit(0), "\(made)")
            let again = try await run("backup", backup, "--home", node.home)
            #expect(again.ending == .exit(64) && again.output.contains("there is something already"))
            // What must not exist twice is not there.
            let names = files.enumerator(atPath: backup)?.allObjects.compactMap { $0 as? String } ?? []
            #expect(names.contains("data/application/state/data.mdb") && names.contains("config/genesis.json"))
            for name in ["priv_validator_key", "priv_validator_state", "platform/", "wal", "fuse"] {
                #expect(!names.contains { $0.contains(name) }, "\(names)")
            }
            await load.run(atMost: 3)
            var record = ChainRecord()
            try await record.read(node)
            #expect(try await node.stop() == .exit(0))

            let signer = try #require(bytes(node.home + "/config/priv_validator_enclave.json"))
            #expect(bytes(backup + "/config/priv_validator_enclave.json") == signer)
            let state = node.home + "/data/application/state/data.mdb"
            try Data(repeating: 7, count: 100_000).write(to: URL(fileURLWithPath: state))
            try node.launch()
            #expect(try await node.child?.ending(within: 30) == .exit(65))
            let restored = try await run("restore", backup, "--keep-blocks", "--home", node.home)
            #expect(restored.ending == .exit(0) && restored.output.contains("before-restore-1"), "\(restored)")
            #expect(bytes(node.home + "/config/priv_validator_enclave.json") == signer)
            try await node.start()
            let last = record.height
            try await wait(for: "the blocks since") { try await node.height() >= last }
            try await record.read(node)
            let successes = try await load.successes()
            #expect(successes == 11)
            #expect(try await load.contract.count(session) == successes)
            await load.run(atMost: 1)
            #expect(try await load.contract.count(session) == successes + 1)
            #expect(try await node.stop() == .exit(0))
        }

        @Test(
            "a state that is lost in the middle of a block comes back, too: the journal of that block stays",
            arguments: [6, 7] as [Int64])
        func newestBlock(ahead: Int64) async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 1)
            let backup = node.home + "/backup"
            #expect(try await run("backup", backup, "--home", node.home).ending == .exit(0))
            let height = try await node.height()
            #expect(try await node.stop() == .exit(0))
            // Of two heights that follow each other, one has a call, and no block after it.
            try await node.start(crashingAt: "application-committed@\(height + ahead)")
            await load.run(atMost: 20)
            #expect(try await node.child?.ending() == .signal(SIGKILL))
            try Data(repeating: 7, count: 100_000)
                .write(to: URL(fileURLWithPath: node.home + "/data/application/state/data.mdb"))
            let restored = try await run("restore", backup, "--keep-blocks", "--home", node.home)
            #expect(restored.ending == .exit(0), "\(restored)")
            try await node.start()
            await load.run(atMost: 1)
            let successes = try await load.successes()
            #expect(successes > 2)
            #expect(try await load.contract.count(session) == successes)
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a backup that is not as it was made is refused, and so is one of another chain")
        func refused() async throws {
            let node = try await NodeProcess()
            let empty = try await run("backup", node.home + "/backup", "--home", node.home)
            #expect(empty.ending == .exit(64) && empty.output.contains("no block was run here yet"), "\(empty)")
            try await node.start()
            let backup = node.home + "/backup"
            #expect(try await run("backup", backup, "--home", node.home).ending == .exit(0))
            let running = try await run("restore", backup, "--home", node.home)
            #expect(running.ending == .exit(64) && running.output.contains("another node runs"), "\(running)")
            #expect(try await node.stop() == .exit(0))
            let before = bytes(node.home + "/data/application/state/data.mdb")
            let file = backup + "/data/consensus/blocks/data.mdb"
            var damaged = try #require(bytes(file))
            damaged[damaged.count / 2] ^= 1
            try Data(damaged).write(to: URL(fileURLWithPath: file))
            let changed = try await run("restore", backup, "--home", node.home)
            #expect(changed.ending == .exit(65) && changed.output.contains(file), "\(changed)")
            #expect(bytes(node.home + "/data/application/state/data.mdb") == before)

            damaged[damaged.count / 2] ^= 1
            try Data(damaged).write(to: URL(fileURLWithPath: file))

            // A file that no backup has is not put anywhere.
            let list = backup + "/backup.json"
            let text = try String(contentsOfFile: list, encoding: .utf8)
            try text.replacing("data/measurement", with: "data/priv_validator_state.json")
                .write(toFile: list, atomically: false, encoding: .utf8)
            let strangeFile = try await run("restore", backup, "--home", node.home)
            #expect(strangeFile.ending == .exit(65), "\(strangeFile)")
            #expect(strangeFile.output.contains("no backup that this program made"), "\(strangeFile)")
            try text.write(toFile: list, atomically: false, encoding: .utf8)

            if geteuid() == 0 {
                chown(node.home, 65_532, 65_532)
                for verb in [["backup", node.home + "/root"], ["compact"], ["doctor"], ["restore", backup]] {
                    let root = try await ChildProcess.run(
                        Programs.path("cloister-node"), verb + ["--home", node.home])
                    #expect(root.ending == .exit(64) && root.output.contains("is user 65532's"), "\(root)")
                }
                chown(node.home, 0, 0)
            }

            let other = TemporaryFolder("other")
            let strange = other.path("home")
            _ = try await run("init", "other", "--chain-id", "other-1", "--home", strange)
            let wrong = try await run("restore", backup, "--home", strange)
            #expect(wrong.ending == .exit(64) && wrong.output.contains("is a node of other-1"), "\(wrong)")
        }

        @Test("a node that lost all its data comes back with its own state, another's blocks, and its peers")
        func allData() async throws {
            let port = try freePorts(1)[0]
            let first = try await NodeProcess(settings: "[p2p]\nlisten = \"127.0.0.1:\(port)\"")
            try await first.start()
            #expect(try await first.stop() == .exit(0))
            let folder = TemporaryFolder("second")
            let home = folder.path("home")
            try first.copyMachine(to: home)
            try await first.start()
            let session = try await first.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 2)
            let id = try await first.id()
            let second = try NodeProcess(
                home: home, settings: "[p2p]\npersistent_peers = \"\(id)@127.0.0.1:\(port)\"")
            func catchUp() async throws {
                let height = try await first.height()
                try await wait(for: "the second node to have the chain") { try await second.height() >= height }
            }
            try await second.start()
            try await catchUp()
            let backup = folder.path("backup")
            #expect(try await run("backup", backup, "--home", home).ending == .exit(0))
            await load.run(atMost: 2)
            try await catchUp()
            #expect(try await second.stop() == .exit(0))

            for name in ["application", "consensus"] { try files.removeItem(atPath: home + "/data/" + name) }
            #expect(try await run("restore", backup, "--home", home).ending == .exit(0))
            // Its platform has seen later blocks, and those that peers give prove nothing of what came of them.
            try second.launch()
            #expect(try await second.child?.ending(within: 30) == .exit(77), "\(second.log.suffix(2_000))")
            let blocks = folder.path("blocks")
            await load.run(atMost: 1)
            #expect(try await run("backup", blocks, "--home", first.home).ending == .exit(0))
            let restored = try await run("restore", backup, "--blocks", blocks, "--home", home)
            #expect(restored.ending == .exit(0), "\(restored)")
            await load.run(atMost: 2)
            try await second.start()
            try await catchUp()
            #expect(try await load.contract.count(try await second.session(.a)) == 7)
            var (theirs, own) = (ChainRecord(), ChainRecord())
            try await own.read(second)
            try await theirs.read(first)
            #expect(own.blocks.allSatisfy { theirs.blocks[$0.key] == $0.value } && own.height > 10)
            #expect(try await second.stop() == .exit(0))
            #expect(try await first.stop() == .exit(0))
        }

        @Test("what is no longer kept gives its room back to the disk, and the chain goes on")
        func compact() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            for number in 0..<4 { _ = try await CounterContract.make(session, label: "more \(number)") }
            let running = try await run("compact", "--home", node.home)
            #expect(running.ending == .exit(64), "\(running)")
            await load.run(atMost: 20)
            #expect(try await node.stop() == .exit(0))
            try node.configure("[pruning]\nstates = 16\nblocks = 16\ntransactions = 16")
            func size(_ name: String) throws -> Int {
                try files.attributesOfItem(atPath: node.home + "/data/" + name)[.size] as? Int ?? 0
            }
            let databases = ["application/state/data.mdb", "consensus/blocks/data.mdb"]
            let before = try databases.map(size)
            let compacted = try await run("compact", "--home", node.home)
            #expect(compacted.ending == .exit(0), "\(compacted)")
            let after = try databases.map(size)
            #expect(after[0] < before[0] && after[1] < before[1] / 2, "\(before) \(after)")
            try await node.start()
            #expect(try await load.contract.count(session) == 20)
            await load.run(atMost: 1)
            #expect(try await load.contract.count(session) == 21)
            await #expect(throws: ClientError.self) {
                try await node.client.get("/cosmos/base/tendermint/v1beta1/blocks/3")
            }
            #expect(try await node.stop() == .exit(0))
        }
    }
}
