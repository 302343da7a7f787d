import ContractEngine
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON

/// Runs a story in the engine, on a chain of one contract, and says what came of each call.
final class StoryTeller {
    private let contract: MeasuredContract
    private let say: (String) -> Void
    private var height: UInt64 = 12
    private static let startNanoseconds: UInt64 = 1_700_000_000_000_000_000

    init(_ contract: MeasuredContract, say: @escaping (String) -> Void) { (self.contract, self.say) = (contract, say) }

    /// How many steps did not come out as they must: as expected, or, where nothing is said, without a refusal.
    func tell(_ story: ContractStory) throws -> Int {
        contract.begin()
        return try story.steps.reduce(0) { failures, step in try failures + (tell(step) ? 0 : 1) }
    }

    private func tell(_ step: ContractStory.Step) throws -> Bool {
        let measured = contract.measurements.count
        let answer = try call(step)
        // A trap is not measured.
        if contract.measurements.count > measured, let call = contract.measurements.last {
            say("\(step.entry)\(call.message.isEmpty ? "" : " " + call.message): \(call.gas) gas")
        } else {
            say(step.entry)
        }
        let found: (answer: String?, error: String?)
        switch answer {
        case .trap(let text): found = (nil, "trap: \(text)")
        case .bytes(let bytes):
            switch ContractOutput.parse(bytes, interface: contract.interface, entry: Self.entries[step.entry] ?? .query)
            {
            case .error(let error): found = (nil, error.text)
            case .answer(let text): found = (Self.text(Base64.decode(text)), nil)
            case .response(let response), .acknowledgement(_, let response):
                say(response)
                found = (Self.text(response.data), nil)
            case .channelVersion, .malformed: found = (nil, "what the contract returned has no form of the interface")
            }
        }
        if let text = found.answer, !text.isEmpty { say("    \(text)") }
        if let error = found.error { say("    error: \(error)") }
        return judge(step, found)
    }

    private func judge(_ step: ContractStory.Step, _ found: (answer: String?, error: String?)) -> Bool {
        let complaint: String?
        switch step.expectation {
        case .answer(let expected): complaint = found.answer == expected ? nil : "expected \(expected)"
        case .error(let expected):
            complaint = found.error?.contains(expected) == true ? nil : "expected the error \(expected)"
        case nil: complaint = found.error == nil ? nil : "not expected to be refused"
        }
        if let complaint { say("    line \(step.line): \(complaint)") }
        return complaint == nil
    }

    /// Padding is not told.
    private static func text(_ bytes: [UInt8]?) -> String {
        var bytes = bytes ?? []
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func say(_ response: ContractResponse) {
        for message in response.messages { say("    message \(message.message)") }
        for attribute in response.attributes + response.events.flatMap(\.attributes) {
            say("    \(attribute.isEncrypted ? "sealed" : "public") attribute \(attribute.key) = \(attribute.value)")
        }
    }

    // MARK: - Calls

    private static let entries: [String: ContractEntry] = [
        "instantiate": .instantiate, "execute": .execute, "query": .query, "migrate": .migrate,
    ]

    private func call(_ step: ContractStory.Step) throws -> MeasuredContract.Answer {
        let isQuery = step.entry == "query"
        if !isQuery { height += 1 }
        let sender = try Self.address(step.sender, step.line)
        let funds = try Self.coins(step.funds, step.line)
        let environment = ContractABI.environment(
            contract.interface,
            ContractABI.Environment(
                height: height, timeNanoseconds: Self.startNanoseconds + height * 5_000_000_000, chainID: "secretdev-1",
                random: isQuery ? nil : SHA256.hash(Array("block \(height)".utf8)).bytes,
                contract: Self.person(0x33), codeHash: contract.codeHash, sender: isQuery ? "" : sender,
                funds: funds,
                transaction: isQuery ? nil : .init(index: 0, hash: String(repeating: "5A", count: 32))))
        return try contract.call(
            step.entry, environment: environment, info: ContractABI.messageInfo(sender: sender, funds: funds),
            message: Array(step.message.utf8)
        ) { _ in Array(#"{"Err":{"unknown":{}}}"#.utf8) }
    }

    private static func person(_ byte: UInt8) -> String {
        Bech32.encode(prefix: "secret", [UInt8](repeating: byte, count: 20))
    }

    /// As the test kit calls them, or an address.
    private static func address(_ name: String, _ line: Int) throws -> String {
        switch name {
        case "alice": return person(0x11)
        case "bob": return person(0x22)
        case "carol": return person(0x44)
        default:
            guard AccountAddress(bech32: name) != nil else {
                throw ContractStory.Malformed(line: line, problem: "\(name) is not alice, bob, carol or an address")
            }
            return name
        }
    }

    private static func coins(_ text: String, _ line: Int) throws -> [Coin] {
        try text.split(separator: ",").map { coin in
            let digits = coin.prefix { $0.isASCII && $0.isNumber }
            guard let amount = UInt128(digits), amount > 0, Coin.isDenomination(String(coin.dropFirst(digits.count)))
            else { throw ContractStory.Malformed(line: line, problem: "\(coin) is no amount, as 5uscrt is") }
            return Coin(amount, String(coin.dropFirst(digits.count)))
        }
    }
}
