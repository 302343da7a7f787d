private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private let hexadecimal = TestHexadecimal.encode
private func base64(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes), as: UTF8.self) }

/// The bytes that the contract answers to a question, in hexadecimal.
private func digest(_ chain: TestChain, _ question: String) -> String {
    hexadecimal(Base64.decode(Array(chain.query(question).utf8.dropFirst().dropLast())) ?? [])
}

private func sha256(_ chain: TestChain, _ message: String) -> String {
    digest(chain, #"{"sha256":{"data":"\#(base64(bytes(message)))"}}"#)
}

/// The number, or the complaint.
private func scaled(_ chain: TestChain, _ value: UInt128, _ factor: UInt128, _ divisor: UInt128, up: Bool = false)
    -> String
{
    chain.query(
        #"{"scaled":{"value":"\#(value)","factor":"\#(factor)","divisor":"\#(divisor)","rounded_up":\#(up)}}"#)
}

private func quoted(_ number: some BinaryInteger) -> String { "\"\(number)\"" }

/// The wallet `a` of local networks, and a permit that secret-sdk 1.8.3 made with it.
private enum Golden {
    static let key = TestKey(
        TestHexadecimal.decode("f0a7b67eb9a719d54f8a9bfbfb187d8c296b97911a05bf5ca30494823e46beb6"))
    static let address = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
    static let signature = "ZIoCFNgbITH08gXoaUQZGeqr7FgLApU4bQAtJtysAswzZBnkVwEBANbb4RPf7MGFTGdzweNHIH3uBL3uqy35GA=="

    static func question(_ permission: String = "balance", signature: String = Golden.signature) -> String {
        let publicKey = String(decoding: Base64.encode(key.publicKey), as: UTF8.self)
        return #"{"account":{"permit":{"params":{"permit_name":"test","allowed_tokens":["secret1xyz"],"#
            + #""chain_id":"secretdev-1","permissions":["balance"]},"signature":{"pub_key":{"type":"#
            + #""tendermint/PubKeySecp256k1","value":"\#(publicKey)"},"signature":"\#(signature)"}},"#
            + #""permission":"\#(permission)"}}"#
    }
}

let sdkTests: [ContractTest] = [
    // MARK: - Hashes
    ContractTest("SHA-256 gives the digests of FIPS 180-4, at every length where the padding changes") { chain in
        let known: [(String, String)] = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (String(repeating: "a", count: 56), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (String(repeating: "a", count: 63), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (String(repeating: "a", count: 65), "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
            (String(repeating: "a", count: 120), "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
            (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
        ]
        for (message, digest) in known { chain.expect(sha256(chain, message), digest) }
    },
    ContractTest("HMAC with SHA-256 gives the codes of RFC 4231") { chain in
        chain.expect(
            digest(
                chain,
                #"{"hmac":{"data":"\#(base64(bytes("Hi There")))","key":"\#(base64([UInt8](repeating: 0x0b, count: 20)))"}}"#
            ),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        chain.expect(
            digest(
                chain,
                #"{"hmac":{"data":"\#(base64(bytes("what do ya want for nothing?")))","key":"\#(base64(bytes("Jefe")))"}}"#
            ),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    },
    ContractTest("RIPEMD-160 gives the digests of its authors") { chain in
        let digits = String(repeating: "1234567890", count: 8)
        let known: [(String, String)] = [
            ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"), ("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
            ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
            ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
            ("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "12a053384a9c0c88e405a06c27dcf49ada62eb2b"
            ),
            (digits, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
        ]
        for (message, expected) in known {
            chain.expect(digest(chain, #"{"ripemd160":{"data":"\#(base64(bytes(message)))"}}"#), expected)
        }
    },

    // MARK: - Signatures and permits
    ContractTest("the test kit's wallet has a real wallet's address, and signs as it does, byte for byte") { chain in
        chain.expect(
            hexadecimal(Golden.key.publicKey), "034ee8249f67e136139c3ed94ad63288f6c1de45ce66fa883247211a698f440cdf")
        chain.expect(Golden.key.address, Golden.address)
        let document =
            #"{"account_number":"0","chain_id":"secretdev-1","fee":{"amount":[{"amount":"0","denom":"uscrt"}],"#
            + #""gas":"1"},"memo":"","msgs":[{"type":"query_permit","value":{"allowed_tokens":["secret1xyz"],"#
            + #""permissions":["balance"],"permit_name":"test"}}],"sequence":"0"}"#
        chain.expect(
            String(decoding: Base64.encode(Golden.key.sign(bytes(document))), as: UTF8.self), Golden.signature)
        let digest = SHA256.hash(bytes(document))
        let signature = Golden.key.sign(bytes(document))
        let candidates = (0..<2).map { Host.recover(signature: signature, digest: digest, recovery: $0) }
        chain.expect(candidates.contains(Golden.key.publicKey))
        chain.expect(candidates[0] != candidates[1])
    },
    ContractTest("a permit that secret-sdk made tells who signed it") { chain in
        chain.contract = "secret1xyz"
        chain.expect(chain.query(Golden.question()), "\"\(Golden.address)\"")
        chain.expect(chain.query(Golden.question("history")), "the permit does not grant history")
    },
    ContractTest("no bit of a permit's signature can be another, and its mirrored form is none") { chain in
        chain.contract = "secret1xyz"
        let good = Base64.decode(bytes(Golden.signature))!
        for index in stride(from: 0, to: 64, by: 9) {
            var flipped = good
            flipped[index] ^= 1 << UInt8(index % 8)
            let text = String(decoding: Base64.encode(flipped), as: UTF8.self)
            chain.expect(chain.query(Golden.question(signature: text)), "the permit's signature is not valid")
        }
        let s = Modulus.order.subtract([UInt32](repeating: 0, count: 8), Modulus.digits(Array(good[32...])))
        let mirrored = String(decoding: Base64.encode(Array(good[..<32]) + Modulus.bytes(s)), as: UTF8.self)
        chain.expect(chain.query(Golden.question(signature: mirrored)), "the permit's signature is not valid")
    },
    ContractTest("a permit is for one chain and for the contracts it names") { chain in
        chain.expect(chain.query(Golden.question()), "the permit is not for this contract")
        chain.contract = "secret1xyz"
        let elsewhere = Golden.question().split(separator: "secretdev-1").joined(separator: "secret-4")
        chain.expect(chain.query(elsewhere), "the permit is for another chain")
    },

    // MARK: - Amounts
    ContractTest("an amount is scaled exactly where the product has 256 bits, and never wraps") { chain in
        let top = UInt128.max
        let tooLarge = "the amount is too large"
        chain.expect(scaled(chain, top, top, top), quoted(top))
        chain.expect(scaled(chain, top, top - 1, top), quoted(top - 1))
        chain.expect(scaled(chain, top, 2, 1), tooLarge)
        chain.expect(scaled(chain, top, top, top - 1), tooLarge)
        chain.expect(scaled(chain, 1, 1, 0), "division by zero")
        chain.expect(scaled(chain, 7, 10, 3), quoted(23))
        chain.expect(scaled(chain, 7, 10, 3, up: true), quoted(24))
        chain.expect(scaled(chain, 6, 10, 3, up: true), quoted(20))
        chain.expect(scaled(chain, 0, top, 5), quoted(0))
        chain.expect(scaled(chain, 1, 1, top), quoted(0))
        chain.expect(scaled(chain, 1, 1, top, up: true), quoted(1))
        chain.expect(scaled(chain, top, top - 1, top, up: true), quoted(top - 1))
        // 2^128 - 1 = 3 * 5 * 17 * 257 * ...: (2^128 - 1) / 3 * 3, and a rounding up that does not fit.
        chain.expect(scaled(chain, top / 3, 3, 1), quoted(top))
        chain.expect(scaled(chain, top, 3, 2, up: true), tooLarge)
        var seed: UInt64 = 1
        func next() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed >> (seed & 31)
        }
        for _ in 0..<60 {
            let (value, factor, divisor) = (UInt128(next()), UInt128(next()), UInt128(next() | 1))
            let exact = value * factor / divisor
            chain.expect(scaled(chain, value, factor, divisor), quoted(exact))
            // As large as it gets: a * b * 2^64 / (c * 2^64).
            chain.expect(scaled(chain, value << 64, factor, divisor << 64), quoted(exact))
        }
    },
    ContractTest("a geometric mean is the largest number whose square is not above the product") { chain in
        func mean(_ left: UInt128, _ right: UInt128) -> String {
            chain.query(#"{"mean":{"left":"\#(left)","right":"\#(right)"}}"#)
        }
        chain.expect(mean(.max, .max), quoted(UInt128.max))
        chain.expect(mean(.max - 1, .max), quoted(UInt128.max - 1))
        chain.expect(mean(.max, 0), quoted(0))
        chain.expect(mean(.max, 1), quoted(UInt64.max))
        for (left, right, root) in [(2, 3, 2), (2, 4, 2), (3, 3, 3), (99, 101, 99), (1_000_000, 4_000_000, 2_000_000)] {
            chain.expect(mean(UInt128(left), UInt128(right)), quoted(root))
        }
    },
    ContractTest("a rounded amount keeps its first digits") { chain in
        func rounded(_ value: UInt128, _ digits: Int) -> String {
            chain.query(#"{"rounded":{"value":"\#(value)","digits":\#(digits)}}"#)
        }
        for (exact, expected) in [(0, 0), (7, 7), (999, 999), (1000, 1000), (1_239, 1_230), (9_999_999, 9_990_000)] {
            chain.expect(rounded(UInt128(exact), 3), quoted(expected))
        }
        chain.expect(rounded(.max, 2), "\"34" + String(repeating: "0", count: 37) + "\"")
    },

    // MARK: - Decimals
    ContractTest("a decimal is read and written in one form, and what has no place in it is refused") { chain in
        func read(_ text: String) -> String {
            chain.query(#"{"compute":{"left":"\#(text)","operation":"add","right":"0","rounding":"down"}}"#)
        }
        let top = "340282366920938463463.374607431768211455"
        for (given, expected) in [
            ("0", "0"), ("1", "1"), ("0.5", "0.5"), ("1.0", "1"), ("0.100000000000000000", "0.1"),
            ("12.034", "12.034"),
            ("0.000000000000000001", "0.000000000000000001"), (top, top),
            ("340282366920938463463", "340282366920938463463"),
        ] { chain.expect(read(given), "\"\(expected)\"") }
        for bad in [
            "", ".", "1.", ".5", "01", "00.5", "-1", "1.-5", "+1", "1e3", "1.2.3", " 1", "1 ", "0x1", "1,5", "NaN",
            "0.0000000000000000001", "340282366920938463463.374607431768211456", "340282366920938463464",
            "999999999999999999999999999999999999999", "1.00000000000000000000",
        ] { chain.expect(read(bad).contains("left must be a number in a text"), "\(bad): \(read(bad))") }
        chain.expect(
            chain.query(#"{"compute":{"left":1,"operation":"add","right":"0","rounding":"down"}}"#)
                .contains("must be a number in a text"))
    },
    ContractTest(
        "decimals are computed exactly, rounded once in the way that is asked for, and overflow is an error of its own"
    ) {
        chain in
        func compute(_ left: String, _ operation: String, _ right: String, _ way: String = "down") -> String {
            let answer = chain.query(
                #"{"compute":{"left":"\#(left)","operation":"\#(operation)","right":"\#(right)","rounding":"\#(way)"}}"#
            )
            return String(answer.dropFirst().dropLast())
        }
        let (least, top) = ("0.000000000000000001", "340282366920938463463.374607431768211455")
        chain.expect(compute("1.5", "add", "2.25"), "3.75")
        chain.expect(compute(top, "add", least), "overflow")
        chain.expect(compute("1", "subtract", "1"), "0")
        chain.expect(compute("1", "subtract", "1.000000000000000001"), "overflow")
        chain.expect(compute("1.5", "multiply", "1.5"), "2.25")
        chain.expect(compute(top, "multiply", "1"), top)
        chain.expect(compute(top, "multiply", "1.000000000000000001"), "overflow")
        chain.expect(compute("18446744073.7", "multiply", "18446744073.7"), "340282366920586071031.69")
        chain.expect(compute("1", "divide", "0"), "division by zero")
        chain.expect(compute("1", "divide", "3"), "0.333333333333333333")
        chain.expect(compute("2", "divide", "3"), "0.666666666666666666")
        chain.expect(compute("2", "divide", "3", "up"), "0.666666666666666667")
        chain.expect(compute("2", "divide", "3", "nearest"), "0.666666666666666667")
        chain.expect(compute("1", "divide", "3", "nearest"), "0.333333333333333333")
        chain.expect(compute(top, "divide", "0.5"), "overflow")
        // Halves: to the even neighbour, as the Cosmos SDK rounds 0.5 units, 1.5 units, 2.5 units.
        for (units, down, up, nearest) in [
            ("1", "0", "1", "0"), ("3", "1", "2", "2"), ("5", "2", "3", "2"), ("2", "1", "1", "1"),
        ] {
            func unit(_ digit: String) -> String { digit == "0" ? "0" : "0.00000000000000000\(digit)" }
            chain.expect(compute(unit(units), "multiply", "0.5"), unit(down))
            chain.expect(compute(unit(units), "multiply", "0.5", "up"), unit(up))
            chain.expect(compute(unit(units), "multiply", "0.5", "nearest"), unit(nearest))
            chain.expect(compute(unit(units), "divide", "2", "nearest"), unit(nearest))
        }
        chain.expect(
            compute(top, "multiply", "0.999999999999999999", "up"), "340282366920938463123.092240510829747992")
        // Random ones against 128 bits: both below 2^57 units, so the product of units has 114.
        var seed: UInt64 = 3
        func next() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed >> (7 + seed % 40)
        }
        func text(_ units: UInt128) -> String { String(decoding: Decimal(units: units).text.utf8, as: UTF8.self) }
        let one: UInt128 = 1_000_000_000_000_000_000
        for _ in 0..<40 {
            let (left, right) = (UInt128(next()), UInt128(next() | 1))
            for (operation, dividend, divisor) in [("multiply", left * right, one), ("divide", left * one, right)] {
                let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
                let half = 2 * rest
                let isNear = half > divisor || half == divisor && quotient % 2 == 1
                for (way, expected) in [
                    ("down", quotient), ("up", quotient + (rest > 0 ? 1 : 0)),
                    ("nearest", quotient + (isNear ? 1 : 0)),
                ] { chain.expect(compute(text(left), operation, text(right), way), text(expected)) }
            }
        }
    },
    ContractTest("a decimal is made of two amounts, and taken of one") { chain in
        func ratio(_ numerator: UInt128, _ denominator: UInt128, _ way: String = "down") -> String {
            chain.query(
                #"{"ratio":{"numerator":"\#(numerator)","denominator":"\#(denominator)","rounding":"\#(way)"}}"#)
        }
        func share(_ amount: UInt128, _ decimal: String, _ way: String = "down") -> String {
            chain.query(#"{"share":{"amount":"\#(amount)","decimal":"\#(decimal)","rounding":"\#(way)"}}"#)
        }
        chain.expect(ratio(1, 8), #""0.125""#)
        chain.expect(ratio(.max, .max), #""1""#)
        chain.expect(ratio(.max, 1), #""overflow""#)
        chain.expect(ratio(1, 0), #""division by zero""#)
        chain.expect(ratio(1, .max, "up"), #""0.000000000000000001""#)
        chain.expect(share(1000, "0.003"), #""3""#)
        chain.expect(share(1001, "0.003"), #""3""#)
        chain.expect(share(1001, "0.003", "up"), #""4""#)
        chain.expect(share(500, "0.003", "nearest"), #""2""#)
        chain.expect(share(.max, "1"), "\"\(UInt128.max)\"")
        chain.expect(share(.max, "1.000000000000000001"), #""overflow""#)
    },

    // MARK: - Time
    ContractTest("times are nanoseconds, and none is before 1970 or wraps") { chain in
        func later(_ time: String, _ seconds: UInt64, back: Bool = false) -> String {
            chain.query(#"{"later":{"time":"\#(time)","seconds":\#(seconds),"is_before":\#(back)}}"#)
        }
        chain.expect(chain.query(#"{"now":{}}"#), #""1700000000000000000""#)
        chain.expect(later("1", 2), #""2000000001""#)
        chain.expect(later("2000000001", 2, back: true), #""1""#)
        chain.expect(later("1999999999", 2, back: true), #""overflow""#)
        chain.expect(later("18446744073709551615", 0), #""18446744073709551615""#)
        chain.expect(later("18446744073709551615", 1), #""overflow""#)
        chain.expect(later("0", 18_446_744_073), #""18446744073000000000""#)
        chain.expect(later("0", 18_446_744_074), #""overflow""#)
        chain.expect(later("0", .max, back: true), #""overflow""#)
        for bad in ["-1", "", "1.0", "18446744073709551616"] {
            chain.expect(later(bad, 1), "time must be nanoseconds in a text")
        }
        func since(_ time: Int, _ earlier: Int) -> String {
            chain.query(#"{"since":{"time":"\#(time)","earlier":"\#(earlier)"}}"#)
        }
        chain.expect(since(7, 3), "4")
        chain.expect(since(3, 7), #""overflow""#)
    },

    // MARK: - State
    ContractTest("a list grows, changes and shrinks, and its count has one size") { chain in
        func element(_ index: Int) -> String { chain.query(#"{"element":{"index":\#(index)}}"#) }
        chain.expect(chain.execute(#"{"remove_last":{}}"#).data, "")
        for number in 0..<12 { chain.execute(#"{"append":{"text":"\#(number)"}}"#) }
        chain.execute(#"{"replace":{"index":3,"text":"three"}}"#)
        chain.expect(element(3), #""three""#)
        chain.expect(chain.execute(#"{"replace":{"index":12,"text":""}}"#).error, "no such element")
        chain.expect(chain.execute(#"{"remove_last":{}}"#).data, "11")
        chain.expect(chain.query(#"{"count":{}}"#), "11")
        chain.expect(element(11), "no such element")
        chain.expect(Host.state[bytes("list/#")]?.count == 10)
        chain.expect(Host.state[bytes("list/#3")]?.count == 32)
    },

    // MARK: - Calls
    ContractTest("events, other messages and granted gas go out as the interface has them") { chain in
        let answer = chain.execute(#"{"announce":{}}"#)
        chain.expect(
            answer.events,
            #"[{"type":"news","attributes":[{"key":"a","value":"1","encrypted":false},"#
                + #"{"key":"b","value":"2","encrypted":true}]}]"#)
        chain.expect(
            answer.messages, #"[{"id":4,"msg":{"finalize_tx":{}},"gas_limit":9000,"reply_on":"error"}]"#)
    },
    ContractTest("a reply tells where a contract was made, or why not") { chain in
        chain.expect(chain.execute(#"{"make":{}}"#).messages.contains(#""reply_on":"success""#))
        let made = chain.reply(
            #"{"id":1,"result":{"ok":{"events":[{"type":"message","attributes":[]},{"type":"instantiate","attributes":["#
                + #"{"key":"code_id","value":"3"},{"key":"contract_address","value":"secret1new"}]}],"data":null}}}"#)
        chain.expect(made.data, #""secret1new""#)
        chain.expect(chain.reply(#"{"id":1,"result":{"error":"it broke"}}"#).data, #""it broke""#)
        chain.expect(chain.reply(#"{"id":1,"result":{"ok":{"events":[],"data":null}}}"#).data, #""nothing""#)
        chain.expect(chain.reply(#"{"id":1}"#).error, "incomplete reply")
    },
    ContractTest("another contract is asked with a padded question, and refusals of all kinds are told") { chain in
        chain.instantiate("{}")
        let question = String(
            decoding: Base64.encode(Padding.spaces(bytes(#"{"price":{"of":"tea"}}"#), multiple: 256)), as: UTF8.self)
        let asked =
            #"{"wasm":{"smart":{"contract_addr":"secret1shop","code_hash":"ab","msg":"\#(question)"}}}"#
        Host.onQuery = { request in
            guard request == bytes(asked) else { return bytes(#"{"Err":{"unsupported_request":{"kind":"other"}}}"#) }
            return bytes(
                #"{"Ok":{"Ok":"\#(String(decoding: Base64.encode(bytes(#"{"price":"12"}"#)), as: UTF8.self))"}}"#)
        }
        chain.expect(chain.query(#"{"price":{"of":"tea"}}"#), #""12""#)
        chain.expect(
            chain.query(#"{"price":{"of":"milk"}}"#),
            #"query failed: {"Err":{"unsupported_request":{"kind":"other"}}}"#)
        Host.onQuery = { _ in bytes(#"{"Ok":{"Err":{"generic_err":{"msg":"sold out"}}}}"#) }
        chain.expect(
            chain.query(#"{"price":{"of":"tea"}}"#), #"query failed: {"Ok":{"Err":{"generic_err":{"msg":"sold out"}}}}"#
        )
        // {"price":12} is no amount.
        Host.onQuery = { _ in bytes(#"{"Ok":{"Ok":"eyJwcmljZSI6MTJ9"}}"#) }
        chain.expect(chain.query(#"{"price":{"of":"tea"}}"#), #"price must be an amount in a text, as "12""#)
    },
    ContractTest("a balance is asked of the chain") { chain in
        let asked = #"{"bank":{"balance":{"address":"\#(chain.contract)","denom":"uscrt"}}}"#
        Host.onQuery = { request in
            guard request == bytes(asked) else { return bytes("{}") }
            let answer = #"{"amount":{"denom":"uscrt","amount":"77"}}"#
            return bytes(#"{"Ok":{"Ok":"\#(String(decoding: Base64.encode(bytes(answer)), as: UTF8.self))"}}"#)
        }
        chain.expect(chain.query(#"{"held":{"denom":"uscrt"}}"#), #""77""#)
        chain.expect(chain.query(#"{"held":{"denom":"uatom"}}"#), "query failed: {}")
    },
    ContractTest("a migration has its message and randomness") { chain in
        chain.expect(chain.migrate(#"{"name":"new"}"#).data, #""new0""#)
        chain.expect(chain.migrate(#"{}"#).error, "missing field: name")
    },
    ContractTest("gas is filled up to a target, and never beyond it") { chain in
        func used(_ target: Int) -> Int { Int(chain.execute(#"{"burn":{"to":\#(target)}}"#).data) ?? 0 }
        let least = used(0)
        for target in [least + 1_000, least + 50_000] {
            // Asking how much was used costs a few units itself.
            chain.expect((target...target + 20).contains(used(target)), "\(used(target)) for \(target)")
        }
    },
]
