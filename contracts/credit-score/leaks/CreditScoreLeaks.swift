private let source = TestKey([9])

private func base64(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes), as: UTF8.self) }

private func submit(_ chain: TestChain, income: Int, missed: Int) {
    chain.instantiate(#"{"source_key":"\#(base64(source.publicKey))"}"#)
    let record =
        #"{"subject":"\#(chain.bob)","contract":"\#(chain.contract)","valid_until_seconds":\#(chain.timeSeconds + 100),"#
        + #""monthly_income":\#(income),"monthly_debt":800,"account_years":10,"missed_payments":\#(missed)}"#
    let escaped = record.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    let signature = base64(source.sign(Array(record.utf8)))
    let answer = chain.execute(#"{"submit":{"record":"\#(escaped)","signature":"\#(signature)"}}"#, from: chain.bob)
    chain.expect(answer.error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("what somebody earns") { chain, secret in submit(chain, income: secret(4000, 4100), missed: 1) },
    LeakPair("how often a payment was missed") { chain, secret in
        submit(chain, income: 4000, missed: secret(1, 9))
        chain.execute(#"{"set_viewing_key":{"key":"the lender's"}}"#, from: chain.carol)
        chain.execute(
            #"{"share":{"reader":"\#(chain.carol)","until_seconds":\#(chain.timeSeconds + 50)}}"#, from: chain.bob)
        chain.query(#"{"band":{"subject":"\#(chain.bob)","reader":"\#(chain.carol)","key":"the lender's"}}"#)
    },
]
