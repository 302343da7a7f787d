import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

/// What one lane remembers from call to call, so that it need not be derived, decoded or opened again.
///
/// Nothing here says what is current: that comes from a proof or from this block, every time. An entry is used only
/// where all bytes that it was made from are the same again, and they are compared, so a host that answers differently
/// later, or with another contract's records, finds nothing of its answer here. Used by the lane's thread alone. Memory
/// is bounded; what is dropped is made again. Where keys rotate, no state is remembered over a block or a query.
final class LaneMemory {
    private static let contractsMax = 256

    private struct KnownContract {
        var info: [UInt8]
        var key: [UInt8]
        var codeRecord: [UInt8]
        var contract: CallContext.LoadedContract
    }

    /// By their own hashes, which a root must lead to: nothing to compare.
    var treeTops = TreeTops()
    private var contracts: [AccountAddress: KnownContract] = [:]
    /// By the contract's original key, which its address and first code are authenticated in.
    private var states: [ByteKey: ContractState] = [:]

    /// The contract that these two records were found to describe, and the record of its code at that time, which the
    /// caller must find to be the same now.
    func contract(
        _ address: AccountAddress, info: [UInt8], key: [UInt8]
    ) -> (contract: CallContext.LoadedContract, codeRecord: [UInt8])? {
        guard let known = contracts[address], known.info.isSame(as: info), known.key.isSame(as: key) else { return nil }
        return (known.contract, known.codeRecord)
    }

    /// Remembers a contract whose key is authentic for these records.
    func note(_ contract: CallContext.LoadedContract, info: [UInt8], key: [UInt8], code: [UInt8]) {
        if contracts.count >= LaneMemory.contractsMax { contracts.removeAll() }
        contracts[contract.address] = KnownContract(info: info, key: key, codeRecord: code, contract: contract)
    }

    /// Lets go of the keys to contracts' values, and of what was opened with them.
    func forgetStates() { states.removeAll() }

    /// What opens and seals the values of a contract. Two contracts may have had one address in turn, one that was
    /// reverted and the next, so an address alone does not name a state.
    func state(of contract: CallContext.LoadedContract, _ vault: EnclaveCore.Vault) -> ContractState {
        let name = ByteKey(contract.key.original)
        if let state = states[name], state.address == contract.address { return state }
        if states.count >= LaneMemory.contractsMax { states.removeAll() }
        let state = ContractState(
            address: contract.address, keys: vault.keys.stateKeys(contractKey: contract.key.original))
        states[name] = state
        return state
    }
}

/// A contract's state keys with its address, and what they have hashed and opened lately.
final class ContractState {
    /// Where a value lies in the tree.
    struct Place {
        var hashedName: Hash32
        var key: ByteKey
    }

    private static let placesMax = 1024
    private static let nameBytesMax = 256
    private static let openedBytesMax = 512 * 1024

    let address: AccountAddress
    private var keys: StateKeys
    private var places: [ByteKey: Place] = [:]
    /// By where it lies, the last value that was opened there, with the stored bytes that it was opened from.
    private var opened: [Hash32: (sealed: [UInt8], value: [UInt8])] = [:]
    private var openedBytes = 0

    init(address: AccountAddress, keys: consuming StateKeys) {
        self.address = address
        self.keys = keys
    }

    func place(of name: [UInt8]) -> Place {
        if let place = places[ByteKey(name)] { return place }
        let hashedName = keys.hashedName(name)
        let place = Place(hashedName: hashedName, key: ByteKey(ComputeStore.stateKey(address, name: hashedName)))
        if name.count <= ContractState.nameBytesMax {
            if places.count >= ContractState.placesMax { places.removeAll() }
            places[ByteKey(name)] = place
        }
        return place
    }

    /// The value that `sealed` holds, which was proved to be what is stored at `place` now; `nil` if this network never
    /// stored it there.
    ///
    /// The attack that the comparison is for: a host that could make the enclave take a value from memory for one that
    /// has been overwritten would have rolled it back. All the bytes are compared, the header with height and
    /// transaction among them.
    func open(_ sealed: [UInt8], name: [UInt8], at place: Place) -> [UInt8]? {
        if let known = opened[place.hashedName], known.sealed.isSame(as: sealed) { return known.value }
        guard let value = keys.open(sealed, name: name, hashedAs: place.hashedName, contract: address) else {
            return nil
        }
        let size = 2 * sealed.count + 128
        if openedBytes + size > ContractState.openedBytesMax {
            opened.removeAll()
            openedBytes = 0
        }
        guard size <= ContractState.openedBytesMax else { return value }
        openedBytes += size
        opened[place.hashedName] = (sealed, value)
        return value
    }

    func seal(name: [UInt8], value: [UInt8], height: Int64, transactionIndex: UInt32) -> [UInt8] {
        keys.seal(
            name: name, hashedAs: place(of: name).hashedName, value: value, contract: address, height: height,
            transactionIndex: transactionIndex)
    }
}
