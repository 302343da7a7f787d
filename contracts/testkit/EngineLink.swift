/// The enclave's contract engine, when `cloister contract` runs the tests in it: the same calls go to the built module
/// instead of the Swift in this program, and gas is measured.
///
/// The other side is the program `cloister-contract`. A line each way: a word, then values in base64, `-` for an empty
/// one.
enum EngineLink {
    /// The hash of the module, as its environment tells it; `nil` if the tests run natively.
    static let codeHash = environmentVariable("CLOISTER_CONTRACT_CODE_HASH")
    static var isPresent: Bool { codeHash != nil }

    /// A chain without a contract, for the next test.
    static func begin() { _ = ask("begin", []) }

    /// From here on calls are of one run of a pair of secrets, and looked at as a host would.
    static func beginRun(_ pair: String, side: String, reason: String) {
        _ = ask("run", [Array(pair.utf8), Array(side.utf8), Array(reason.utf8)])
    }

    /// The module's answer; a trap is told as a refusal that begins with `trap: `. A refused call changes nothing.
    static func call(_ entry: String, _ environment: [UInt8], _ info: [UInt8], _ message: [UInt8]) -> [UInt8] {
        send("call", [Array(entry.utf8), environment, info, message])
        while true {
            let (word, values) = receive()
            switch word {
            case "query": send("answer", [Host.onQuery(values[0])])
            case "done": return values[0]
            default: return Array(#"{"Err":"trap: \#(String(decoding: values.first ?? [], as: UTF8.self))"}"#.utf8)
            }
        }
    }

    static var state: [[UInt8]: [UInt8]] {
        let (_, values) = ask("state", [])
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) })
    }

    /// Takes back what calls wrote: the state is this one again.
    static func restore(_ state: [[UInt8]: [UInt8]]) { _ = ask("restore", state.flatMap { [$0.key, $0.value] }) }

    private static func ask(_ word: String, _ values: [[UInt8]]) -> (word: String, values: [[UInt8]]) {
        send(word, values)
        return receive()
    }

    private static func send(_ word: String, _ values: [[UInt8]]) {
        writeOutput(
            word + values.map { $0.isEmpty ? " -" : " " + String(decoding: Base64.encode($0), as: UTF8.self) }.joined())
    }

    private static func receive() -> (word: String, values: [[UInt8]]) {
        guard let line = readInput() else {
            say("the engine has ended")
            exitProcess(1)
        }
        let parts = line.split(separator: " ")
        return (
            String(parts.first ?? ""), parts.dropFirst().map { $0 == "-" ? [] : Base64.decode(Array($0.utf8)) ?? [] }
        )
    }
}
