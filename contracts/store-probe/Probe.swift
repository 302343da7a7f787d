typealias ThisContract = Probe

// sdk: message
struct Start {}

// sdk: message
// sdk: stored
struct Record: Equatable {
    var number: UInt64
    var text: Text
    var tags: [Text]
    var note: Text?
    var shape: Shape
    var level: Level
}

// sdk: message
// sdk: stored
enum Shape: Equatable {
    case point
    case circle(radius: UInt32, at: Spot)
    case label(Text)
}

// sdk: message
// sdk: stored
struct Spot: Equatable {
    var x: Int32
    var y: Int64
}

// sdk: words
// sdk: stored
enum Level: Equatable {
    case low, high
}

// sdk: message
// sdk: stored
struct Nothing: Equatable {}

/// Can hold itself, which an honest form may do 32 times.
// sdk: message
// sdk: stored
struct Tree {
    var branches: [Tree]
}

/// `of` is the suffix; an empty one is the structure without.
// sdk: message
enum Step {
    case save(of: Text, key: Text, record: Record)
    case remove(of: Text, key: Text)
    case insert(of: Text, number: UInt64)
    case delete(of: Text, number: UInt64)
    case append(of: Text, text: Text)
    case prepend(of: Text, text: Text)
    case removeFirst(of: Text)
    case removeLast(of: Text)
    case replace(of: Text, index: UInt32, text: Text)
    case keep(of: Text, number: UInt64)
    case forget(of: Text)
    case set(key: Text, nothing: Nothing)
    case clear(key: Text)
}

// sdk: message
enum Action {
    /// The answer says of each step what it gave back.
    case run(steps: [Step])
    /// Writes bytes where a structure has its own.
    case spoil(key: Bytes, value: Bytes)
}

// sdk: message
enum Question {
    case find(of: Text, key: Text)
    case records(of: Text, page: UInt32, size: UInt32)
    case keys(of: Text, page: UInt32, size: UInt32)
    case numbers(of: Text, page: UInt32, size: UInt32)
    case texts(of: Text, page: UInt32, size: UInt32, newest: Bool)
    case counts(of: Text)
    case kept(of: Text)
    case text(of: Text, index: UInt32)
    case isSet(key: Text)
    case encode(record: Record)
    case decode(bytes: Bytes)
    case decodeTree(bytes: Bytes)
}

// sdk: message
struct Listed {
    var key: Text
    var record: Record
}

// sdk: message
struct Counts {
    var records: UInt32
    var numbers: UInt32
    var texts: UInt32
}

/// One of each structure of the storage kit, told what to do: for its tests against a plain model, natively and in the
/// engine.
enum Probe: Contract {
    // Equal names on purpose: structures of different kinds keep apart all the same.
    private static let records = Keymap<Text, Record>("s", paddedTo: 64)
    private static let numbers = Keyset<UInt64>("s")
    private static let texts = Deque<Text>("s", paddedTo: 16)
    private static let cell = Cell<UInt64>("s")
    private static let table = Lookup<Text, Nothing>("s")

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response { Response() }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        switch message {
        case .run(let steps):
            var answers: [JSON] = []
            for step in steps { answers.append(try run(step)) }
            return Response(answering: answers)
        case .spoil(let key, let value):
            Host.write(key.bytes, value.bytes)
            return Response()
        }
    }

    private static func run(_ step: Step) throws(ContractError) -> JSON {
        switch step {
        case .save(let owner, let key, let record): return try map(owner).save(record, at: key).json
        case .remove(let owner, let key): return try map(owner).remove(key).json
        case .insert(let owner, let number): return try set(owner).insert(number).json
        case .delete(let owner, let number): return try set(owner).remove(number).json
        case .append(let owner, let text): try list(owner).append(text)
        case .prepend(let owner, let text): try list(owner).prepend(text)
        case .removeFirst(let owner): return try list(owner).removeFirst().json
        case .removeLast(let owner): return try list(owner).removeLast().json
        case .replace(let owner, let index, let text):
            do throws(ContractError) {
                try list(owner).replace(index, with: text)
            } catch {
                guard error.kind == .absent else { throw error }
                return .string(error.message)
            }
        case .keep(let owner, let number): (owner.utf8.isEmpty ? cell : cell.of(owner)).save(number)
        case .forget(let owner): (owner.utf8.isEmpty ? cell : cell.of(owner)).remove()
        case .set(let key, let nothing): table.save(nothing, at: key)
        case .clear(let key): table.remove(key)
        }
        return .null
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .find(let owner, let key): return try map(owner).find(key).json
        case .records(let owner, let page, let size):
            let elements = try map(owner).page(page, size: size)
            return elements.map { Listed(key: $0.key, record: $0.value) }.json
        case .keys(let owner, let page, let size): return try map(owner).keys(page: page, size: size).json
        case .numbers(let owner, let page, let size): return try set(owner).page(page, size: size).json
        case .texts(let owner, let page, let size, let newest):
            let list = list(owner)
            return newest ? try list.newest(page: page, size: size).json : try list.page(page, size: size).json
        case .counts(let owner):
            return Counts(
                records: try map(owner).count(), numbers: try set(owner).count(), texts: try list(owner).count()
            ).json
        case .kept(let owner): return try (owner.utf8.isEmpty ? cell : cell.of(owner)).load().json
        case .text(let owner, let index): return try list(owner).element(index).json
        case .isSet(let key):
            let found = try table.find(key)
            return (table.contains(key) && found == Nothing()).json
        case .encode(let record): return .base64(record.binary)
        case .decode(let bytes):
            do throws(BinaryError) {
                let record = try BinaryReader.decode(Record.self, bytes.bytes)
                return record.json
            } catch {
                return .string(error.text)
            }
        case .decodeTree(let bytes):
            do throws(BinaryError) {
                let tree = try BinaryReader.decode(Tree.self, bytes.bytes)
                return tree.branches.count.json
            } catch {
                return .string(error.text)
            }
        }
    }

    private static func map(_ owner: Text) -> Keymap<Text, Record> { owner.utf8.isEmpty ? records : records.of(owner) }
    private static func set(_ owner: Text) -> Keyset<UInt64> { owner.utf8.isEmpty ? numbers : numbers.of(owner) }
    private static func list(_ owner: Text) -> Deque<Text> { owner.utf8.isEmpty ? texts : texts.of(owner) }
}
