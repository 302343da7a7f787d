import PublicCryptography
import SignedTransactions
import Wire

/// When a contract came to be: `AbsoluteTxPosition`.
package struct CreationPoint: Equatable, Sendable {
    package var blockHeight: Int64
    package var transactionIndex: UInt64

    package init(blockHeight: Int64, transactionIndex: UInt64) {
        (self.blockHeight, self.transactionIndex) = (blockHeight, transactionIndex)
    }

    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        self.init(blockHeight: 0, transactionIndex: 0)
        var fields = TransactionFields(bytes)
        while let field = try fields.next() {
            switch field.number {
            case 1: blockHeight = Int64(bitPattern: try field.uint64())
            case 2: transactionIndex = try field.uint64()
            default: try fields.unknown(field)
            }
        }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.int64(1, blockHeight)
            writer.uint64(2, transactionIndex)
        }
    }
}

/// A stored code: `CodeInfo`.
package struct CodeInfo: Equatable, Sendable {
    package var codeHash: Hash32
    package var creator: AccountAddress
    package var source: String
    package var builder: String

    package init(codeHash: Hash32, creator: AccountAddress, source: String, builder: String) {
        (self.codeHash, self.creator, self.source, self.builder) = (codeHash, creator, source, builder)
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        var codeHash: Hash32?
        var creator: AccountAddress?
        var (source, builder) = ("", "")
        var fields = TransactionFields(bytes[...])
        while let field = try fields.next() {
            switch field.number {
            case 1: codeHash = Hash32(try field.slice())
            case 2: creator = try field.addressBytes()
            case 3: source = try field.string()
            case 4: builder = try field.string()
            default: try fields.unknown(field)
            }
        }
        guard let codeHash, let creator else { throw .malformed(.missing(field: 1)) }
        self.init(codeHash: codeHash, creator: creator, source: source, builder: builder)
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, codeHash.bytes)
            writer.bytes(2, creator.bytes)
            writer.string(3, source)
            writer.string(4, builder)
        }
    }
}

/// A contract: `ContractInfo`.
package struct ContractInfo: Equatable, Sendable {
    package var codeID: UInt64
    package var creator: AccountAddress
    package var label: String
    package var created: CreationPoint
    package var ibcPortID = ""
    /// Who may migrate it, if anybody.
    package var admin: AccountAddress?
    package var adminProof: [UInt8] = []
    package var requiresGovernance = false

    package init(
        codeID: UInt64, creator: AccountAddress, label: String, created: CreationPoint, admin: AccountAddress?,
        adminProof: [UInt8]
    ) {
        self.codeID = codeID
        self.creator = creator
        self.label = label
        self.created = created
        self.admin = admin
        self.adminProof = adminProof
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        var creator: AccountAddress?
        var info = ContractInfo(
            codeID: 0, creator: ModuleAddress.feeCollector, label: "",
            created: CreationPoint(blockHeight: 0, transactionIndex: 0), admin: nil, adminProof: [])
        var fields = TransactionFields(bytes[...])
        while let field = try fields.next() {
            switch field.number {
            case 1: info.codeID = try field.uint64()
            case 2: creator = try field.addressBytes()
            case 4: info.label = try field.string()
            case 5: info.created = try CreationPoint(decoding: try field.slice())
            case 6: info.ibcPortID = try field.string()
            case 7: info.admin = try field.addressText()
            case 8: info.adminProof = try field.bytes()
            case 9: info.requiresGovernance = try field.uint64() != 0
            default: try fields.unknown(field)
            }
        }
        guard let creator else { throw .malformed(.missing(field: 2)) }
        info.creator = creator
        self = info
    }

    package var encoded: [UInt8] { encoded(withCreation: true) }

    private func encoded(withCreation: Bool) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, codeID)
            writer.bytes(2, creator.bytes)
            writer.string(4, label)
            if withCreation { writer.message(5, created.encoded) }
            writer.string(6, ibcPortID)
            writer.string(7, admin?.description ?? "")
            writer.bytes(8, adminProof)
            writer.bool(9, requiresGovernance)
        }
    }

    /// `secret.compute.v1beta1.ContractInfoWithAddress`, as queries answer it: never with the proof of the admin, and
    /// in lists without where the contract came to be.
    package func answer(at address: AccountAddress, isListed: Bool) -> [UInt8] {
        var info = self
        info.adminProof = []
        return ProtobufWriter.encode { writer in
            writer.string(1, address.description)
            writer.message(2, info.encoded(withCreation: !isListed))
        }
    }
}

/// The public keys that bind a contract to its code, and the proof of the enclave that made them: `ContractKey`.
package struct ContractKey: Equatable, Sendable {
    package var original: [UInt8]
    /// Empty until the contract is migrated.
    package var current: [UInt8]
    package var currentProof: [UInt8]

    package init(original: [UInt8], current: [UInt8] = [], currentProof: [UInt8] = []) {
        (self.original, self.current, self.currentProof) = (original, current, currentProof)
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        self.init(original: [])
        var fields = TransactionFields(bytes[...])
        while let field = try fields.next() {
            switch field.number {
            case 1: original = try field.bytes()
            case 2: current = try field.bytes()
            case 3: currentProof = try field.bytes()
            default: try fields.unknown(field)
            }
        }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, original)
            writer.bytes(2, current)
            writer.bytes(3, currentProof)
        }
    }
}

/// One code of a contract's life: `ContractCodeHistoryEntry`.
package struct ContractHistoryEntry: Equatable, Sendable {
    package enum Operation: UInt32, Sendable { case instantiate = 1, migrate = 2, genesis = 3 }

    package var operation: Operation
    package var codeID: UInt64
    package var updated: CreationPoint
    /// The encrypted input.
    package var message: [UInt8]

    package init(operation: Operation, codeID: UInt64, updated: CreationPoint, message: [UInt8]) {
        (self.operation, self.codeID, self.updated, self.message) = (operation, codeID, updated, message)
    }

    package init(decoding bytes: [UInt8]) throws(TransactionError) {
        var operation: Operation?
        var codeID: UInt64 = 0
        var updated = CreationPoint(blockHeight: 0, transactionIndex: 0)
        var message = [UInt8]()
        var fields = TransactionFields(bytes[...])
        while let field = try fields.next() {
            switch field.number {
            case 1: operation = Operation(rawValue: try field.uint32())
            case 2: codeID = try field.uint64()
            case 3: updated = try CreationPoint(decoding: try field.slice())
            case 4: message = try field.bytes()
            default: try fields.unknown(field)
            }
        }
        guard let operation else { throw .malformed(.illegalValue(field: 1)) }
        self.init(operation: operation, codeID: codeID, updated: updated, message: message)
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, UInt64(operation.rawValue))
            writer.uint64(2, codeID)
            writer.message(3, updated.encoded)
            writer.bytes(4, message)
        }
    }
}
