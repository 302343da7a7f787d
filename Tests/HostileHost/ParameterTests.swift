import EnclaveProtocol
import PublicCryptography
import SignedTransactions
import Testing

extension HostileHostSuite {
    /// Messages that are other than their sender signed, though the whole network were made to decide them
    /// (Secret Network protocol: message authenticity).
    @Suite struct ParameterTests {
        let world: World

        init() throws { world = try World() }

        /// Puts other messages in the place of signed ones, and expects the enclave to run none.
        private func refuse(_ forgeries: [(signed: [AnyMessage], forged: [AnyMessage])]) throws {
            let transactions = try forgeries.map { forgery in
                let signed = try TransactionEnvelope(decoding: world.alice.sign(forgery.signed))
                return TransactionEnvelope(
                    body: TransactionBody(messages: forgery.forged).encoded,
                    authentication: Array(signed.authenticationBytes), signatures: signed.signatures.map { Array($0) }
                ).bytes
            }
            try world.begin(transactions)
            for index in transactions.indices {
                #expect(refusal { try world.host.run(index) } == .signatureInvalid, "forgery \(index)")
            }
            #expect(world.host.outputs.isEmpty)
        }

        private func changed<Content>(_ content: Content, _ changes: [(inout Content) -> Void]) -> [Content] {
            changes.map { change in
                var copy = content
                change(&copy)
                return copy
            }
        }

        @Test("no field of a message for a contract can be another than was signed")
        func execute() throws {
            let (alice, mallory) = (world.alice, world.mallory)
            let signed = try alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: 1)
            let other = try alice.execute(world.aliceCounter, "{\"increment\":{\"by\":9}}").sealedInput
            guard case .execute(let content)? = try ComputeMessage.decode(signed) else { return }
            let forgeries = changed(
                content,
                [
                    { $0.sender = mallory.address }, { $0.contract = world.malloryCounter }, { $0.message = other },
                    { $0.message[70] ^= 1 }, { $0.funds = [] }, { $0.funds = [Coin(2, "uscrt")] },
                    { $0.funds = [Coin(1, "uother")] }, { $0.callbackSignature = [1] }, { $0.callbackCodeHash = "00" },
                ])
            try refuse(forgeries.map { ([signed], [ComputeMessage.execute($0).any]) })
        }

        @Test("no field of a message that makes a contract can be another than was signed")
        func instantiate() throws {
            let (alice, mallory) = (world.alice, world.mallory)
            let signed = try alice.instantiateCounter("forged", count: 1, admin: alice.address)
            guard case .instantiate(let content)? = try ComputeMessage.decode(signed) else { return }
            let forgeries = changed(
                content,
                [
                    { $0.sender = mallory.address }, { $0.codeID = 2 }, { $0.label = "another" },
                    { $0.message[70] ^= 1 },
                    { $0.funds = [Coin(1, "uscrt")] }, { $0.admin = mallory.address }, { $0.admin = nil },
                    { $0.callbackSignature = [1] }, { $0.callbackCodeHash = "00" },
                ])
            try refuse(forgeries.map { ([signed], [ComputeMessage.instantiate($0).any]) })
        }

        @Test("no field of a message that administers a contract can be another than was signed")
        func administer() throws {
            let (alice, mallory) = (world.alice, world.mallory)
            let input = try alice.seal("{}", for: world.aliceCounter)
            let migrate = ComputeMessage.MigrateContract(
                sender: alice.address, contract: world.aliceCounter, codeID: 1, message: input)
            let migrations = changed(
                migrate,
                [
                    { $0.sender = mallory.address }, { $0.contract = world.malloryCounter }, { $0.codeID = 2 },
                    { $0.message[70] ^= 1 },
                ])
            let update = ComputeMessage.UpdateAdmin(
                sender: alice.address, newAdmin: alice.address, contract: world.aliceCounter)
            let updates = changed(
                update,
                [
                    { $0.sender = mallory.address }, { $0.newAdmin = mallory.address },
                    { $0.contract = world.malloryCounter },
                ])
            let clear = ComputeMessage.ClearAdmin(sender: alice.address, contract: world.aliceCounter)
            let clearances = changed(
                clear, [{ $0.sender = mallory.address }, { $0.contract = world.malloryCounter }])
            try refuse(
                migrations.map { ([ComputeMessage.migrate(migrate).any], [ComputeMessage.migrate($0).any]) }
                    + updates.map { ([ComputeMessage.updateAdmin(update).any], [ComputeMessage.updateAdmin($0).any]) }
                    + clearances.map { ([ComputeMessage.clearAdmin(clear).any], [ComputeMessage.clearAdmin($0).any]) })
        }

        @Test("a message more, one fewer and another order are not what was signed")
        func lists() throws {
            let first = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            let second = try world.alice.execute(world.aliceCounter, "{\"increment\":{\"by\":2}}")
            let forgeries = [[first], [second, first], [first, second, first], [first, first]]
            try refuse(forgeries.map { ([first, second], $0) })
        }
    }
}
