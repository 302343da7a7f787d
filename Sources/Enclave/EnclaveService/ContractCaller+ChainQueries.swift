import ContractEngine
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

/// Queries of the chain itself that a contract makes while it runs (Secret Network protocol: queries).
///
/// In Secret Network the host answers them, and a contract that pays out by what it is told can be told anything. Here
/// an answer is proved, in the state before the block and with what this enclave itself did since; what cannot be
/// proved yet is refused as a kind that this chain does not have.
extension ContractCaller {
    enum ChainAnswer {
        case bytes([UInt8])
        /// There is no such thing.
        case missing(String)
        /// Not offered: its name.
        case unsupported(String)
        case noContract(String)
        case malformed
    }

    func answerFromState(_ request: JSONValue, _ interface: InterfaceVersion) throws -> ChainAnswer {
        guard let members = request.object, members.count == 1 else { return .malformed }
        let (module, content) = members[0]
        switch module {
        case "bank":
            return try bank(content)
        case "wasm":
            if content["raw"] != nil {
                // The names of a contract's values are hashed with a key: none is found by the name a stranger gives.
                return .bytes(Array("[]".utf8))
            }
            guard let text = content["contract_info"]?["contract_addr"]?.string else { return .malformed }
            guard let contract = try AccountAddress(bech32: text).flatMap({ try context.contract($0) }) else {
                return .noContract(text)
            }
            return .bytes(ContractCaller.description(of: contract))
        case "stargate":
            guard let path = content["path"]?.string, let data = content["data"]?.string.flatMap({ Base64.decode($0) })
            else { return .malformed }
            do {
                return try stargate(path, data, interface)
            } catch is ProtobufError {
                return .malformed
            }
        case "staking", "dist", "distribution", "mint", "gov":
            return try ledgerAnswer(interface) { (answers) throws(AnswerFault) in
                JSONWriter.bytes(of: try answers.answer(module, content))
            }
        case "ibc", "custom": return .unsupported(module)
        default: return .malformed
        }
    }

    // MARK: - Bank

    private func bank(_ query: JSONValue) throws -> ChainAnswer {
        guard let (kind, content) = query.object?.first, query.object?.count == 1 else { return .malformed }
        guard kind == "balance" || kind == "all_balances" else { return .unsupported("bank") }
        guard let address = content["address"]?.string.flatMap({ AccountAddress(bech32: $0) }) else {
            return .malformed
        }
        let amount: JSONValue
        if kind == "balance" {
            guard let denomination = content["denom"]?.string else { return .malformed }
            amount = ContractCaller.json(denomination, try balance(of: address, denomination))
        } else {
            amount = .array(try balances(of: address).map { ContractCaller.json($0.denomination, $0.amount) })
        }
        return .bytes(JSONWriter.bytes(of: .object([("amount", amount)])))
    }

    private static func json(_ denomination: String, _ amount: UInt128) -> JSONValue {
        .object([("denom", .string(denomination)), ("amount", .string(String(amount)))])
    }

    /// All that `account` has and that is proved, without zeros, sorted. One record of the state lists the
    /// denominations, so that none can be left out.
    private func balances(of account: AccountAddress) throws -> [(denomination: String, amount: UInt128)] {
        let held: Set<String>
        if let run = context.run, let transaction = context.transaction {
            try run.debitHostTransactions(before: Int(transaction.index), chainID: context.block.chainID)
            held = try run.funds.denominations(of: account)
        } else {
            let list = try context.state.value(StoreName.bank, BankStore.holdingsKey(account))
            guard let denominations = BankStore.holdings(list) else { throw Failure.stateRecordMalformed }
            held = denominations
        }
        try context.meter.consume(GasSchedule.contractBookkeeping * UInt64(held.count), at: "chain query")
        return try held.sorted(by: BankStore.byBytes).map { ($0, try balance(of: account, $0)) }.filter { $0.1 > 0 }
    }

    /// Of what `account` has, the part that is proved: what it had before this block or received in it out of what
    /// counted. It is never more than the account has, and the same on every node.
    private func balance(of account: AccountAddress, _ denomination: String) throws -> UInt128 {
        guard Coin.isDenomination(denomination) else { return 0 }
        guard let run = context.run, let transaction = context.transaction else {
            let text = try context.state.value(StoreName.bank, BankStore.balanceKey(account, denomination))
            guard let amount = BankStore.amount(text) else { throw Failure.stateRecordMalformed }
            return amount
        }
        try run.debitHostTransactions(before: Int(transaction.index), chainID: context.block.chainID)
        return try run.funds.held(account, denomination)
    }

    // MARK: - Contracts

