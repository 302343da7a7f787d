import Auth
import Bank
import ChainMessages
import EconomyKit
import EnclaveProtocol
import ExactNumbers
import Foundation
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import Wire

/// The same story told to a live node of the Cosmos SDK and to the modules (`Tests/Differential`).
@Suite("A story that a live node was told")
struct DifferentialTests {
    /// A long one that `make differential` has just told, or the one that stands in the repository.
    private static let story =
        ProcessInfo.processInfo.environment["CLOISTER_DIFFERENTIAL"]
        ?? Repository.path("Tests/Fixtures/live-story.jsonl")

    @Test(
        "events, numbers, refusals, powers and answers are the live node's but for what docs/sdk-differences.md lists")
    func agrees() async throws {
        let found = try await onThread { try Retelling.differences(Self.story) }
        #expect(found.differences.isEmpty, "\(found.summary.joined(separator: "\n"))")
        #expect(found.compared > 500 && found.done > 20, "\(found.summary[0])")
    }
}

/// A story of a live node, done by the modules.
private struct Retelling {
    /// What a unit of power is there, in units of power here: tokens are the same numbers in both.
    static let powerScale: Int64 = 1_000_000_000_000

    /// Where fees go: the live node keeps them in an account of a module of its own, and shares none of them out.
    private static let feeAccount = AccountAddress([UInt8](repeating: 0xFE, count: 20))!

    private let economy: Economy
    private var expectedPowers: [String: Int64] = [:]
    private var powers: [String: Int64] = [:]
    private var differences: [(kind: String, what: String)] = []
    private var (compared, done) = (0, 0)
    private var height = 0

    struct Found: Sendable {
        var summary: [String]
        var differences: [String]
        var compared: Int
        /// Messages that did something.
        var done: Int
    }

