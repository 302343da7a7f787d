import Attestation
import PublicCryptography
import Testing

@Suite("Report data") struct ReportDataTests {
    private let identity: [UInt8] = Array("an identity".utf8)
    private let keys = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))

    private func make(_ facts: PlatformFacts) -> [UInt8] {
        ReportData.network(
            identity: identity, ioPublicKey: keys.0, seedExchangePublicKey: keys.1, facts: facts)
    }

    @Test("has the documented bytes, the platform's facts in clear among them") func layout() {
        let data = make([.simulated, .separatesUser, .hidesKeys])
        let expected = SHA256.hash(
            Array("cloister/network-keys/2".utf8) + SHA256.hash(identity).bytes + keys.0 + keys.1)
        #expect(data == expected.bytes + [0, 1, 0, 9] + [UInt8](repeating: 0, count: 28))
        #expect(ReportData.facts(in: data) == [.simulated, .separatesUser, .hidesKeys])
    }

    @Test("of a validator's key has the documented bytes, and is no network's") func consensusKey() {
        let data = ReportData.consensusKey(keys.0, facts: [.simulated, .hidesKeys])
        let expected = SHA256.hash(Array("cloister/consensus-key/1".utf8) + keys.0)
        #expect(data == expected.bytes + [0, 1, 0, 1] + [UInt8](repeating: 0, count: 28))
        #expect(data.prefix(32) != make([.simulated, .hidesKeys]).prefix(32))
        #expect(ReportData.consensusKey(keys.1, facts: .simulated).prefix(32) != data.prefix(32))
    }

    @Test("of any other form has no facts") func otherForms() {
        let data = make([.simulated, .production])
        #expect(ReportData.facts(in: Array(data.dropLast())) == nil)
        #expect(ReportData.facts(in: data + [0]) == nil)
        for position in 36..<64 {
            var changed = data
            changed[position] = 1
            #expect(ReportData.facts(in: changed) == nil)
        }
    }

    @Test("differs with each fact, and each fact has a name") func facts() {
        let all = PlatformFacts.names.map(\.fact)
        #expect(Set(all.map { make($0) }).count == all.count)
        #expect(Set(PlatformFacts.names.map(\.name)).count == all.count)
        #expect(all.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    }
}
