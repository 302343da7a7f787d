import StrictJSON
import Testing

extension ConformanceSuite {
    /// Steps that succeed, with expectations that are false: a player that did not look would pass everything.
    @Test(
        "a row whose expectation is false fails",
        arguments: [
            #"[{"execute":"a","msg":{},"expect":{"data":"x"}}]"#,
            #"[{"execute":"a","msg":{},"expect":{"error":""}}]"#,
            #"[{"execute":"a","msg":{"fail":"no"}}]"#,
            #"[{"execute":"a","msg":{"fail":"no"},"expect":{"error":"yes"}}]"#,
            #"[{"execute":"a","msg":{"fail":"no"},"expect":{"error_is":"n"}}]"#,
            #"[{"execute":"a","msg":{"fail":"no"},"expect":{"log":"no"}}]"#,
            #"[{"execute":"a","msg":{"fail":"no"},"expect":{"code":4}}]"#,
            #"[{"execute":"a","msg":{"respond":{"$response":{"attributes":[["k","v"]]}}},"expect":{"attributes":[]}}]"#,
            #"[{"execute":"a","msg":{"respond":{"$response":{"attributes":[["k","v"]]}}},"expect":{"clear":[["k","v"]]}}]"#,
            #"[{"execute":"a","msg":{"respond":{"$response":{"attributes":[["k","v",false]]}}},"expect":{"sealed":["v"]}}]"#,
            #"[{"execute":"a","msg":{"respond":{"$response":{"events":{"eve":[["k","v"]]}}}},"expect":{"events":{"wasm-eve":[]}}}]"#,
            #"[{"execute":"a","msg":{},"expect":{"events":{"wasm-eve":[]}}}]"#,
            #"[{"execute":"a","msg":{},"expect":{"charge":20000}}]"#,
            #"[{"execute":"a","msg":{},"expect":{"charge_from":900000}}]"#,
            #"[{"execute":"a","msg":{"set":{"key":"k","value":"v"}}},{"kept":"a","key":"k","is":null}]"#,
            #"[{"execute":"a","msg":{"set":{"key":"k","value":"v"}}},{"kept":"a","key":"k","is":"w"}]"#,
            #"[{"kept":"a","key":"k","is":"v"}]"#,
            #"[{"balance":"a","is":1}]"#,
            #"[{"query":"a","msg":{"echo":1},"expect":{"answer":2}}]"#,
            #"[{"query":"a","msg":{"echo":1},"expect":{"log":"failed"}}]"#,
            #"[{"query":"a","msg":{"fail":"no"}}]"#,
            #"[{"same":"${a}","is":"${b}"}]"#,
            #"[{"unheard":"of"}]"#,
            #"[]"#,
        ])
    func falseExpectation(steps: String) throws {
        let row = #"{"rule":"false","for":["v1"],"steps":"# + steps + "}"
        let content = try JSONReader.parse(Array(row.utf8), limits: JSONLimits(bytesMax: 1 << 16))
        let outcome = ConformanceStage(codes: ConformanceCode.puppets).play(ConformanceRow(id: "false", content))
        guard case .failed = outcome else {
            Issue.record("\(steps) came to \(outcome)")
            return
        }
    }
}
