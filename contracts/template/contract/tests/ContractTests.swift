let contractTests: [ContractTest] = [
    ContractTest("it greets by name and counts") { chain in
        chain.instantiate(#"{"greeting":"hello"}"#)
        chain.expect(chain.execute(#"{"greet":{"name":"Ada"}}"#, from: chain.bob).data, #""hello, Ada""#)
        chain.expect(chain.query(#"{"greetings":{}}"#), #"{"count":1}"#)
    },
    ContractTest("nobody is greeted without a name") { chain in
        chain.instantiate(#"{"greeting":"hello"}"#)
        chain.expect(chain.execute(#"{"greet":{"name":""}}"#).error, "who are you?")
        chain.expect(chain.query(#"{"greetings":{}}"#), #"{"count":0}"#)
    },
]
