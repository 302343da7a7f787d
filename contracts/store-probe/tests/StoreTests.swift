private func text(_ json: JSON) -> String { String(decoding: json.encoded, as: UTF8.self) }
private func text(_ string: String) -> Text { Text(Array(string.utf8)) }

/// What the structures are in plain words: arrays and equality.
private struct Model {
    var records: [String: [(key: Text, record: Record)]] = [:]
    var numbers: [String: [UInt64]] = [:]
    var texts: [String: [Text]] = [:]
    var kept: [String: UInt64] = [:]
    var set: [Text] = []

    /// The answer that a step must have.
    mutating func run(_ step: Step) -> JSON {
        switch step {
        case .save(let owner, let key, let record):
            let index = records[name(owner), default: []].firstIndex { $0.key == key }
            if let index {
                records[name(owner), default: []][index].record = record
            } else {
                records[name(owner), default: []].append((key, record))
            }
            return .bool(index == nil)
        case .remove(let owner, let key):
            guard let index = records[name(owner), default: []].firstIndex(where: { $0.key == key }) else {
                return .null
            }
            return Model.takeOut(index, of: &records[name(owner), default: []]).record.json
        case .insert(let owner, let number):
            if numbers[name(owner), default: []].contains(number) { return .bool(false) }
            numbers[name(owner), default: []].append(number)
            return .bool(true)
        case .delete(let owner, let number):
            guard let index = numbers[name(owner), default: []].firstIndex(of: number) else { return .bool(false) }
            _ = Model.takeOut(index, of: &numbers[name(owner), default: []])
            return .bool(true)
        case .append(let owner, let text): texts[name(owner), default: []].append(text)
        case .prepend(let owner, let text): texts[name(owner), default: []].insert(text, at: 0)
        case .removeFirst(let owner):
            guard !texts[name(owner), default: []].isEmpty else { return .null }
            return texts[name(owner), default: []].removeFirst().json
        case .removeLast(let owner): return (texts[name(owner), default: []].popLast()).json
        case .replace(let owner, let index, let text):
            guard Int(index) < texts[name(owner), default: []].count else { return "no such element" }
            texts[name(owner), default: []][Int(index)] = text
        case .keep(let owner, let number): kept[name(owner)] = number
        case .forget(let owner): kept[name(owner)] = nil
        case .set(let key, _): if !set.contains(key) { set.append(key) }
        case .clear(let key): set.removeAll { $0 == key }
        }
        return .null
    }

    /// The last element takes the place that becomes free.
    private static func takeOut<Element>(_ index: Int, of elements: inout [Element]) -> Element {
        let element = elements[index]
        elements[index] = elements[elements.count - 1]
        elements.removeLast()
        return element
    }

    private func name(_ owner: Text) -> String { String(decoding: owner.utf8, as: UTF8.self) }
}

private func page<Element>(_ elements: [Element], _ page: Int, _ size: Int) -> [Element] {
    Array(elements.dropFirst(page * size).prefix(size))
}

/// Random steps over few owners and keys, among them such as could be taken for something else.
private struct Steps {
    static let owners = ["", "a", "a/b", "\u{0}", "s", "s\u{3}", "a\u{0}\u{0}\u{0}\u{0}\u{1}b"]
    static let keys = [
        "", "a", "b", "\u{0}", "\u{0}\u{0}\u{0}\u{0}", "\u{4}\u{0}", "s", "ключ", String(repeating: "k", count: 70),
    ]
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func pick(_ strings: [String]) -> Text { text(strings[number(strings.count)]) }

    mutating func record() -> Record {
        let shapes: [Shape] = [
            .point, .circle(radius: UInt32(number(1 << 30)) << 2, at: Spot(x: Int32(number(9)) - 4, y: .min)),
            .label(pick(Steps.keys)),
        ]
        return Record(
            number: UInt64(number(1 << 30)) << UInt64(number(34)), text: pick(Steps.keys),
            tags: (0..<number(4)).map { _ in pick(Steps.keys) }, note: number(2) == 0 ? nil : pick(Steps.keys),
            shape: shapes[number(shapes.count)], level: number(2) == 0 ? .low : .high)
    }

