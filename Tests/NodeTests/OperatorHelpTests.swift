import Attestation
import ChainInterface
import DecidedBlocks
import Foundation
import PublicCryptography
import StrictJSON
import Testing
import Wire

@testable import Node

@Suite("What an operator is told and types") struct OperatorHelpTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func jailing(_ info: JSONValue?) -> (text: String, remedy: String) {
        Doctor.jailing(["operator_address": "secretvaloper1x", "jailed": true], info, now: Self.now)
    }

    @Test("a jailed validator is told what it missed and from when on it comes back, a barred one that it does not")
    func jail() {
        let waiting = jailing([
            "jailed_until": "2027-01-15T08:10:00.5Z", "tombstoned": false, "missed_blocks_counter": "57",
        ])
        #expect(waiting.text.contains("secretvaloper1x is jailed") && waiting.text.contains("it missed 57"))
        #expect(
            waiting.remedy.contains("from 2027-01-15T08:10:00.5Z on") && waiting.remedy.contains("tx slashing unjail"))
        let over = jailing(["jailed_until": "2027-01-15T07:00:00Z", "missed_blocks_counter": "0"])
        #expect(!over.text.contains("missed") && !over.remedy.contains("from 2027"))
        #expect(over.remedy.contains("tx slashing unjail`; if it has delegated less than"))
        // It may be barred: nobody said that it is not.
        #expect(jailing(nil).remedy.contains("query slashing signing-infos"))
        let barred = jailing(["jailed_until": "9999-12-31T23:59:59Z", "tombstoned": true])
        #expect(barred.text.contains("barred for ever") && !barred.remedy.contains("unjail"))
        let key = [UInt8](repeating: 9, count: 32)
        let validator: JSONValue = ["consensus_pubkey": ["key": .string(Base64.encode(key))]]
        #expect(Doctor.address(validator) == Array(SHA256.hash(key).bytes.prefix(20)))
        #expect(Doctor.address([:]) == nil)
    }

    @Test("the own validator is found behind a page of others, and a list without end is given up")
    func pages() throws {
        func validators(_ numbers: ClosedRange<UInt8>, next: JSONValue) -> JSONValue {
            [
                "validators": .array(
                    numbers.map { number in
                        let key = Base64.encode([UInt8](repeating: number, count: 32))
                        return ["consensus_pubkey": ["key": .string(key)], "number": .number(number)]
                    }), "pagination": ["next_key": next],
            ]
        }
        func address(_ number: UInt8) -> [UInt8] {
            Array(SHA256.hash([UInt8](repeating: number, count: 32)).bytes.prefix(20))
        }
        var asked: [String] = []
        func get(_ path: String) throws -> JSONValue {
            asked.append(path)
            return path.hasSuffix("&pagination.key=a%2Bb%2Fc%3D%3D")
                ? validators(4...6, next: .null) : validators(1...3, next: "a+b/c==")
        }
        #expect(try Doctor.validator(address(5), get: get)?["number"]?.uint64 == 5)
        #expect(asked.count == 2 && asked.allSatisfy { $0.contains("pagination.limit=1000") })
        #expect(try Doctor.validator(address(9), get: get) == nil)
        #expect(throws: NodeFault.self) { try Doctor.validator(address(9)) { _ in validators(1...3, next: "x") } }
    }

    @Test("a founder is told of each program that it agrees to, also of those that get the seeds later")
    func agreement() throws {
        func program(_ number: UInt8) -> Hash32 { Hash32([UInt8](repeating: number, count: 32))! }
        let policy = RegistrationPolicy(
            roots: [AttestationRoot(name: "r", spkiSHA256: program(9).bytes, kind: .hardware)],
            measurements: [program(1), program(2)], planned: [PlannedProgram(program(3), notBefore: 4_102_444_800)])
        #expect(
            FoundingCeremony.agreement(to: policy, as: program(2)) == [
                "evidence may end in the root \(program(9))", "the program \(program(1)) may have the seeds",
                "the program \(program(2)) may have the seeds, as this one",
                "the program \(program(3)) may have the seeds, from 2100-01-01T00:00:00Z on",
            ])
    }

    private static let address = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"

    @Test("what vests is of one account, of coins that it has, and ends behind its start")
    func vesting() throws {
        let accounts = FirstGenesis.accounts(["\(Self.address)=10uscrt,3other"]).accounts
        let before = Date(timeIntervalSince1970: 1)
        func read(
            _ amount: String?, _ start: String?, _ end: String?, _ count: Int = 1, now: Date? = nil
        ) -> [String] {
            let all = count == 1 ? accounts : accounts + accounts
            return FirstGenesis.vesting(amount: amount, start: start, end: end, of: all, now: now ?? before).violations
        }
        #expect(read(nil, nil, nil).isEmpty && read("10uscrt,3other", "5", "2027-01-31T00:00:00Z").isEmpty)
        for (amount, start, end) in [
            (nil, "5", nil), ("10uscrt", nil, nil), ("11uscrt", nil, "9"), ("1moon", nil, "9"), ("10uscrt", "9", "9"),
            ("10uscrt", "x", "9"), ("10uscrt", nil, "soon"), ("ten", nil, "9"), ("10uscrt", nil, "0"),
        ] as [(String?, String?, String?)] {
            #expect(read(amount, start, end).count == 1, "\(amount ?? "") \(start ?? "") \(end ?? "")")
        }
        #expect(read("1uscrt", nil, "9", 2).count == 1)
        // What would be free at once, without a word.
        for (start, end) in [
            ("0", "2000000000"), ("-5", "2000000000"), ("1", "2000000000"), ("1700000000", "1800000000"),
            (nil, "1799999999"),
            ("1760000000", "2000000000"),
        ] as [(String?, String)] {
            let told = read("1uscrt", start, end, now: Self.now)
            #expect(told.count == 1 && told[0].contains("free at once"), "\(start ?? "") \(told)")
        }
        #expect(read("1uscrt", "1790000000", "1800000001", now: Self.now).isEmpty)
        #expect(read("1uscrt", "-5", "9").count == 1)
        // A chain begins with it.
        for start in [nil, "5"] {
            var account = accounts[0]
            account.vesting =
                FirstGenesis.vesting(amount: "4uscrt", start: start, end: "4102444800", of: accounts, now: before)
                .vesting
            let document = FirstGenesis.document(
                chainID: "vesting-1", moniker: "a", validatorKey: [UInt8](repeating: 1, count: 32), accounts: [account],
                time: .init(seconds: 1_800_000_000, nanoseconds: 0)!)
            #expect(throws: Never.self) { try document.checked() }
            let kind = document.appState["auth"]?["accounts"]?[0]?["@type"]?.string ?? ""
            #expect(kind.contains(start == nil ? "Delayed" : "Continuous"))
        }
    }
}
