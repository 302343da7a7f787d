import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// A list of addresses of which a reader who believes nothing can be shown that none was left out: how many there are,
/// and each by its number. Inserting and removing touch as much whatever the length, since the last takes the place of
/// who leaves.
///
/// Keys are of a range that the Cosmos SDK leaves free: `count`, then `count` with a number; `place` has the number of
/// an address that is in the list.
struct ProvableList {
    let prefix: UInt8
    let place: UInt8

    /// Of the validators to whom somebody delegated.
    static let delegations = ProvableList(prefix: 0xE1, place: 0xE2)
    /// Of the validators whom somebody leaves.
    static let unbondings = ProvableList(prefix: 0xE4, place: 0xE5)

    private func countKey(_ owner: AccountAddress) -> [UInt8] { [prefix] + StakingStore.part(owner) }
    private func elementKey(_ owner: AccountAddress, _ number: UInt32) -> [UInt8] {
        countKey(owner) + StateKey.number(number)
    }
    private func placeKey(_ owner: AccountAddress, _ address: AccountAddress) -> [UInt8] {
        [place] + StakingStore.part(owner) + StakingStore.part(address)
    }

    func count(of owner: AccountAddress, in state: any LedgerReading) throws -> UInt32 {
        try number(at: countKey(owner), in: state) ?? 0
    }

    func elements(of owner: AccountAddress, in state: any LedgerReading) throws -> [AccountAddress] {
        try (0..<count(of: owner, in: state)).map { try element(of: owner, $0, in: state) }
    }

    /// Does nothing with who is in the list.
    func insert(_ address: AccountAddress, of owner: AccountAddress, on state: any LedgerState) throws {
        guard try number(at: placeKey(owner, address), in: state) == nil else { return }
        let count = try count(of: owner, in: state)
        try set(address, count, of: owner, on: state)
        try state.set(StateKey.number(count + 1), of: countKey(owner), in: StakingStore.name)
    }

    /// Does nothing with who is not.
    func remove(_ address: AccountAddress, of owner: AccountAddress, on state: any LedgerState) throws {
        guard let number = try number(at: placeKey(owner, address), in: state) else { return }
        let last = try count(of: owner, in: state) - 1
        if number != last { try set(try element(of: owner, last, in: state), number, of: owner, on: state) }
        try state.set(nil, of: elementKey(owner, last), in: StakingStore.name)
        try state.set(nil, of: placeKey(owner, address), in: StakingStore.name)
        try state.set(last == 0 ? nil : StateKey.number(last), of: countKey(owner), in: StakingStore.name)
    }

    private func set(
        _ address: AccountAddress, _ number: UInt32, of owner: AccountAddress, on state: any LedgerState
    ) throws {
        try state.set(address.bytes, of: elementKey(owner, number), in: StakingStore.name)
        try state.set(StateKey.number(number), of: placeKey(owner, address), in: StakingStore.name)
    }

    private func element(
        of owner: AccountAddress, _ number: UInt32, in state: any LedgerReading
    ) throws -> AccountAddress {
        let key = elementKey(owner, number)
        guard let address = try state.value(of: key, in: StakingStore.name).flatMap({ AccountAddress($0) }) else {
            throw CorruptState(store: StakingStore.name, key: key)
        }
        return address
    }

    private func number(at key: [UInt8], in state: any LedgerReading) throws -> UInt32? {
        guard let value = try state.value(of: key, in: StakingStore.name) else { return nil }
        guard value.count == 4 else { throw CorruptState(store: StakingStore.name, key: key) }
        return value.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
