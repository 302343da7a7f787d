import ContractEngine
import Keyring
import LedgerRecords
import StrictJSON

/// A contract's state in memory, at the enclave's prices (EnclaveService, CallEnvironment): by the size class that a
/// value would have if it were stored, whether it was written in this test or before.
final class MeasuredEnvironment: ContractEnvironment {
    var state: [[UInt8]: [UInt8]] = [:]
    /// What storage and queries of this call cost.
    private(set) var gas: UInt64 = 0
    private(set) var hasAskedContracts = false
    private(set) var failure: (any Error)?
    /// Is told what a host would see, if anybody wants to know.
    var hostWatch: HostWatch?
    private var written: [[UInt8]: [UInt8]?] = [:]
    private var onQuery: ([UInt8]) throws -> [UInt8] = { _ in [] }

    /// Makes ready for another call.
    func begin(_ onQuery: @escaping ([UInt8]) throws -> [UInt8]) {
        self.onQuery = onQuery
        gas = 0
        written = [:]
        hasAskedContracts = false
        failure = nil
    }

    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? {
        let value = written[key] ?? state[key]
        if written[key] == nil { hostWatch?.read(key, value) }
        gas += GasSchedule.read(keyByteCount: StateKeys.treeKeyByteCount, sizeClass: sizeClass(key, value))
        return value
    }

    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) { written[key] = .some(value) }

    func remove(_ key: [UInt8]) throws(ContractFault) { written[key] = .some(nil) }

    /// What another contract would use to answer is its own affair, and not counted.
    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        gas += GasSchedule.contractBookkeeping
        hostWatch?.asks(request)
        let json = try? JSONReader.parse(request, limits: JSONLimits(bytesMax: 4 << 20))
        if json?["wasm"]?["smart"] != nil { hasAskedContracts = true }
        do {
            return (try onQuery(request), 0)
        } catch {
            failure = error
            throw .engine
        }
    }

    /// After the contract has answered: its writes become state, and are paid for.
    func flush() {
        hostWatch?.writes(written.map { ($0.key, $0.value) })
        for (key, value) in written {
            if let value {
                gas += GasSchedule.write(keyByteCount: StateKeys.treeKeyByteCount, sizeClass: sizeClass(key, value))
                state[key] = value
            } else {
                gas += GasSchedule.remove
                state[key] = nil
            }
        }
    }

    private func sizeClass(_ key: [UInt8], _ value: [UInt8]?) -> Int {
        value.map { StoredValue.sizeClass(nameCount: key.count, valueCount: $0.count) } ?? 0
    }
}
