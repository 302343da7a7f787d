import Attestation
import QuoteKit
import Testing

@Suite("What contracts are told of a quote")
struct ContractAnswerTests {
    private func result(
        _ evidence: [UInt8] = QuoteFixtures.simulatedQuote, roots: [TrustRoot] = [simulatedRoot],
        time: Int64 = QuoteFixtures.simulatedTime
    ) -> UInt32? {
        QuoteVerifier.resultForContracts(evidence: evidence, roots: roots, time: time)
    }

    private func changed(at offset: Int) -> [UInt8] {
        var quote = QuoteFixtures.simulatedQuote
        quote[offset] ^= 1
        return quote
    }

    @Test("zero for a quote under the chain's root in its time")
    func accepted() {
        #expect(result() == 0)
        #expect(result(roots: [intelRoot, simulatedRoot]) == 0)
    }

    @Test("Intel's number for a wrong signature, whichever of them is wrong")
    func signatures() {
        // The measurement; the quote's signature; the attestation key; the quoting enclave's report and its signature.
        for offset in [112, 436, 500, 564 + 64, 948] { #expect(result(changed(at: offset)) == 0xa004, "\(offset)") }
    }

    @Test("an error for what is no quote, has no root here, or is outside its time")
    func errors() {
        #expect(result([]) == nil)
        #expect(result([UInt8](repeating: 3, count: 100_000)) == nil)
        #expect(result(Array(QuoteFixtures.simulatedQuote.dropLast())) == nil)
        #expect(result(roots: []) == nil)
        #expect(result(roots: [intelRoot]) == nil)
        #expect(result(time: QuoteFixtures.simulatedTime + 100 * 365 * 86_400) == nil)
        #expect(result(time: 0) == nil)
    }

    @Test("an error for hardware's quotes, whose collateral is not looked at")
    func hardware() {
        #expect(result(QuoteFixtures.genuineQuote, roots: [intelRoot], time: QuoteFixtures.genuineTime) == nil)
    }
}
