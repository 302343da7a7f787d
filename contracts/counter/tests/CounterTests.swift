let contractTests: [ContractTest] = [
    ContractTest("increment counts and answers with the count") { chain in
        chain.instantiate(#"{"count":41}"#)
        chain.expect(chain.execute(#"{"increment":{}}"#, from: chain.bob).data, #"{"count":42}"#)
        chain.expect(chain.query(#"{"get_count":{}}"#), #"{"count":42}"#)
    },
    ContractTest("only the creator resets") { chain in
        chain.instantiate(#"{"count":1}"#)
        chain.expect(chain.execute(#"{"reset":{"count":9}}"#, from: chain.bob).error, "only the creator may reset")
        chain.expect(chain.execute(#"{"reset":{"count":9}}"#).error, nil)
        chain.expect(chain.query(#"{"get_count":{}}"#), #"{"count":9}"#)
    },
    ContractTest("a migration keeps the count or sets it, and refuses a state that never counted") { chain in
        chain.expect(chain.migrate("{}").error, "nothing stored: count")
        chain.instantiate(#"{"count":41}"#)
        chain.expect(chain.migrate("{}").data, #"{"count":41}"#)
        chain.expect(chain.migrate(#"{"count":7}"#).data, #"{"count":7}"#)
        chain.expect(chain.execute(#"{"reset":{"count":9}}"#).error, nil)
        chain.expect(chain.query(#"{"get_count":{}}"#), #"{"count":9}"#)
        chain.expect(chain.migrate(#"{"cuont":7}"#).error, "unknown field: cuont")
    },
    ContractTest("notes of any short length are stored in one size") { chain in
        chain.instantiate(#"{"count":1}"#)
        var sizes: [Int] = []
        for note in ["", "x", String(repeating: "y", count: 200)] {
            chain.execute(#"{"remember":{"note":"\#(note)"}}"#)
            sizes.append(Host.state[Array("note/\(chain.alice)".utf8)]?.count ?? 0)
        }
        chain.expect(sizes == [256, 256, 256], "\(sizes)")
    },
    ContractTest("padding may stand in any message") { chain in
        chain.instantiate(#"{"count":1,"padding":"xxxx"}"#)
        chain.expect(chain.execute(#"{"increment":{"padding":"xxxx"}}"#).error, nil)
        chain.expect(chain.execute(#"{"increment":{"pudding":"xxxx"}}"#).error, "unknown field: pudding")
    },
]
