import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SignedTransactions
import Testing
import WalletClient

extension HostileHostSuite {
    /// Where a contract stopped depends on its secrets: who may learn it, and from which enclave.
    @Suite struct TraceTests {
        private static let development = "cloister-enclave-development"
        private static let panicked = "Execution error: Enclave: the contract panicked: execute contract failed"

        private static func log(_ text: String) -> String { "failed to execute message; message index: 0: " + text }

        @Test("the enclave of a network tells nobody where a contract stopped, whatever stopped it")
        func standard() throws {
            let world = try PuppetWorld()
            let panic = try world.tell(world.one, #"{"panic":true}"#).result
            #expect(panic.log == Self.log(Self.panicked))
            let nested = try world.tell(world.one, Told.respond([Told.execute(world.two, #"{"panic":true}"#)])).result
            #expect(nested.log == Self.log("dispatch: submessages: " + Self.panicked))
            let limited = try world.tell(
                world.one, Told.respond([Told.execute(world.two, #"{"work":1000}"#, gas: 30_000)])
            ).result
            #expect(limited.log == Self.log("dispatch: submessages: SubMsg hit gas limit: out of gas"))
            let exhausted = try world.tell(world.one, #"{"work":5000}"#, gas: 60_000).result
            #expect(exhausted.log.hasPrefix("out of gas in location: "))
            for result in [panic, nested, limited, exhausted] { #expect(!result.log.contains("encrypted")) }
        }

        @Test("a development enclave tells where a contract stopped to the caller, and to nobody else")
        func development() throws {
            let world = try PuppetWorld(program: Self.development)
            let named = try NamedPuppet(in: world)
            world.world.enclave.tap.forget()
            let (log, message) = try named.tell(#"{"panic":true}"#)
            let sealed = try #require(log.firstMatch(of: #/encrypted: ([A-Za-z0-9+/=]+): /#)?.output.1)
            #expect(log == Self.log("encrypted: \(sealed): execute contract failed: " + Self.panicked))

            let text = world.alice.encryption.openError(log, answerTo: message.sealedInput)
            let trace = try #require(ContractTrace(text: text))
            #expect(trace.reason == "the contract panicked")
            #expect(trace.codeHash == named.codeHash)
            #expect(trace.frames.contains { $0.name == "name_of_\($0.function)" })
            #expect(trace.frames.count > 1)

            // To another user with a key of her own, and to the host, it is noise.
            #expect(world.mallory.encryption.openError(log, answerTo: message.sealedInput) == log)
            // The host has the log itself from the next header on.
            let sight = Data(world.world.enclave.tap.fromEnclave) + Data(log.utf8)
            #expect(sight.range(of: Data(sealed.utf8)) != nil)
            for secret in ["name_of_", "in code", "\n    at "] { #expect(sight.range(of: Data(secret.utf8)) == nil) }
        }

        @Test("a development enclave tells it of nested calls, of gas that ran out, and of queries too")
        func everywhere() throws {
            let world = try PuppetWorld(program: Self.development)
            let nested = try world.tell(world.one, Told.respond([Told.execute(world.two, #"{"panic":true}"#)]))
            #expect(nested.result.log.hasPrefix(Self.log("dispatch: submessages: encrypted: ")))
            #expect(ContractTrace(text: nested.error)?.reason == "the contract panicked")
            let limited = try world.tell(
                world.one, Told.respond([Told.execute(world.two, #"{"work":1000}"#, gas: 30_000)]))
            #expect(limited.result.log.hasSuffix("SubMsg hit gas limit: out of gas"))
            #expect(ContractTrace(text: limited.error)?.reason == "execution ran out of gas")
            let exhausted = try world.tell(world.one, #"{"work":5000}"#, gas: 60_000)
            #expect(exhausted.result.code == 11)
            #expect(exhausted.result.log.contains("execute contract failed: out of gas in location: "))
            #expect(ContractTrace(text: exhausted.error)?.frames.isEmpty == false)
            let asked = try world.ask(world.one, #"{"get":"x"}"#, gas: 21_100)
            #expect(asked.text.hasSuffix("Enclave: execution ran out of gas"))
            #expect(
                ContractTrace(text: world.alice.encryption.openError(asked.text, answerTo: asked.input))?.reason
                    == "execution ran out of gas")
            // What failed in clear, for a reason that no contract's code gave, has no trace.
            let missing = try world.tell(
                world.one, #"{"respond":{"messages":[],"attributes":[],"events":[],"data":7}}"#)
            #expect(!missing.result.log.contains("encrypted"))
        }

        @Test("where a contract stopped changes no result: code and gas are those of any enclave")
        func sameResults() throws {
            let stories: [PlayedResult] = try ["cloister-enclave", Self.development].flatMap { program in
                let world = try PuppetWorld(program: program)
                let limited = Told.execute(world.two, #"{"work":1000}"#, replyOn: "error", gas: 30_000)
                let nested = Told.execute(world.two, #"{"panic":true}"#, replyOn: "always")
                return [
                    try world.tell(world.one, #"{"panic":true}"#).result,
                    try world.tell(world.one, #"{"work":5000}"#, gas: 60_000).result,
                    try world.tell(world.one, Told.respond([limited])).result,
                    try world.tell(world.one, Told.respond([nested])).result,
                ]
            }
            for (standard, development) in zip(stories[..<4], stories[4...]) {
                #expect(standard.code != 0)
                #expect(standard.code == development.code)
                #expect(standard.codespace == development.codespace)
                #expect(standard.gasUsed == development.gasUsed)
                #expect(standard.writes.isEmpty && development.writes.isEmpty)
            }
        }

        @Test(
            "a development enclave has another measurement, opens no record of the standard one, and serves no production chain"
        )
        func apart() throws {
            let world = try World()
            world.enclave.kill()
            let development = try EnclaveProcess(state: world.path("platform"), program: Self.development)
            #expect(throws: EnclaveError.refused(.sealedRecordRefused)) {
                try development.control.unseal(world.records[1]!)
            }
            var identity = world.chain.identity
            identity.attestationRoots = []
            identity.profile = .production
            #expect(throws: EnclaveError.refused(.identityRefused)) { try development.control.bootstrap(identity) }
            identity.profile = .development
            let opened = try development.control.bootstrap(identity)
            #expect(opened.measurement != world.opened.measurement)
            development.kill()

            // On a production machine it does not serve either (LauncherTests); this launcher is not even one of those.
            let refused = try RawEnclave(
                state: world.path("production"), queryLanes: 1, program: Self.development, profile: "production")
            refused.waitForEnd()
            #expect(!refused.isAlive)
        }
    }
}

/// A puppet whose module names every function.
private struct NamedPuppet {
    private let world: PuppetWorld
    private let contract: AccountAddress
    private let hash: Hash32

    var codeHash: String { "\(hash)" }

    init(in world: PuppetWorld) throws {
        self.world = world
        let code = PuppetContract.code + Self.nameSection
        hash = SHA256.hash(code)
        let alice = world.alice
        let sealed = try alice.encryption.seal(
            Array("{}".utf8), codeHash: "\(hash)", owner: (alice.address, hash.bytes))
        try world.world.play([
            alice.sign([ComputeMessage.storeCode(.init(sender: alice.address, code: code[...])).any], gas: 3_000_000),
            alice.sign([
                ComputeMessage.instantiate(
                    .init(sender: alice.address, codeID: 3, label: "named", message: sealed)
                ).any
            ]),
        ])
        contract = try world.world.host.outputs[1].response().address!
    }

    func tell(_ json: String) throws -> (log: String, message: AnyMessage) {
        let alice = world.alice
        let sealed = try alice.encryption.seal(
            Array(json.utf8), codeHash: codeHash, owner: (alice.address, contract.bytes))
        let message = alice.execute(contract, sealed: sealed)
        return (try world.play([message]).log, message)
    }

    /// A custom section that calls function N `name_of_N`, for the first hundred.
    private static var nameSection: [UInt8] {
        func sized(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(bytes.count & 0x7f) | 0x80, UInt8(bytes.count >> 7 & 0x7f) | 0x80, UInt8(bytes.count >> 14)] + bytes
        }
        let names = (0..<100).flatMap { [UInt8($0)] + sized(Array("name_of_\($0)".utf8)) }
        return [0] + sized([4] + Array("name".utf8) + [1] + sized([100] + names))
    }
}
