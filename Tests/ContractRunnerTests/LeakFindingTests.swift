// What two runs of the same calls differ in, and where: by lists of sights alone.

import Testing

@testable import cloister_contract

@Suite("cloister-contract: what two runs differ in") struct LeakFindingTests {
    private static func call(_ sights: [(SeenCall.Channel, String, String)]) -> SeenCall {
        var call = SeenCall(title: "execute act")
        for (channel, subject, detail) in sights { call.add(.init(subject, detail), to: channel) }
        return call
    }

    private static func names(
        _ one: [(SeenCall.Channel, String, String)], _ other: [(SeenCall.Channel, String, String)]
    ) -> [String] {
        LeakFinding.all([call(one)], [call(other)]).map(\.name)
    }

    @Test("equal runs differ in nothing, and what only the author knows is not compared")
    func equal() {
        let sights = [(SeenCall.Channel.reads, "a", "95"), (.gas, "gas", "7")]
        #expect(Self.names(sights, sights).isEmpty)
        var (one, other) = (SeenCall(title: "query"), SeenCall(title: "query"))
        one.add(.init("a", "95", meaning: "note/ada"), to: .reads)
        other.add(.init("a", "95", meaning: "note/eve"), to: .reads)
        #expect(LeakFinding.all([one], [other]).isEmpty)
    }

    @Test(
        "order, more, size and another thing are told apart",
        arguments: [
            ("ab", "ba", "reads.order"), ("ab", "a", "reads.more"), ("ab", "b", "reads.more"), ("", "a", "reads.more"),
            ("ab", "ac", "reads.other"), ("ab", "cab", "reads.more"), ("aab", "aba", "reads.order"),
            ("ab", "bac", "reads.other"),
        ])
    func kinds(one: String, other: String, name: String) {
        func reads(_ text: String) -> [(SeenCall.Channel, String, String)] { text.map { (.reads, String($0), "1") } }
        #expect(Self.names(reads(one), reads(other)) == [name])
        #expect(Self.names(reads(other), reads(one)) == [name])
    }

    @Test("the first place that differs is told with what each run has there")
    func places() throws {
        let one = Self.call([(.reads, "a", "1"), (.reads, "b", "1"), (.reads, "c", "1"), (.gas, "gas", "1")])
        let other = Self.call([(.reads, "a", "1"), (.reads, "b", "2"), (.reads, "c", "3"), (.gas, "gas", "1")])
        let found = LeakFinding.all([one, one], [one, other])
        #expect(found.map(\.name) == ["reads.size"])
        let finding = try #require(found.first)
        #expect(finding.call == 2 && finding.place == 2)
        #expect(finding.first?.detail == "1" && finding.second?.detail == "2")
    }

    @Test("an entry that only one run writes is named, though the others move")
    func sets() throws {
        let one = Self.call([(.writes, "a", "1"), (.writes, "c", "1")])
        let other = Self.call([(.writes, "a", "1"), (.writes, "b", "1"), (.writes, "c", "1")])
        let finding = try #require(LeakFinding.all([one], [other]).first)
        #expect(finding.name == "writes.more" && finding.first == nil && finding.second?.subject == "b")
        #expect(finding.place == 2)
    }

    @Test("calls that only one run makes are one finding")
    func numbers() {
        let call = Self.call([(.gas, "gas", "1")])
        #expect(LeakFinding.all([call], [call, call, call]).map(\.name) == ["call.more"])
        #expect(LeakFinding.all([call, call], [call]).map(\.call) == [2])
    }

    @Test("a pair that may tell something must tell it, and one that may not must not")
    func reasons() {
        let call = Self.call([(.gas, "gas", "1")])
        let more = Self.call([(.gas, "gas", "2")])
        func isLeak(_ other: SeenCall, _ reason: String?) -> Bool {
            LeakReport.Pair(
                name: "", reason: reason, calls: 1, failed: 0, findings: LeakFinding.all([call], [other])
            ).isLeak
        }
        #expect(isLeak(more, nil) && !isLeak(more, "it is paid in public"))
        #expect(!isLeak(call, nil) && isLeak(call, "it is paid in public"))
    }

    @Test("runs come in pairs, the first secrets first, and each makes a call")
    func turns() throws {
        let runs = LeakRuns()
        #expect(throws: Misuse.self) { try runs.pairs() }
        #expect(throws: Misuse.self) { try runs.begin("a", side: "second", reason: "") }
        _ = try runs.begin("a", side: "first", reason: "")
        #expect(throws: Misuse.self) { try runs.pairs() }
        #expect(throws: Misuse.self) { try runs.begin("b", side: "second", reason: "") }
        _ = try runs.begin("a", side: "second", reason: "")
        #expect(throws: Misuse.self) { try runs.pairs() }
    }
}
