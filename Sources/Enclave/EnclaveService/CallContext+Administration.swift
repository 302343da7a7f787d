import EnclaveProtocol
import Keyring
import LedgerRecords
import SignedTransactions
import Wire

/// Who may change a contract, and the records that a change leaves behind (Secret Network protocol: contract identity,
/// keys, admin, migration).
extension CallContext {
    /// The contract at `address` for someone who wants to change it, and says to be its admin.
    ///
    /// The record of who the admin is was proved; the proof in it says once more that the enclave of this network wrote
    /// it for this contract, so that no fault of a host's state could make an admin.
    func contract(
        _ address: AccountAddress, administeredBy sender: AccountAddress,
        else refusal: MessageFailure = .sdk(.unauthorized, "caller is not the admin")
    ) throws -> LoadedContract {
        guard let contract = try contract(address) else {
            throw MessageFailure.sdk(.invalidRequest, "unknown contract")
        }
        guard
            vault.keys.isAdminProof(
                contract.info.adminProof, admin: contract.info.admin, contractKey: contract.key.original)
        else { throw Failure.stateRecordMalformed }
        guard contract.info.admin == sender else { throw refusal }
        guard !contract.info.requiresGovernance else {
            throw MessageFailure.sdk(.unauthorized, "contract is changed by governance alone")
        }
        return contract
    }

    /// `contract` as it is after `sender` moves it to another code in this block. Its state stays under its original
    /// key.
    func migrated(
        _ contract: LoadedContract, to codeID: UInt64, _ code: CodeInfo, by sender: AccountAddress
    ) -> LoadedContract {
        var migrated = contract
        migrated.info.codeID = codeID
        migrated.codeHash = code.codeHash
        migrated.key = vault.keys.migrated(
            contract.key, sender: sender, height: block.height, codeHash: code.codeHash, address: contract.address)
        return migrated
    }

    /// Writes down that `contract` became `migrated`: its records, its history, and the list of the code.
    func recordMigration(
        of contract: LoadedContract, to migrated: LoadedContract, history message: [UInt8]
    ) throws(Failure) {
        let address = contract.address
        let last = try ComputeStore.lastNumber { number throws(Failure) in
            try record(ComputeStore.historyKey(address, number)) != nil
        }
        guard last > 0 else { throw Failure.stateRecordMalformed }
        setRecord(ComputeStore.contractKey(address), migrated.info.encoded)
        setRecord(ComputeStore.identityKey(address), migrated.key.encoded)
        setRecord(
            ComputeStore.historyKey(address, last + 1),
            ContractHistoryEntry(operation: .migrate, codeID: migrated.info.codeID, updated: here, message: message)
                .encoded)
        try list(address, under: migrated.info.codeID)
    }

    /// Adds a contract to the list of those that came to a code, if it does not stand there from an earlier time.
    func list(_ address: AccountAddress, under codeID: UInt64) throws(Failure) {
        let listed = ComputeStore.listedUnderCodeKey(codeID: codeID, address)
        guard try record(listed) == nil else { return }
        let number = try nextNumber(ComputeStore.contractCountKey(codeID: codeID))
        setRecord(ComputeStore.contractOfCodeKey(codeID: codeID, number: number), address.bytes)
        setRecord(listed, ComputeStore.marker)
    }

    /// The contracts of a code, in the order in which they first came to it, and none left out; `nil` if there are or
    /// were more than can be told.
    func contracts(of codeID: UInt64) throws -> [(address: AccountAddress, info: ContractInfo)]? {
        var count: UInt64 = 0
        if let bytes = try record(ComputeStore.contractCountKey(codeID: codeID)) {
            guard let number = StateKey.number(decoding: bytes) else { throw Failure.stateRecordMalformed }
            count = number
        }
        guard count <= ServiceLimits.listedContractsMax else { return nil }
        try meter.consume(GasSchedule.contractBookkeeping * count, at: "chain query")
        guard count > 0 else { return [] }
        let addresses = try records((1...count).map { ComputeStore.contractOfCodeKey(codeID: codeID, number: $0) })
            .map { bytes in
                guard let address = bytes.flatMap({ AccountAddress($0) }) else { throw Failure.stateRecordMalformed }
                return address
            }
        return try zip(addresses, try records(addresses.map(ComputeStore.contractKey))).compactMap { address, bytes in
            guard let info = bytes.flatMap({ try? ContractInfo(decoding: $0) }) else {
                throw Failure.stateRecordMalformed
            }
            return info.codeID == codeID ? (address, info) : nil
        }
    }

    /// Makes `admin` the one who may change the contract at `address`, or nobody for ever.
    ///
    /// - Returns: the events of it.
    func setAdmin(_ admin: AccountAddress?, of address: AccountAddress, by sender: AccountAddress) throws -> [Event] {
        try meter.consume(GasSchedule.contractInstance + GasSchedule.contractBookkeeping, at: "update admin")
        let contract = try contract(address, administeredBy: sender)
        var info = contract.info
        info.admin = admin
        info.adminProof = vault.keys.adminProof(admin: admin, contractKey: contract.key.original)
        setRecord(ComputeStore.contractKey(address), info.encoded)
        return [
            Event(
                "message",
                ["module": "compute", "sender": sender.description, "contract_address": address.description]),
            Event(
                "update_contract_admin",
                ["contract_address": address.description, "new_admin_address": admin?.description ?? ""]),
        ]
    }

    /// Where in the chain this transaction stands.
    var here: CreationPoint {
        CreationPoint(blockHeight: block.height, transactionIndex: UInt64(transaction?.index ?? 0))
    }
}