    static func differences(_ path: String) throws -> Found {
        var retelling: Retelling?
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix(#"{"genesis""#) {
                let value = try JSONReader.parse(Array(line.utf8), limits: .init(bytesMax: 1 << 20, depthMax: 32))
                retelling = try Retelling(value["genesis"]!)
            } else {
                try retelling!.follow(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as! [String: Any])
            }
        }
        return retelling!.found
    }

    init(_ genesis: JSONValue) throws {
        economy = try Economy(genesis: genesis)
        for power in try Economy.modules.validatorPowers(in: economy.state) {
            expectedPowers[Base64.encode(power.publicKey)] = power.power / Self.powerScale
        }
        powers = expectedPowers
    }

    private var found: Found {
        var lines = [
            "\(height) blocks, \(done) messages done, \(compared) things compared, \(differences.count) differences"
        ]
        lines += differences.prefix(4).map { "first: \($0.kind), \($0.what)" }
        for (kind, list) in Dictionary(grouping: differences, by: \.kind).sorted(by: { $0.key < $1.key }) {
            lines.append("== \(kind): \(list.count)")
            lines += list.prefix(3).map { "   \($0.what)" }
        }
        return Found(summary: lines, differences: differences.map(\.kind), compared: compared, done: done)
    }

    private mutating func follow(_ line: [String: Any]) throws {
        if let begin = line["begin"] as? [String: Any] {
            height = begin["height"] as! Int
            let votes = (begin["votes"] as! [[Any]]).map { vote in
                BlockVote(
                    validator: Hexadecimal.decode(vote[0] as! String)!, power: Int64(vote[1] as! Int) * Self.powerScale,
                    isPresent: vote[2] as! Int != 1)
            }
            let misbehavior = (begin["evidence"] as! [[String: Any]]).map { proof in
                let value = proof["value"] as! [String: Any]
                let vote = value["vote_a"] as! [String: Any]
                return BlockMisbehavior(
                    validator: Hexadecimal.decode(vote["validator_address"] as! String)!,
                    power: Int64(value["validator_power"] as! String)! * Self.powerScale,
                    height: Int64(vote["height"] as! String)!, time: Timestamp(rfc3339: value["timestamp"] as! String)!)
            }
            let events = try economy.begin(
                time: Timestamp(rfc3339: begin["time"] as! String)!, votes: votes, misbehavior: misbehavior,
                proposer: Hexadecimal.decode(begin["proposer"] as! String)!)
            if let told = begin["events"] as? [String] {
                compare("begin", events.map(\.line), told.filter { !$0.hasPrefix("txfees{") })
            }
        } else if let hex = line["check"] as? String {
            // What no block was asked: refused whatever the state is.
            let message = try AnyMessage(decoding: Hexadecimal.decode(hex)![...], ignoresUnknown: false)
            compare(
                "check of \(message.typeURL)", [try economy.run(any: message).refusal.map(Self.said) ?? "done"],
                ["\(line["codespace"]!) \(line["code"]!) \(Self.bare(line["log"] as! String))"])
        } else if let hex = line["tx"] as? String {
            try run(hex, line)
        } else if let end = line["end"] as? [String: Any] {
            compare("end", try economy.end().map(\.line), end["events"] as! [String])
            for update in end["updates"] as! [[Any]] {
                expectedPowers[update[0] as! String] = update[1] as? Int == 0 ? nil : Int64(update[1] as! Int)
            }
            for power in try Economy.modules.validatorPowers(in: economy.state) {
                let scaled = power.power / Self.powerScale
                powers[Base64.encode(power.publicKey)] = scaled == 0 ? nil : scaled
            }
            compare(
                "powers", powers.map { "\($0.key) \($0.value)" }.sorted(),
                expectedPowers.map { "\($0.key) \($0.value)" }.sorted())
            let broken = try Economy.modules.brokenInvariants(in: economy.state)
            compare("invariants", broken, [])
        } else if let path = line["ask"] as? String {
            try ask(path, line)
        }
    }

    private mutating func run(_ hex: String, _ line: [String: Any]) throws {
        let message = try AnyMessage(decoding: Hexadecimal.decode(hex)![...], ignoresUnknown: false)
        try BankModule.move(
            try Coins([Coin(UInt128(line["fee"] as! String)!, "inj")]),
            from: AccountAddress(bech32: line["payer"] as! String)!, to: Self.feeAccount, on: economy.state)
        let expected =
            ["\(line["codespace"]!) \(line["code"]!) \(Self.bare(line["log"] as! String))"]
            + (line["events"] as! [String])
        switch try economy.run(any: message) {
        case .success(let outcome):
            done += 1
            // The live node is of a fork that takes the coins of MsgMultiSend once for each who gets some.
            let isMultiSend = message.typeURL == "/cosmos.bank.v1beta1.MsgMultiSend"
            func comparable(_ lines: [String]) -> [String] {
                isMultiSend ? lines.filter { !$0.hasPrefix("coin_spent{") && !$0.hasPrefix("message{sender=") } : lines
            }
            compare(
                message.typeURL, comparable([" 0 "] + outcome.events.map(\.line)),
                comparable(line["code"] as! Int == 0 ? expected : [expected[0]]))
        case .failure(let refusal):
            compare(message.typeURL, [Self.said(refusal)], [expected[0]])
        }
    }

    private static func said(_ refusal: TransactionRefusal) -> String {
        "\(refusal.codespace) \(refusal.code) \(bare(refusal.log))"
    }

    /// A log without what the layer above put around it, and without the place in the original's code.
    private static func bare(_ log: String) -> String {
        var log = log.replacing("failed to execute message; message index: 0: ", with: "")
        if log.contains(".go:"), log.hasSuffix("]"), let place = log.range(of: " [", options: .backwards) {
            log = String(log[..<place.lowerBound])
        }
        // Of a message inside another the original prints all fields, and we its name.
        let start = "failed to execute message; message "
        if log.hasPrefix(start),
            let end = log.range(
                of: log.hasPrefix(start + "/") ? ": " : " : ",
                range: log.index(log.startIndex, offsetBy: start.count)..<log.endIndex)
        {
            log = start + "it: " + log[end.upperBound...]
        }
        return log
    }

    private mutating func ask(_ path: String, _ line: [String: Any]) throws {
        let request = Hexadecimal.decode(line["request"] as! String)!
        let expected = try Self.comparable(path, Hexadecimal.decode(line["value"] as! String)!)
        let code = line["code"] as! Int
        var answer: String
        do {
            answer = try Self.comparable(path, try economy.answer(path, request))
            if code != 0 { answer = "an answer" }
        } catch let refusal as QueryRefusal {
            answer = "refused: \(refusal.text)"
            // What the router puts around a refusal is another layer's.
            var log = line["log"] as! String
            for part in ["rpc error: code = NotFound desc = ", ": key not found", ": unknown request"] {
                log = log.replacing(part, with: "")
            }
            var text = refusal.text
            if text.hasPrefix("codespace "), let place = text.range(of: ": ") {
                text = String(text[place.upperBound...])
            }
            if code != 0 { return compare(path, [text], [log]) }
        }
        compare(path, [answer], [code == 0 ? expected : "refused: \(line["log"]!)"])
    }

    /// An answer without the unbonding numbers of a validator that came back, which the original keeps for ever.
    private static func comparable(_ path: String, _ answer: [UInt8]) throws -> String {
        typealias Staking = StakingV1beta1
        switch answer.isEmpty ? "" : path {
        case Staking.Query.validator.path:
            var response = try Staking.QueryValidatorResponse(decoding: answer, .request)
            response.validator.unbondingIds = []
            return Hexadecimal.encode(response.encoded)
        case Staking.Query.validators.path:
            var response = try Staking.QueryValidatorsResponse(decoding: answer, .request)
            for place in response.validators.indices { response.validators[place].unbondingIds = [] }
            return Hexadecimal.encode(response.encoded)
        default: return Hexadecimal.encode(answer)
        }
    }

    /// Where two texts part, with what stands around it; bytes as the characters among them.
    private static func around(_ here: String, _ there: String) -> (String, String) {
        func readable(_ text: String) -> [Character] {
            guard text.count > 40, let bytes = Hexadecimal.decode(text) else { return Array(text) }
            return bytes.map { (32..<127).contains($0) ? Character(Unicode.Scalar($0)) : "·" }
        }
        let (a, b) = (readable(here), readable(there))
        let place = (0..<min(a.count, b.count)).first { a[$0] != b[$0] } ?? min(a.count, b.count)
        func cut(_ text: [Character]) -> String {
            String(text[max(0, min(place, text.count) - 90)..<min(text.count, place + 90)])
        }
        return (cut(a), cut(b))
    }

    private mutating func compare(_ kind: String, _ ours: [String], _ theirs: [String]) {
        compared += max(1, theirs.count)
        // No rewards are none of the live node's default denomination, and its powers are smaller numbers.
        let theirs = theirs.map { line in
            line.hasPrefix("withdraw_rewards{amount=0stake,") ? line.replacing("=0stake,", with: "=0inj,") : line
        }
        let ours = ours.map { line in
            line.hasPrefix("slash{") ? line.replacing("000000000000,reason=", with: ",reason=") : line
        }
        guard ours != theirs else { return }
        let first = (0..<max(ours.count, theirs.count)).first {
            !ours.indices.contains($0) || !theirs.indices.contains($0) || ours[$0] != theirs[$0]
        }!
        let (here, there) = Self.around(
            ours.indices.contains(first) ? ours[first] : "nothing",
            theirs.indices.contains(first) ? theirs[first] : "nothing")
        differences.append((kind, "block \(height)\n      here  \(here)\n      there \(there)"))
    }
}