    private static func description(of contract: CallContext.LoadedContract) -> [UInt8] {
        let info = contract.info
        return JSONWriter.bytes(
            of: .object([
                ("code_id", .number(info.codeID)), ("creator", .string(info.creator.description)),
                ("admin", info.admin.map { .string($0.description) } ?? .null), ("pinned", .bool(false)),
                ("ibc_port", info.ibcPortID.isEmpty ? .null : .string(info.ibcPortID)),
            ]))
    }

    // MARK: - Services by their path

    /// Requests and answers are the messages of the services, in protobuf.
    private func stargate(
        _ path: String, _ request: [UInt8], _ interface: InterfaceVersion
    ) throws -> ChainAnswer {
        switch path {
        case "/cosmos.bank.v1beta1.Query/Balance":
            guard let address = AccountAddress(bech32: try ContractCaller.text(1, of: request)) else {
                return .malformed
            }
            let denomination = try ContractCaller.text(2, of: request)
            return .bytes(ContractCaller.coin(denomination, try balance(of: address, denomination)))
        case "/cosmos.bank.v1beta1.Query/SupplyOf":
            let denomination = try ContractCaller.text(1, of: request)
            guard Coin.isDenomination(denomination) else { return .malformed }
            let text = try context.state.value(StoreName.bank, BankStore.supplyKey(denomination))
            guard let amount = BankStore.amount(text) else { throw Failure.stateRecordMalformed }
            return .bytes(ContractCaller.coin(denomination, amount))
        case "/cosmos.auth.v1beta1.Query/Account":
            let text = try ContractCaller.text(1, of: request)
            guard let address = AccountAddress(bech32: text) else { return .malformed }
            guard let account = try context.state.value(StoreName.account, AccountStore.accountKey(address)) else {
                return .missing("account \(text) not found")
            }
            return .bytes(ProtobufWriter.encode { $0.message(1, account) })
        case "/secret.compute.v1beta1.Query/ContractInfo":
            return try ofContract(request) { $0.info.answer(at: $0.address, isListed: false) }
        case "/secret.compute.v1beta1.Query/ContractsByCodeId":
            guard let contracts = try context.contracts(of: try ContractCaller.number(1, of: request)) else {
                return .unsupported("more than \(ServiceLimits.listedContractsMax) contracts of a code")
            }
            return .bytes(
                ProtobufWriter.encode { writer in
                    for contract in contracts {
                        writer.message(1, contract.info.answer(at: contract.address, isListed: true))
                    }
                })
        case "/secret.compute.v1beta1.Query/LabelByAddress":
            return try ofContract(request) { contract in ProtobufWriter.encode { $0.string(1, contract.info.label) } }
        case "/secret.compute.v1beta1.Query/CodeHashByContractAddress":
            return try ofContract(request) { contract in
                ProtobufWriter.encode { $0.string(1, contract.codeHash.description) }
            }
        case "/secret.compute.v1beta1.Query/CodeHashByCodeId":
            let codeID = try ContractCaller.number(1, of: request)
            guard let code = try context.codeInfo(codeID) else { return .missing("code \(codeID) not found") }
            return .bytes(ProtobufWriter.encode { $0.string(1, code.codeHash.description) })
        case "/secret.compute.v1beta1.Query/AddressByLabel":
            let label = try ContractCaller.text(1, of: request)
            guard let bytes = try context.record(ComputeStore.labelKey(label)) else {
                return .missing("label not found")
            }
            guard let address = AccountAddress(bytes) else { throw Failure.stateRecordMalformed }
            return .bytes(ProtobufWriter.encode { $0.string(1, address.description) })
        default:
            return try ledgerAnswer(interface) { (answers) throws(AnswerFault) in
                try answers.answer(path: path, request)
            }
        }
    }

    private func ofContract(
        _ request: [UInt8], _ body: (CallContext.LoadedContract) -> [UInt8]
    ) throws -> ChainAnswer {
        let text = try ContractCaller.text(1, of: request)
        guard let contract = try AccountAddress(bech32: text).flatMap({ try context.contract($0) }) else {
            return .missing("contract \(text) not found")
        }
        return .bytes(body(contract))
    }

    private static func coin(_ denomination: String, _ amount: UInt128) -> [UInt8] {
        ProtobufWriter.encode { $0.message(1, Coin(amount, denomination).encoded) }
    }

    private static func text(_ number: UInt32, of request: [UInt8]) throws(ProtobufError) -> String {
        var text = ""
        var reader = ProtobufReader(request)
        while let field = try reader.next() {
            if field.number == number { text = try field.string() }
        }
        return text
    }

    private static func number(_ number: UInt32, of request: [UInt8]) throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        var reader = ProtobufReader(request)
        while let field = try reader.next() {
            if field.number == number { value = try field.uint64() }
        }
        return value
    }
}