    mutating func next() -> Step {
        let owner = pick(Steps.owners)
        switch number(14) {
        case 0, 1: return .save(of: owner, key: pick(Steps.keys), record: record())
        case 2: return .remove(of: owner, key: pick(Steps.keys))
        case 3, 4: return .insert(of: owner, number: UInt64(number(9)))
        case 5: return .delete(of: owner, number: UInt64(number(9)))
        case 6: return .append(of: owner, text: pick(Steps.keys))
        case 7: return .prepend(of: owner, text: pick(Steps.keys))
        case 8: return .removeFirst(of: owner)
        case 9: return .removeLast(of: owner)
        case 10: return .replace(of: owner, index: UInt32(number(4)), text: pick(Steps.keys))
        case 11: return .keep(of: owner, number: UInt64(number(1 << 20)))
        case 12: return number(2) == 0 ? .forget(of: owner) : .clear(key: pick(Steps.keys))
        default: return .set(key: pick(Steps.keys), nothing: Nothing())
        }
    }
}

private func run(_ chain: TestChain, _ steps: [Step]) -> TestAnswer {
    chain.execute(text(Action.run(steps: steps).json))
}

/// A structure's name in the state, as `StorePath` has it.
private func entry(_ kind: StorePath.Kind, _ rest: [UInt8] = []) -> [UInt8] {
    [0, 1, UInt8(ascii: "s"), kind.rawValue] + rest
}

private func sample(_ number: UInt64) -> Record {
    Record(number: number, text: "t", tags: [], note: nil, shape: .point, level: .low)
}

