import API
import ChainMessages
import SignedTransactions
import Testing

/// What the node answers and what a transaction may carry is all in proto/chain, so that REST can show and read it.
@Suite("Descriptors") struct DescriptorTests {
    @Test("every message that a transaction may carry has a descriptor, a struct and a method that gives its response")
    func messages() throws {
        let inputs = Dictionary(
            DescriptorPool.chain.methods.map { ($0.input, $0.output) }, uniquingKeysWith: { first, _ in first })
        let structs = Set(allChainMessages.map { $0.name })
        for typeURL in knownMessageTypes.keys.sorted() {
            let name = String(typeURL.dropFirst())
            #expect(DescriptorPool.chain.messages[name] != nil, "\(name) has no descriptor")
            #expect(structs.contains(name), "\(name) has no struct")
            let response = try #require(inputs[name], "no method takes \(name)")
            #expect(structs.contains(response))
        }
    }

    @Test("every method that the node answers has a descriptor")
    func queries() {
        let paths = Set(DescriptorPool.chain.methods.map(\.path))
        for method in ServiceRegistry.services(of: ChainDouble()).methods {
            #expect(paths.contains(method), "\(method) has no descriptor")
        }
    }

    @Test("a message's signer is an address field of its descriptor")
    func signers() throws {
        for (typeURL, type) in knownMessageTypes {
            let message = try DescriptorPool.chain.message(String(typeURL.dropFirst()))
            let number: UInt32 =
                switch type.signer {
                case .bytes(let field), .text(let field), .validator(let field), .textOfEach(let field, _): field
                }
            let field = try #require(message.fields.first { $0.number == number }, "\(typeURL) has no field \(number)")
            switch type.signer {
            case .bytes: #expect(field.kind == .bytes && field.bech32Prefix == "secret", "\(typeURL)")
            case .text, .validator: #expect(field.kind == .string, "\(typeURL)")
            case .textOfEach(_, let inner):
                let parts = DescriptorPool.chain.messages.filter { field.kind == .message($0.key) }.map(\.value)
                let part = try #require(parts.first, "\(typeURL)")
                #expect(part.fields.contains { $0.number == inner && $0.kind == .string }, "\(typeURL)")
            }
        }
    }
}
