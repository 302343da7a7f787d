private let bank = TestKey([9])

private func base64(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes), as: UTF8.self) }

private func submit(_ chain: TestChain, about subject: String, by key: TestKey, forged: Bool = false) -> String {
    let record =
        #"{"subject":"\#(subject)","contract":"\#(chain.contract)","valid_until_seconds":\#(chain.timeSeconds + 100),"#
        + #""monthly_income":4000,"monthly_debt":800,"account_years":10,"missed_payments":1}"#
    let signature = base64(key.sign(Array(record.utf8)))
    let shown = forged ? record.replacing("4000", "9000") : record
    return #"{"submit":{"record":"\#(shown.replacing("\"", "\\\""))","signature":"\#(signature)"}}"#
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}

let contractTests: [ContractTest] = [
    ContractTest("a signed record is scored for its subject") { chain in
        chain.instantiate(#"{"source_key":"\#(base64(bank.publicKey))"}"#)
        let scored = chain.execute(submit(chain, about: chain.bob, by: bank), from: chain.bob)
        chain.expect(scored.data, #"{"points":635,"band":"B","valid_until_seconds":\#(chain.timeSeconds + 100)}"#)
    },
    ContractTest("another signer, a changed record and another subject are refused") { chain in
        chain.instantiate(#"{"source_key":"\#(base64(bank.publicKey))"}"#)
        let refusal = "the source did not sign this record"
        chain.expect(chain.execute(submit(chain, about: chain.bob, by: TestKey([8])), from: chain.bob).error, refusal)
        chain.expect(
            chain.execute(submit(chain, about: chain.bob, by: bank, forged: true), from: chain.bob).error, refusal)
        chain.expect(
            chain.execute(submit(chain, about: chain.bob, by: bank), from: chain.carol).error,
            "the record is about somebody else")
    },
    ContractTest("a lender sees the band alone, while it is shared") { chain in
        chain.instantiate(#"{"source_key":"\#(base64(bank.publicKey))"}"#)
        chain.execute(submit(chain, about: chain.bob, by: bank), from: chain.bob)
        chain.execute(#"{"set_viewing_key":{"key":"the lender's"}}"#, from: chain.carol)
        let ask = #"{"band":{"subject":"\#(chain.bob)","reader":"\#(chain.carol)","key":"the lender's"}}"#
        chain.expect(chain.query(ask), "nothing is shared with you")
        chain.execute(
            #"{"share":{"reader":"\#(chain.carol)","until_seconds":\#(chain.timeSeconds + 50)}}"#, from: chain.bob)
        chain.expect(chain.query(ask), #"{"band":"B"}"#)
        chain.timeSeconds += 50
        chain.expect(chain.query(ask), "nothing is shared with you")
    },
]
