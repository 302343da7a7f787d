import EnclaveProtocol
import PublicCryptography
import SignedTransactions
import Testing
import WalletClient

extension HostileHostSuite {
    /// Someone who copies a victim's ciphertext from the chain, to have it decrypted for himself.
    @Suite struct CiphertextTests {
        let world: World

        init() throws { world = try World() }

        private let secret = "{\"remember\":{\"note\":\"the treasure is under the oak\"}}"

        private func expectRefused(
            _ result: PlayedResult, _ why: String, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(result.code == 3 && result.codespace == "compute", sourceLocation: sourceLocation)
            #expect(result.log.contains("Enclave: \(why)"), sourceLocation: sourceLocation)
            #expect(
                result.data.isEmpty && result.events.isEmpty && result.writes.isEmpty, sourceLocation: sourceLocation)
        }

        @Test("a ciphertext of an unmodified client belongs to who used it first")
        func copied() throws {
            let victim = try world.alice.execute(world.aliceCounter, secret, isBound: false)
            let copy = world.mallory.execute(world.malloryCounter, sealed: victim.sealedInput)
            try world.begin([world.alice.sign([victim]), world.mallory.sign([copy])])
            #expect(try world.host.run(0).code == 0)
            // In the same block,
            expectRefused(try world.host.run(1), "failed to validate transaction")
            try world.host.end()
            // in a later one, after a restart, to the victim's own contract, and by the victim to another contract.
            try world.restart(fromHeight: 2, record: world.host.lastRecord)
            try world.begin([
                world.mallory.sign([copy]),
                world.mallory.sign([world.mallory.execute(world.aliceCounter, sealed: victim.sealedInput)]),
                world.alice.sign([world.alice.execute(world.malloryCounter, sealed: victim.sealedInput)]),
                world.alice.sign([victim]),
            ])
            for index in 0..<3 { expectRefused(try world.host.run(index), "failed to validate transaction") }
            #expect(try world.host.run(3).code == 0)
        }

        @Test("a copy under another public key of the same secret is a copy")
        func equivalentKeys() throws {
            let victim = try world.alice.execute(world.aliceCounter, secret, isBound: false)
            var input = victim.sealedInput
            // X25519 ignores the top bit of a public key, so this one opens the same ciphertext.
            input[63] ^= 0x80
            let copy = world.mallory.execute(world.malloryCounter, sealed: input)
            try world.play([world.alice.sign([victim])])
            try world.begin([world.mallory.sign([copy])])
            expectRefused(try world.host.run(0), "failed to validate transaction")
        }

        @Test("a ciphertext stays its owner's though the transaction that used it failed")
        func copiedFromFailed() throws {
            let victim = try world.alice.execute(world.aliceCounter, secret, isBound: false)
            let fail = try world.alice.execute(world.aliceCounter, "{\"fail\":{\"text\":\"no\"}}")
            try world.play([world.alice.sign([victim, fail])])
            #expect(world.host.outputs[0].code == 3)
            try world.begin([
                world.mallory.sign([world.mallory.execute(world.malloryCounter, sealed: victim.sealedInput)])
            ])
            expectRefused(try world.host.run(0), "failed to validate transaction")
        }

        @Test("a ciphertext of our own client opens for nobody else, though it was never used")
        func bound() throws {
            let victim = try world.alice.execute(world.aliceCounter, secret)
            let instantiation = try world.alice.instantiate(codeID: 1, label: "another", count: 3)
            guard case .instantiate(var stolen) = try ComputeMessage.decode(instantiation) else { return }
            stolen.sender = world.mallory.address
            try world.begin([
                world.mallory.sign([world.mallory.execute(world.malloryCounter, sealed: victim.sealedInput)]),
                world.mallory.sign([world.mallory.execute(world.aliceCounter, sealed: victim.sealedInput)]),
                world.mallory.sign([ComputeMessage.instantiate(stolen).any]),
                world.alice.sign([victim]),
            ])
            for index in 0..<2 { expectRefused(try world.host.run(index), "failed to decrypt data") }
            #expect(try world.host.run(2).code == 2)
            #expect(try world.host.run(3).code == 0)
        }

        @Test("the limit: who gets a copy of an unbound ciphertext decided first owns it, and its owner is refused")
        func copiedFirst() throws {
            let victim = try world.alice.execute(world.aliceCounter, secret, isBound: false)
            let copy = world.mallory.execute(world.malloryCounter, sealed: victim.sealedInput)
            try world.play([world.mallory.sign([copy])])
            #expect(world.host.outputs[0].code == 0)
            try world.begin([world.alice.sign([victim])])
            expectRefused(try world.host.run(0), "failed to validate transaction")
        }

        @Test("a touched ciphertext, one for other code, and a callback that nobody made are refused")
        func touched() throws {
            let honest = try world.alice.execute(world.aliceCounter, secret, isBound: false).sealedInput
            var messages = [0, 31, 40, 64, 80, honest.count - 1].map { position in
                var touched = honest
                touched[position] ^= 1
                return world.alice.execute(world.aliceCounter, sealed: touched)
            }
            messages.append(world.alice.execute(world.aliceCounter, sealed: Array(honest.prefix(81))))
            let otherCode = try world.alice.encryption.seal(
                Array(secret.utf8), codeHash: Hexadecimal.encode(SHA256.hash([1]).bytes),
                owner: (world.alice.address, world.aliceCounter.bytes))
            messages.append(world.alice.execute(world.aliceCounter, sealed: otherCode))
            guard case .execute(var callback) = try ComputeMessage.decode(messages[0]) else { return }
            callback.message = honest
            callback.callbackSignature = [1]
            messages.append(ComputeMessage.execute(callback).any)
            try world.begin(messages.map { world.alice.sign([$0]) })
            for index in messages.indices {
                let result = try world.host.run(index)
                #expect(result.code == 3 && result.data.isEmpty && result.events.isEmpty, "message \(index)")
                #expect(result.writes.allSatisfy { $0.key.first == 0x0d }, "message \(index)")
            }
        }
    }
}