let contractTests: [ContractTest] = [
    ContractTest("all structures do what plain arrays do, whatever the steps, owners and keys") { chain in
        let seed = environmentVariable("CLOISTER_SEED").flatMap { UInt64($0) } ?? 1
        for round in 0..<(EngineLink.isPresent ? 2 : 8) {
            chain.clear()
            var steps = Steps(seed: seed &+ UInt64(round) &* 7919)
            var model = Model()
            for batch in 0..<30 {
                let next = (0..<25).map { _ in steps.next() }
                let expected = next.map { model.run($0) }
                let answer = run(chain, next)
                chain.expect(answer.data == text(JSON.array(expected)), "seed \(seed), batch \(batch): \(answer.text)")
                if answer.data != text(JSON.array(expected)) { return }
                let owner = Steps.owners[steps.number(Steps.owners.count)]
                let (number, size) = (steps.number(4), 1 + steps.number(4))
                let (records, numbers, texts) = (
                    model.records[owner] ?? [], model.numbers[owner] ?? [], model.texts[owner] ?? []
                )
                let of = text(JSON.string(text(owner)))
                func ask(_ question: String) -> String {
                    chain.query(#"{"\#(question)":{"of":\#(of),"page":\#(number),"size":\#(size)}}"#)
                }
                chain.expect(
                    ask("records"),
                    text(page(records, number, size).map { Listed(key: $0.key, record: $0.record) }.json))
                chain.expect(ask("keys"), text(page(records, number, size).map(\.key).json))
                chain.expect(ask("numbers"), text(page(numbers, number, size).json))
                for newest in [false, true] {
                    chain.expect(
                        chain.query(
                            #"{"texts":{"of":\#(of),"page":\#(number),"size":\#(size),"newest":\#(newest)}}"#),
                        text(page(newest ? texts.reversed() : texts, number, size).json))
                }
                chain.expect(
                    chain.query(#"{"counts":{"of":\#(of)}}"#),
                    #"{"records":\#(records.count),"numbers":\#(numbers.count),"texts":\#(texts.count)}"#)
                let key = Steps.keys[steps.number(Steps.keys.count)]
                let quoted = text(JSON.string(text(key)))
                chain.expect(
                    chain.query(#"{"find":{"of":\#(of),"key":\#(quoted)}}"#),
                    text((records.first { $0.key == text(key) }?.record).json))
                chain.expect(chain.query(#"{"is_set":{"key":\#(quoted)}}"#), "\(model.set.contains(text(key)))")
                chain.expect(
                    chain.query(#"{"kept":{"of":\#(of)}}"#), model.kept[owner].map { "\($0)" } ?? "nothing stored: s")
            }
        }
    },
    ContractTest("what is taken out again leaves nothing behind but counts") { chain in
        let owners = Steps.owners.map { text($0) }
        let numbers = (0..<7).map { UInt64($0) }
        _ = run(
            chain,
            owners.flatMap { owner in numbers.map { .save(of: owner, key: Text(decimal: $0), record: sample($0)) } })
        _ = run(chain, owners.flatMap { owner in numbers.map { .insert(of: owner, number: $0) } })
        _ = run(
            chain,
            owners.flatMap { owner in
                numbers.map { $0 % 2 == 0 ? .append(of: owner, text: "x") : .prepend(of: owner, text: "y") }
            })
        chain.expect(Host.state.count == owners.count * (2 * 7 + 1 + 2 * 7 + 1 + 7 + 1), "\(Host.state.count)")
        let order: [UInt64] = [3, 6, 0, 1, 5, 4, 2]
        _ = run(chain, owners.flatMap { owner in order.map { .remove(of: owner, key: Text(decimal: $0)) } })
        _ = run(chain, owners.flatMap { owner in order.map { .delete(of: owner, number: $0) } })
        _ = run(
            chain,
            owners.flatMap { owner in order.map { $0 % 2 == 0 ? .removeFirst(of: owner) : .removeLast(of: owner) } })
        chain.expect(Host.state.count == owners.count * 3, "\(Host.state.count)")
    },
    ContractTest("work does not grow with what is held") { chain in
        // The test kit counts; in the engine gas would, and other things with it.
        if EngineLink.isPresent { return }
        func work(_ step: Step) -> [Int] {
            (Host.reads, Host.writes) = (0, 0)
            _ = run(chain, [step])
            return [Host.reads, Host.writes]
        }
        func saved(_ number: UInt64) -> Step { .save(of: "", key: Text(decimal: number), record: sample(number)) }
        for number in UInt64(0)..<3 {
            _ = run(chain, [saved(number), .insert(of: "", number: number), .append(of: "", text: "x")])
        }
        var first: [[Int]] = []
        for round in 0..<2 {
            let base: UInt64 = round == 0 ? 3 : 500
            let found = [
                work(saved(base)), work(saved(base)), work(saved(base + 1)),
                work(.remove(of: "", key: Text(decimal: base))),
                work(.insert(of: "", number: base)), work(.insert(of: "", number: base + 1)),
                work(.delete(of: "", number: base)), work(.append(of: "", text: "x")),
                work(.prepend(of: "", text: "x")),
                work(.removeFirst(of: "")), work(.removeLast(of: "")), work(.replace(of: "", index: 1, text: "z")),
            ]
            if round == 0 { first = found } else { chain.expect(found == first, "\(found) is not \(first)") }
            for number in (base + 2)..<(base + 150) {
                _ = run(chain, [saved(number), .insert(of: "", number: number), .append(of: "", text: "x")])
            }
        }
        // As the documentation says of a map: three writes for a new key, one for a known one, five for a removal.
        chain.expect(first[0] == [2, 3] && first[1] == [1, 1] && first[3] == [4, 5], "\(first)")
    },
    ContractTest("a page has 256 elements at most, and one behind the end is empty") { chain in
        for start in stride(from: 0, to: 300, by: 50) {
            _ = run(chain, (start..<(start + 50)).map { .append(of: "", text: Text(decimal: $0)) })
        }
        func texts(_ page: UInt32, _ size: UInt32) -> Int {
            chain.query(#"{"texts":{"of":"","page":\#(page),"size":\#(size),"newest":false}}"#).filter { $0 == "\"" }
                .count / 2
        }
        chain.expect(texts(0, .max) == 256 && texts(1, .max) == 44 && texts(.max, .max) == 0 && texts(0, 0) == 0)
        chain.expect(texts(2, 200) == 0 && texts(1, 200) == 100)
    },
    ContractTest("values are padded, and one stored in another form is refused by name, not taken for a value") {
        chain in
        _ = run(chain, [.save(of: "", key: "k", record: sample(1)), .append(of: "", text: "x")])
        let key = entry(.mapEntry, [0, 0, 0, 1, UInt8(ascii: "k")])
        chain.expect(Host.state[key]?.count == 64, "\(Host.state.keys)")
        chain.expect(Host.state[entry(.dequeElement, [0, 0, 0, 0])]?.count == 16)
        chain.expect(Host.state[entry(.dequeEnds)] == [0, 0, 0, 0, 0, 0, 0, 1])
        func spoil(_ key: [UInt8], _ value: [UInt8]) {
            chain.execute(text(Action.spoil(key: Bytes(key), value: Bytes(value)).json))
        }
        let question = #"{"find":{"of":"","key":"k"}}"#
        let good = Host.state[key] ?? []
        for (bytes, complaint) in [
            (Array(good.prefix(20)), "ends too early"), (good + [1], "goes on behind its end"), ([], "ends too early"),
        ] {
            spoil(key, bytes)
            chain.expect(chain.query(question), "what is stored of s \(complaint)")
        }
        spoil(key, good)
        spoil(entry(.mapCount), [0, 0, 0, 0])
        chain.expect(run(chain, [.remove(of: "", key: "k")]).error, "what is stored of s does not fit together")
    },
    ContractTest("the ends of a list go round at 2^32, and a full map or list takes no more") { chain in
        func spoil(_ key: [UInt8], _ value: [UInt8]) {
            chain.execute(text(Action.spoil(key: Bytes(key), value: Bytes(value)).json))
        }
        spoil(entry(.dequeEnds), [255, 255, 255, 254, 0, 0, 0, 0])
        let answer = run(
            chain,
            [
                .append(of: "", text: "a"), .append(of: "", text: "b"), .append(of: "", text: "c"),
                .removeFirst(of: ""), .removeFirst(of: ""),
                .removeFirst(of: ""), .prepend(of: "", text: "d"), .prepend(of: "", text: "e"), .removeLast(of: ""),
            ])
        chain.expect(answer.data, #"[null,null,null,"a","b","c",null,null,"d"]"#)
        spoil(entry(.dequeEnds), [0, 0, 0, 0, 255, 255, 255, 255])
        chain.expect(run(chain, [.append(of: "", text: "a")]).error, "s is full")
        chain.expect(run(chain, [.prepend(of: "", text: "a")]).error, "s is full")
        spoil(entry(.mapCount), [255, 255, 255, 255])
        chain.expect(run(chain, [.save(of: "", key: "k", record: sample(1))]).error, "s is full")
    },

    // MARK: - Binary form
    ContractTest("a value comes back from its form, whatever it is, and its form is the one that is documented") {
        chain in
        var steps = Steps(seed: 11)
        for _ in 0..<(EngineLink.isPresent ? 20 : 200) {
            let record = steps.record()
            let encoded = chain.query(#"{"encode":{"record":\#(text(record.json))}}"#)
            chain.expect(chain.query(#"{"decode":{"bytes":\#(encoded)}}"#), text(record.json))
        }
        let record = Record(
            number: 258, text: "é", tags: ["x", ""], note: "", shape: .circle(radius: 7, at: Spot(x: -2, y: 1)),
            level: .high)
        let form: [UInt8] =
            [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 2, 0xc3, 0xa9] + [0, 0, 0, 2, 0, 0, 0, 1, 0x78, 0, 0, 0, 0]
            + [1, 0, 0, 0, 0] + [1, 0, 0, 0, 7, 255, 255, 255, 254, 0, 0, 0, 0, 0, 0, 0, 1] + [1]
        chain.expect(chain.query(#"{"encode":{"record":\#(text(record.json))}}"#), text(JSON.base64(form)))
    },
    ContractTest("any bytes are a value, with only that form, or an error") { chain in
        var steps = Steps(seed: 5)
        func decode(_ bytes: [UInt8]) -> String { chain.query(#"{"decode":{"bytes":\#(text(JSON.base64(bytes)))}}"#) }
        for _ in 0..<(EngineLink.isPresent ? 20 : 300) {
            let good = steps.record().binary
            var bytes = good
            switch steps.number(3) {
            case 0: bytes[steps.number(bytes.count)] ^= 1 << UInt8(steps.number(8))
            case 1: bytes = Array(bytes.prefix(steps.number(bytes.count)))
            default: bytes.append(UInt8(steps.number(3)))
            }
            let answer = decode(bytes)
            guard let json = try? JSONReader.parse(Array(answer.utf8)), case .object = json else {
                let known: [BinaryError] = [.ended, .noSuchCase, .notUTF8, .tooDeep, .tooLong]
                chain.expect(
                    known.contains { #""\#(String(decoding: $0.text.utf8, as: UTF8.self))""# == answer }, answer)
                continue
            }
            // What it was read as has this form, but for zeros behind it.
            var form = (try Record(json, "record")).binary
            if bytes.count > form.count { form += [UInt8](repeating: 0, count: bytes.count - form.count) }
            chain.expect(form == bytes)
        }
        // A count that the bytes cannot hold is refused before anything is made.
        chain.expect(decode([UInt8](repeating: 0, count: 12) + [255, 255, 255, 255]), #""ends too early""#)
        chain.expect(decode([UInt8](repeating: 0, count: 8) + [0, 0, 0, 1, 0xff]), #""has a text that is not UTF-8""#)
        chain.expect(decode([UInt8](repeating: 0, count: 16) + [2]), #""has a case that is unknown""#)
        func tree(_ depth: Int) -> String {
            let form = [[UInt8]](repeating: [0, 0, 0, 1], count: depth).joined() + [0, 0, 0, 0] as [UInt8]
            return chain.query(#"{"decode_tree":{"bytes":\#(text(JSON.base64(form)))}}"#)
        }
        chain.expect(tree(31), "1")
        chain.expect(tree(32), #""is too deep""#)
        chain.expect(tree(5000), #""is too deep""#)
    },
]
