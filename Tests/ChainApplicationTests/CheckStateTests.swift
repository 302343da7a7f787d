import HostAnswers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures

@testable import ChainApplication

@Suite("The state that transactions are checked on")
struct CheckStateTests {
    private let alice = FixtureKey("alice").address
    private let bob = FixtureKey("bob").address
    private let state = CheckState(base: EmptyState())

    private func key(_ address: AccountAddress) -> [UInt8] { BankStore.balanceKey(address, "uscrt") }

    private func balance(_ address: AccountAddress) throws -> [UInt8]? {
        try state.value(of: key(address), in: StoreName.bank)
    }

    /// A check that reads and moves on one balance.
    private func draft(_ address: AccountAddress, _ value: UInt8?) throws -> CheckState.Draft {
        try state.draft {
            _ = try balance(address)
            state.set(value.map { [$0] }, of: key(address), in: StoreName.bank)
            #expect(try balance(address) == value.map { [$0] })
        }.0
    }

    @Test("what a check wrote counts when it is kept, and not before")
    func kept() throws {
        let first = try draft(alice, 1)
        #expect(try balance(alice) == nil)
        state.keep(first)
        #expect(try balance(alice) == [1])
        // A value that is removed hides the one below it.
        state.keep(try draft(alice, nil))
        #expect(try balance(alice) == nil)
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            _ = try state.draft {
                state.set([9], of: key(alice), in: StoreName.bank)
                throw Refused()
            }
        }
        #expect(try balance(alice) == nil)
    }

    @Test("a check holds while the state says what it read: others may move on, and its own account may not")
    func holds() throws {
        let first = try draft(alice, 1)
        #expect(state.holds(first))
        state.keep(try draft(bob, 5))
        #expect(state.holds(first))
        state.keep(try draft(alice, 2))
        #expect(!state.holds(first))
        let second = try draft(alice, 3)
        #expect(state.holds(second))
        state.reset([alice])
        #expect(!state.holds(second))
        // Back at what it read first.
        #expect(state.holds(first))
    }

    @Test("a check holds no longer once a block came, or if it looked at more than single values")
    func blocksAndRanges() throws {
        let first = try draft(alice, 1)
        state.base = EmptyState()
        #expect(!state.holds(first))
        let ranging = try state.draft {
            _ = try state.entries(in: StoreName.bank, prefix: [], after: nil, limit: 1, reverse: false)
        }.0
        #expect(!state.holds(ranging))
    }
}
