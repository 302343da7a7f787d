import BoundaryTap
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

extension HostileHostSuite {
    /// What sizes and counts say, of the whole story: `docs/security/leakage-ledger.md` is made here and compared.
    ///
    /// `CLOISTER_WRITE_LEDGER=1` writes what was seen into the page instead of comparing it.
    @Suite struct LeakageLedgerTests {
        private static let page = Repository.path("docs/security/leakage-ledger.md")
        private static let writes = ProcessInfo.processInfo.environment["CLOISTER_WRITE_LEDGER"] != nil

        @Test(
            "every message that an enclave can say is said in the story, as declared, and sizes are those of the page")
        func ledger() throws {
            let story = try WholeStory()
            let ledger = BoundaryLedger(story.frames)
            let declared = Set(DeclaredBoundary.committed.frames(.outOfEnclave))
            #expect(declared.subtracting(ledger.messages(.outOfEnclave)) == [])

            // Other words of the same classes leave no trace at all in sizes and counts.
            let others = WholeStory.Secrets(
                note: "a louder note", viewingKey: "another key!", wish: "an outer wish ...")
            let differences = BoundaryLedger(try WholeStory(others).frames).differences(from: ledger)
                .filter(LeakageLedgerTests.isOfStory)
            #expect(differences == [], "\(differences)")
            // Words of another class do, where the page says so.
            let long = WholeStory.Secrets(
                note: String(repeating: "n", count: 700), viewingKey: String(repeating: "k", count: 60),
                wish: String(repeating: "w", count: 800))
            let differing = BoundaryLedger(try WholeStory(long).frames).differences(from: ledger)
                .filter(LeakageLedgerTests.isOfStory)
            #expect(!differing.isEmpty)
            try compare(
                "ledger",
                ["| way | message | field | times | bytes |", "|---|---|---|---|---|"]
                    + ledger.table.filter(LeakageLedgerTests.isOfStory))
            try compare("longer", differing.map { "- \($0)" })
        }

        /// Whether a call asks for code or a module depends on how far a compiler is that works beside it.
        private static func isOfStory(_ row: String) -> Bool {
            !row.contains("HostReadCode") && !row.contains("HostReadModule")
        }

        private func compare(_ name: String, _ lines: [String]) throws {
            let (begin, end) = ("<!-- \(name): begin -->\n", "<!-- \(name): end -->")
            let page = try String(contentsOfFile: LeakageLedgerTests.page, encoding: .utf8)
            let start = try #require(page.range(of: begin)).upperBound
            let stop = try #require(page.range(of: end)).lowerBound
            let seen = lines.map { $0 + "\n" }.joined()
            if LeakageLedgerTests.writes {
                try page.replacingCharacters(in: start..<stop, with: seen)
                    .write(toFile: LeakageLedgerTests.page, atomically: true, encoding: .utf8)
            } else {
                #expect(String(page[start..<stop]) == seen, "CLOISTER_WRITE_LEDGER=1 writes what was seen")
            }
        }
    }
}
