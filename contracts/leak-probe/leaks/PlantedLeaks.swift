private func start(_ chain: TestChain, _ secret: String, _ number: Int) {
    chain.instantiate(#"{"secret":"\#(secret)","number":\#(number)}"#)
}

private func repeated(_ letter: String, _ count: Int) -> String { String(repeating: letter, count: count) }

/// A secret number that is low in one run and high in the other.
private func planted(_ leak: String) -> LeakPair {
    LeakPair("planted: \(leak)") { chain, secret in
        start(chain, repeated("a", 200), secret(3, 7))
        chain.execute(#"{"leak":"\#(leak)"}"#)
    }
}

/// A secret text of 200 letters.
private func planted(_ leak: String, _ first: String, _ second: String) -> LeakPair {
    LeakPair("planted: \(leak)") { chain, secret in
        start(chain, secret(first, second), 3)
        chain.execute(#"{"leak":"\#(leak)"}"#)
    }
}

private func constant(_ sample: String) -> LeakPair {
    LeakPair("constant: \(sample)") { chain, secret in
        start(chain, secret("b" + repeated("a", 199), repeated("a", 200)), secret(3, 7))
        chain.execute(#"{"constant":"\#(sample)"}"#)
        chain.query(#"{"constant_length":{}}"#)
    }
}

let leakPairs: [LeakPair] =
    [
        planted("early_exit", "b" + repeated("a", 199), repeated("a", 199) + "b"),
        planted("output_size", repeated("a", 200), "a" + repeated("-", 199)),
        planted("key_by_secret", repeated("a", 200), repeated("b", 200)),
        LeakPair("planted: query_size") { chain, secret in
            start(chain, "", secret(3, 7))
            chain.query(#"{"secret_length":{}}"#)
        },
        LeakPair("planted: sender") { chain, secret in
            start(chain, "", 3)
            chain.execute(#"{"constant":"write"}"#, from: secret(chain.alice, chain.bob))
        },
        LeakPair("planted: message_class") { chain, secret in
            start(chain, secret("", repeated("a", 600)), 3)
        },
        LeakPair("planted: calls") { chain, secret in
            start(chain, "", 3)
            for _ in 0..<secret(1, 2) { chain.execute(#"{"constant":"write"}"#) }
        },
    ]
    + [
        "loop", "error_size", "branch_that_writes", "branch_that_removes", "value_size", "order_of_reads",
        "entry_that_is_read", "branch_that_reads", "branch_that_asks", "ledger_question", "branch_that_calls",
        "receiver", "amount", "message_size", "refusal", "trap", "attribute_in_clear", "attribute_size", "event_type",
    ].map { planted($0) }
    + ["compare", "loop", "pad", "write", "choose", "call", "refuse", "fill"].map { constant($0) }
