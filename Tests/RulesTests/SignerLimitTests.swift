import Ante
import ChainModules
import ModuleKit
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures
import Wire

/// Anybody may send a transaction, so what many signers cost is bounded before any of it is looked at.
@Suite("Signer limits")
struct SignerLimitTests {
    private let router = ModuleList.chain.router
    private let alice = FixtureKey("alice")

    private func refusal(_ bytes: [UInt8]) -> TransactionRefusal? {
        do {
            _ = try TransactionForm(decoding: bytes, router: router)
            return nil
        } catch { return error }
    }

    private func envelope(
        _ message: AnyMessage, authentication: [UInt8]? = nil, signatures: Int
    ) -> [UInt8] {
        let infos = (0..<signatures).map { _ in
            SignerInfo(publicKey: nil, mode: .single(.direct), sequence: 0)
        }
        return TransactionEnvelope(
            body: TransactionBody(messages: [message]).encoded,
            authentication: authentication ?? AuthenticationInfo(signers: infos, fee: Fee(gasLimit: 1)).encoded,
            signatures: [[UInt8]](repeating: [], count: signatures)
        ).bytes
    }

    private func signer(_ index: Int) -> AccountAddress {
        AccountAddress(SHA256.hash(Array("\(index)".utf8)).bytes.prefix(20))!
    }

    private func multiSend(inputs: Int, then rest: [UInt8] = []) -> AnyMessage {
        let coins = [Coin(1, "uscrt")]
        let message = BankMessage.multiSend(
            .init(
                inputs: (0..<inputs).map { .init(address: signer($0), coins: coins) },
                outputs: [.init(address: alice.address, coins: coins)])
        ).any
        return AnyMessage(typeURL: message.typeURL, value: Array(message.value) + rest)
    }

    private let tooMany = TransactionRefusal(
        code: 14, log: "signatures: 8, limit: 7: maximum number of signatures exceeded")
    /// No field: whoever reads as far as this says so (code 2).
    private let garbage: [UInt8] = [0x0a, 0xff]

    @Test("seven signers may sign, and an eighth is refused with the SDK's code")
    func limit() throws {
        #expect(refusal(envelope(multiSend(inputs: 7), signatures: 7)) == nil)
        #expect(refusal(envelope(multiSend(inputs: 8), signatures: 8)) == tooMany)
        #expect(refusal(envelope(multiSend(inputs: 7), signatures: 6))?.code == 4)
        #expect(refusal(envelope(multiSend(inputs: 6), signatures: 7))?.code == 4)
    }

    @Test("what stands behind the eighth signer of a message is not read")
    func message() {
        #expect(refusal(envelope(multiSend(inputs: 8, then: garbage), signatures: 1)) == tooMany)
        // 58,000 signers in 2.9 MB.
        let large = multiSend(inputs: 58_000, then: garbage)
        #expect(large.value.count > 2_900_000)
        #expect(refusal(envelope(large, signatures: 1)) == tooMany)
        // One signer again and again.
        let party = BankMessage.Party(address: alice.address, coins: [Coin(1, "uscrt")])
        let same = BankMessage.multiSend(.init(inputs: Array(repeating: party, count: 8), outputs: [party])).any
        let again = AnyMessage(typeURL: same.typeURL, value: Array(same.value) + garbage)
        #expect(refusal(envelope(again, signatures: 1)) == tooMany)
    }

    @Test("messages behind the one that brings a signer without a signature are not looked at")
    func messages() {
        let sends = (0..<1_000).map { AnyMessage.send(1, from: signer($0), to: alice.address) }
        let nothing = AnyMessage(typeURL: "/no.such.Message", value: [])
        let infos = [SignerInfo(publicKey: nil, mode: .single(.direct), sequence: 0)]
        let bytes = TransactionEnvelope(
            body: TransactionBody(messages: sends + [nothing]).encoded,
            authentication: AuthenticationInfo(signers: infos, fee: Fee(gasLimit: 1)).encoded, signatures: [[]]
        ).bytes
        #expect(refusal(bytes)?.code == 4)
    }

    @Test("what stands behind the eighth signature, signer info or part of a multisignature is not read")
    func authentication() {
        let send = AnyMessage.send(1, from: alice.address, to: alice.address)
        let info = SignerInfo(publicKey: nil, mode: .single(.direct), sequence: 0)
        let eight = AuthenticationInfo(signers: Array(repeating: info, count: 8), fee: Fee()).encoded
        #expect(refusal(envelope(send, authentication: eight + garbage, signatures: 1)) == tooMany)

        let raw = TransactionEnvelope(
            body: TransactionBody(messages: [send]).encoded,
            authentication: AuthenticationInfo(signers: [info], fee: Fee(gasLimit: 1)).encoded,
            signatures: [[UInt8]](repeating: [], count: 8))
        #expect(refusal(raw.bytes + garbage) == tooMany)

        // A multisignature of eight, and one whose parts have three each.
        func part(_ modes: [[UInt8]], then rest: [UInt8] = []) -> [UInt8] {
            ProtobufWriter.encode { writer in
                writer.message(
                    2,
                    ProtobufWriter.encode { writer in
                        for mode in modes { writer.message(2, mode) }
                    } + rest)
            }
        }
        let single = ProtobufWriter.encode { writer in writer.message(1, ProtobufWriter.encode { $0.uint64(1, 1) }) }
        let three = part([single, single, single])
        for mode in [
            part([[UInt8]](repeating: single, count: 8), then: garbage), part([three, three, three], then: garbage),
            part([[UInt8]](repeating: part([]), count: 8), then: garbage),
        ] {
            let bytes = ProtobufWriter.encode { writer in
                writer.message(1, ProtobufWriter.encode { $0.message(2, mode) })
            }
            #expect(refusal(envelope(send, authentication: bytes, signatures: 1))?.code == 14)
        }
    }
}
