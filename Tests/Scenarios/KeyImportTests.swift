import Foundation
import TestSupport
import Testing

extension Scenarios {
    /// A validator's key on its way from CometBFT's files into the enclave, and back, which is no way.
    @Suite(.serialized)
    struct KeyImportTests {
        private func run(_ words: String..., home: String) async throws -> (ending: ChildProcess.Ending, output: String)
        {
            let ran = try await ChildProcess.run(Programs.path("cloister-node"), words + ["--home", home])
            return (ran.ending, ran.output)
        }

        @Test(
            "an import that was cut off goes on, binds the machine to nothing old, and what signed before signs no more"
        )
        func cutOff() async throws {
            let node = try await NodeProcess(settings: "[validator]\nsigner = \"file\"")
            try await node.start()
            let height = try await node.height()
            #expect(try await node.stop() == .exit(0))
            let files = FileManager.default
            let (key, state) = (
                node.home + "/config/priv_validator_key.json", node.home + "/data/priv_validator_state.json"
            )
            let sealed = node.home + "/config/priv_validator_enclave.json"
            let (importing, away) = (sealed + ".importing", node.home + "/away.json")
            func exist(_ paths: String...) -> [Bool] { paths.map { files.fileExists(atPath: $0) } }
            func votes() throws -> [String: Data] {
                let platform = node.home + "/data/platform"
                let names = try files.contentsOfDirectory(atPath: platform).filter { $0.hasPrefix("votes-") }
                return Dictionary(
                    uniqueKeysWithValues: try names.map {
                        ($0, try Data(contentsOf: URL(fileURLWithPath: platform + "/" + $0)))
                    })
            }
            let untouched = try votes()

            // Whoever looks makes no key and opens none.
            try node.configure("")
            try files.moveItem(atPath: key, toPath: away)
            let looked = try await run("doctor", home: node.home)
            #expect(exist(sealed) == [false], "\(looked)")
            #expect(try votes() == untouched)
            try files.moveItem(atPath: away, toPath: key)

            // What was sealed before the file signed on is not used.
            try "{}".write(toFile: importing, atomically: true, encoding: .utf8)
            let refused = try await run("start", home: node.home)
            #expect(refused.ending == .exit(77) && refused.output.contains("was cut off"), "\(refused)")
            #expect(try await run("config", "validate", home: node.home).ending == .exit(77))
            #expect(try votes() == untouched)

            // Cut off when the key file was away already, and again behind the last step but one.
            try files.moveItem(atPath: key, toPath: key + ".imported")
            let imported = try await run("keys", "import", home: node.home)
            #expect(imported.ending == .exit(0), "\(imported)")
            #expect(exist(sealed, key + ".imported", state + ".imported") == [true, true, true])
            #expect(exist(importing, key, state) == [false, false, false])
            try files.moveItem(atPath: sealed, toPath: importing)
            let again = try await run("keys", "import", home: node.home)
            #expect(again.ending == .exit(0) && exist(sealed, importing) == [true, false], "\(again)")

            // Each start decides a block.
            try await node.start()
            try await wait(for: "the enclave's block") { try await node.height() > height }
            #expect(try await node.stop() == .exit(0))

            // The state of the import says nothing of what the enclave signed.
            let old = try await run(
                "keys", "import", "--key", key + ".imported", "--state", state + ".imported", home: node.home)
            #expect(old.ending == .exit(77) && old.output.contains("not what that signed since"), "\(old)")
            // With the files back in their places neither signer starts.
            try files.copyItem(atPath: key + ".imported", toPath: key)
            try files.copyItem(atPath: state + ".imported", toPath: state)
            let both = try await run("start", home: node.home)
            #expect(both.ending == .exit(77) && both.output.contains("the file is still here"), "\(both)")
            try node.configure("[validator]\nsigner = \"file\"")
            let back = try await run("start", home: node.home)
            #expect(back.ending == .exit(77) && back.output.contains("the enclave took this key over"), "\(back)")
            let validated = try await run("config", "validate", home: node.home)
            #expect(validated.ending == .exit(77), "\(validated)")
        }

        @Test("no key is no fault of a folder whose first start makes one")
        func beforeTheFirst() async throws {
            let node = try await NodeProcess()
            try FileManager.default.removeItem(atPath: node.home + "/config/priv_validator_enclave.json")
            let validated = try await run("config", "validate", home: node.home)
            #expect(validated.ending == .exit(0), "\(validated)")
        }
    }
}
