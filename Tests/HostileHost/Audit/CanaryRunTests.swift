import BoundaryTap
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

extension HostileHostSuite {
    /// Secrets in inputs, in contract state, in answers and in the enclave's own keys, over a session of any length:
    /// `CLOISTER_CANARY_MESSAGES` says of how many messages (`make canary`).
    @Suite struct CanaryRunTests {
        /// `nil` where it says no number.
        private static let messages: Int? =
            ProcessInfo.processInfo.environment["CLOISTER_CANARY_MESSAGES"].map { Int($0) } ?? 1_500

        @Test("neither what users say nor a key of the enclave is in anything that a host can look at, in any writing")
        func session() throws {
            let wanted = try #require(CanaryRunTests.messages)
            let world = try World()
            let control = world.enclave.control
            let consensusKey = try control.makeConsensusKey()
            _ = try control.openConsensusKey(consensusKey.sealedKey)
            let keys = try HostView.keys(world, consensusKey: consensusKey.sealedKey)
            #expect(keys.count == 26)
            let said = ["note", "viewing key", "wrong key", "error", "inner message"].map { PlantedSecret($0) }
            let text = Dictionary(uniqueKeysWithValues: said.map { ($0.name, $0.text) })
            let memo = PlantedSecret("memo")
            let search = SecretSearch(keys + said)
            let visible = SecretSearch([memo])
            let tap = world.enclave.tap
            var (messages, byteCount, round) = (0, 0, 0)
            while messages < wanted {
                try play(world, text, memo: memo.text, round: round)
                for place in [(tap.toEnclave, "to the enclave"), (tap.fromEnclave, "from the enclave")] {
                    #expect(search.find(in: place.0, called: place.1) == [], "round \(round)")
                    byteCount += place.0.count
                }
                if round == 0 { #expect(!visible.find(in: tap.toEnclave, called: "").isEmpty) }
                messages += tap.frames.count
                // Its violations stay, and fail the test as the enclave ends.
                tap.forget()
                round += 1
            }
            for place in try HostView.of(world) {
                #expect(search.find(in: place.bytes, called: place.name) == [])
                byteCount += place.bytes.count
            }
            // What was planted is there, sealed: the last note comes back to its owner.
            let question = "{\"get_note\":{\"address\":\"\(world.alice.address)\",\"key\":\"\(text["viewing key"]!)\"}}"
            let answer = try world.query(world.aliceCounter, question, by: world.alice).text
            #expect(answer == "{\"note\":\"\(text["note"]!)\"}")
            world.enclave.stop()
            print("canary run: \(messages) messages, \(byteCount) bytes, \(keys.count + said.count) secrets")
        }

        /// A block of calls that hold all secrets, one behind it, and what a host asks between blocks.
        private func play(_ world: World, _ text: [String: String], memo: String, round: Int) throws {
            let (alice, contract) = (world.alice, world.aliceCounter!)
            let inner = Base64.encode(Array("{\"remember\":{\"note\":\"\(text["inner message"]!)\"}}".utf8))
            let call = """
                {"call":{"contract":"\(world.malloryCounter!)","code_hash":"\(Hexadecimal.encode(CounterContract.codeHash.bytes))",\
                "msg":"\(inner)","reply_on":"always"}}
                """
            let calls = [
                "{\"remember\":{\"note\":\"\(text["note"]!)\"}}",
                "{\"set_viewing_key\":{\"key\":\"\(text["viewing key"]!)\"}}",
                "{\"fail\":{\"text\":\"\(text["error"]!)\"}}", call,
            ]
            try world.play(
                calls.map { json in alice.sign([try alice.execute(contract, json)]) { $0.memo = memo } })
            #expect(world.host.outputs.map(\.code) == [0, 0, 3, 0])
            try world.play([])
            for number in 0..<40 {
                let key = text[number % 4 == 0 ? "wrong key" : "viewing key"]!
                _ = try world.query(
                    contract, "{\"get_note\":{\"address\":\"\(alice.address)\",\"key\":\"\(key)\"}}", by: alice)
            }
            let control = world.enclave.control
            for step in UInt32(0)..<40 {
                var vote = VoteToSign(kind: .prevote, height: UInt64(world.chain.height), round: step, seconds: 1)
                vote.blockHash = SHA256.hash([UInt8(step)]).bytes
                (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
                _ = try control.sign(vote)
                _ = try control.health()
                _ = try control.lease()
            }
        }

        @Test("an enclave that leaks is caught, in each writing, in a record, in an answer and in its log")
        func leaks() throws {
            let world = try World(program: EnclaveProcess.leaky)
            let secret = PlantedSecret("note")
            let search = SecretSearch([secret])
            try world.play([
                world.alice.sign([
                    try world.alice.execute(world.aliceCounter, "{\"remember\":{\"note\":\"steal:\(secret.text)\"}}")
                ])
            ])
            let ways = [
                "as it is", "hexadecimal", "base64, shifted by 0", "as it is, reversed", "decimal list", "UTF-16",
                "complement",
            ]
            // The first record with something to say is this block's.
            var height = world.chain.height
            for way in ways {
                let found = search.find(in: try #require(world.records[height]), called: "record")
                #expect(found.contains { $0.way == way }, "\(way): \(found)")
                try world.play([])
                height += 1
            }
            try world.play([])
            let found = try HostView.of(world).flatMap { search.find(in: $0.bytes, called: $0.name) }
            #expect(found.contains { $0.place == "platform.stderr" })
            // And what the tap lets pass: the secret in a value's own place.
            let before = world.enclave.tap.fromEnclave.count
            for _ in 0..<13 { _ = try? world.enclave.control.health() }
            let said = Array(world.enclave.tap.fromEnclave[before...])
            #expect(search.find(in: said, called: "answers").contains { $0.way == "as it is" })
        }
    }
}
