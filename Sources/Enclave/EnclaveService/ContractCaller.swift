import ContractEngine
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

/// Calls contracts for one message and dispatches what they ask for in return, depth first, without a word of it
/// leaving the enclave: order, sender, funds and depth are the enclave's own.
final class ContractCaller {
    let context: CallContext
    let key: MessageKey
    let ledger: LedgerCalls?
    /// For what no query does.
    var writableLedger: LedgerCalls { certain(ledger, "whoever may write has one") }

    init(context: CallContext, key: MessageKey, ledger: LedgerCalls?) {
        self.context = context
        self.key = key
        self.ledger = ledger
    }

    /// What a call left behind for whoever made it.
    struct Outcome {
        var events: [Event] = []
        /// What the contract returned as `data`, in clear; `nil` if it set none.
        var data: [UInt8]?
        /// The interface of the contract that was called; `nil` if the message was for another module.
        var interface: InterfaceVersion?
    }

    /// Who waits for a call: how deep it is in calls of calls, and the code of the contract nearest above that asked
    /// for a reply. The caller of the transaction finds that code's hash in front of an error that no contract caught
    /// (Secret Network protocol: output pipeline).
    ///
    /// A reply is as deep as the call that it answers, but stands on the stack above it, and what it sends above that:
    /// `nesting` counts both.
    struct Place {
        var depth = 1
        var nesting = 1
        var awaitedBy: Hash32?
    }

    // MARK: - Entry points

    /// Executes a contract: funds first, then the call, then what it dispatches.
    func execute(
        _ contract: CallContext.LoadedContract, sender: AccountAddress, funds: Coins, message: [UInt8],
        at place: Place = Place()
    ) throws -> Outcome {
        var outcome = Outcome()
        outcome.events += try writableLedger.transfer(funds, from: sender, to: contract.address)
        let (output, interface) = try run(
            .execute, contract, sender: sender, funds: funds, message: message, operation: .execute,
            awaitedBy: place.awaitedBy)
        outcome.events.append(
            Event(
                "message",
                ["module": "compute", "sender": sender.description, "contract_address": contract.address.description]))
        if interface == .v1 {
            outcome.events.append(Event("execute", ["contract_address": contract.address.description]))
        }
        outcome.events += try wasmEvents(output, of: contract.address)
        outcome.data = output.data
        outcome.interface = interface
        try dispatch(output.messages, from: contract, interface, at: place, into: &outcome)
        return outcome
    }

    /// Makes a new contract from a code and calls its initialisation.
    func instantiate(
        codeID: UInt64, code: CodeInfo, sender: AccountAddress, label: String, admin: AccountAddress?, funds: Coins,
        message: [UInt8], history: [UInt8], at place: Place = Place()
    ) throws -> (address: AccountAddress, outcome: Outcome) {
        guard (1...ComputeMessage.labelBytesMax).contains(label.utf8.count) else {
            throw MessageFailure.sdk(.invalidRequest, "label must have 1 to \(ComputeMessage.labelBytesMax) bytes")
        }
        let labelKey = ComputeStore.labelKey(label)
        guard try context.record(labelKey) == nil else {
            throw MessageFailure.compute(
                6, "contract account already exists: the label is taken: instantiate contract failed")
        }
        let instance = try context.nextNumber(ComputeStore.lastContractIDKey)
        let address = ContractAddress.derive(codeID: codeID, instanceID: instance, creator: sender)
        guard try context.record(ComputeStore.contractKey(address)) == nil else {
            throw MessageFailure.compute(6, "contract account already exists: instantiate contract failed")
        }
        // Somebody's account, made before this block or paid to in it, is not taken over.
        guard try context.state.value(StoreName.account, AccountStore.accountKey(address)) == nil,
            try writableLedger.holdsNothing(address)
        else { throw MessageFailure.compute(6, "\(address): contract account already exists") }
        let key = context.vault.keys.contractKey(
            sender: sender, height: context.block.height, codeHash: code.codeHash, address: address)
        let created = context.here
        var info = ContractInfo(
            codeID: codeID, creator: sender, label: label, created: created, admin: admin,
            adminProof: context.vault.keys.adminProof(admin: admin, contractKey: key))
        let contract = CallContext.LoadedContract(
            address: address, info: info, key: ContractKey(original: key), codeHash: code.codeHash)

        var outcome = Outcome()
        outcome.events += try writableLedger.transfer(funds, from: sender, to: address)
        let (output, interface) = try run(
            .instantiate, contract, sender: sender, funds: funds, message: message, operation: .instantiate,
            awaitedBy: place.awaitedBy)
        if try context.module(code.codeHash).facts.speaksIBC { info.ibcPortID = "wasm.\(address)" }
        context.setRecord(ComputeStore.contractKey(address), info.encoded)
        context.setRecord(ComputeStore.identityKey(address), contract.key.encoded)
        context.setRecord(labelKey, address.bytes)
        context.setRecord(
            ComputeStore.historyKey(address, 1),
            ContractHistoryEntry(operation: .instantiate, codeID: codeID, updated: created, message: history).encoded)
        try context.list(address, under: codeID)

        if interface == .v1 {
            outcome.events.append(
                Event("instantiate", ["contract_address": address.description, "code_id": String(codeID)]))
        }
        outcome.events += try wasmEvents(output, of: address)
        outcome.data = output.data
        outcome.interface = interface
        try dispatch(output.messages, from: contract, interface, at: place, into: &outcome)
        outcome.events.append(
            Event(
                "message", ["module": "compute", "sender": sender.description, "contract_address": address.description])
        )
        return (address, outcome)
    }

    /// Moves a contract to another code and calls that code's migration. The caller has found `sender` to be the admin.
    func migrate(
        _ contract: CallContext.LoadedContract, to codeID: UInt64, _ code: CodeInfo, sender: AccountAddress,
        message: [UInt8], history: [UInt8], at place: Place = Place()
    ) throws -> Outcome {
        let migrated = context.migrated(contract, to: codeID, code, by: sender)
        let (output, interface) = try run(
            .migrate, migrated, sender: sender, funds: .none, message: message, operation: .migrate,
            awaitedBy: place.awaitedBy)
        try context.recordMigration(of: contract, to: migrated, history: history)
        var outcome = Outcome(events: [
            Event("message", ["module": "compute", "sender": sender.description]),
            Event("migrate", ["code_id": String(codeID), "contract_address": contract.address.description]),
        ])
        outcome.events += try wasmEvents(output, of: contract.address)
        outcome.data = output.data
        outcome.interface = interface
        try dispatch(output.messages, from: migrated, interface, at: place, into: &outcome)
        return outcome
    }

    /// Why a query has no answer.
    enum QueryFailure: Error {
        case contract(ContractErrorText)
        case engine(MessageFailure)
    }

    /// Asks a contract; nothing is written. Returns the base64 text that the contract answered with, and the wasm gas,
    /// which is to be paid for a failure too.
    func query(
        _ contract: CallContext.LoadedContract, message: [UInt8], depth: Int, gasLimit: UInt64
    ) throws -> (result: Result<String, QueryFailure>, gasUsed: UInt64) {
        let module = try context.module(contract.codeHash)
        let before = context.meter.consumed
        let (result, gasUsed) = try query(contract, module, message: message, depth: depth, gasLimit: gasLimit)
        let step = UInt64(module.facts.gasStep)
        guard step > 0 else { return (result, gasUsed) }
        let used = GasSchedule.contractCall(wasmGas: gasUsed) + GasSchedule.contractBookkeeping
        let missing = ContractShape.missing(used + context.meter.consumed - before, to: step)
        let shaped = result.mapError { error -> QueryFailure in
            let text: String
            switch error {
            case .contract(let error): text = error.text
            case .engine(let failure): text = failure.log
            }
            return .contract(.init(text: ContractShape.filled(error: text)))
        }
        return (shaped, gasUsed + missing * GasSchedule.wasmGasPerGas)
    }

    private func query(
        _ contract: CallContext.LoadedContract, _ module: CompiledModule, message: [UInt8], depth: Int, gasLimit: UInt64
    ) throws -> (result: Result<String, QueryFailure>, gasUsed: UInt64) {
        let environment = CallEnvironment(
            context: context, caller: self, contract: contract, interface: module.facts.interface, queryDepth: depth)
        let invocation = ContractInvocation(
            .query,
            environment: environmentJSON(module.facts, contract, sender: nil, funds: .none, isQuery: true),
            message: message, gasLimit: min(gasLimit, ServiceLimits.wasmGasMax), depth: depth)
        let ran = try invoke(module, invocation, environment)
        switch ran.result {
        case .failure(.outOfGas):
            context.outOfGasTrace = try sealedTrace(of: ran, in: contract, .query)
            throw ContractFault.outOfGas
        case .failure(let trap):
            let trace = try sealedTrace(of: ran, in: contract, .query)
            return (.failure(.engine(.query(trap.message, sealedTrace: trace))), ran.gasUsed)
        case .success(let bytes):
            switch ContractOutput.parse(bytes, interface: module.facts.interface, entry: .query) {
            case .answer(let text): return (.success(text), ran.gasUsed)
            case .error(let error): return (.failure(.contract(error)), ran.gasUsed)
            default: return (.failure(.engine(.query("failed to deserialize data"))), ran.gasUsed)
            }
        }
    }

    // MARK: - One call

    func run(
        _ entry: ContractEntry, _ contract: CallContext.LoadedContract, sender: AccountAddress?, funds: Coins,
        message: [UInt8], operation: ContractOperation, awaitedBy: Hash32?
    ) throws -> (output: ContractResponse, interface: InterfaceVersion) {
        guard context.callCount < UInt64(ServiceLimits.callsPerTransactionMax) else {
            throw MessageFailure.enclave("too many contract calls in one transaction", operation)
        }
        context.callCount += 1
        context.outOfGasTrace = nil
        let before = context.meter.consumed
        try context.meter.consume(
            GasSchedule.contractInstance + GasSchedule.contractBookkeeping, at: "Loading Compute module")
        let module: CompiledModule
        do {
            module = try context.module(contract.codeHash)
        } catch let refusal as ModuleRefusal where refusal != .engine {
            throw MessageFailure.enclave(refusal.message, operation)
        }
        let step = UInt64(module.facts.gasStep)
        let result = Result {
            try run(
                entry, contract, module, sender: sender, funds: funds, message: message, operation: operation,
                awaitedBy: awaitedBy)
        }
        guard step > 0 else { return try result.get() }
        // A host that lied or went away is no result.
        if case .failure(let error) = result, !(error is MessageFailure || error is OutOfGas) { throw error }
        // Not up to the caller's limit: whoever chooses that would learn the gas by what still fits under it. So a call
        // needs all of its last step, and where it ran out of gas is told of none.
        try context.meter.consume(
            ContractShape.missing(context.meter.consumed - before, to: step), at: "wasm contract")
        do {
            return try result.get()
        } catch let failure as MessageFailure {
            let text = failure.contractError ?? failure.log
            let filled = ContractShape.filled(error: (awaitedBy?.description ?? "") + text)
            throw failure.shaped(sealed: key.sealError(filled), plain: text)
        }
    }

    private func run(
        _ entry: ContractEntry, _ contract: CallContext.LoadedContract, _ module: CompiledModule,
        sender: AccountAddress?, funds: Coins, message: [UInt8], operation: ContractOperation, awaitedBy: Hash32?
    ) throws -> (output: ContractResponse, interface: InterfaceVersion) {
        let environment = CallEnvironment(
            context: context, caller: self, contract: contract, interface: module.facts.interface, queryDepth: 1)
        let invocation = ContractInvocation(
            entry,
            environment: environmentJSON(module.facts, contract, sender: sender, funds: funds, isQuery: false),
            info: ContractABI.messageInfo(sender: sender?.description ?? "", funds: funds.list),
            message: message, gasLimit: ServiceLimits.wasmGas(for: context.meter.remaining))
        let ran = try invoke(module, invocation, environment)
        if case .failure(.outOfGas) = ran.result {
            context.outOfGasTrace = try sealedTrace(of: ran, in: contract, operation)
        }
        // Reserved gas is given back where the writes themselves are charged (Secret Network protocol: gas), which is
        // for executions and replies, not where a contract is made or migrated.
        let isRefunded = (entry == .execute || entry == .reply) && ran.result.isSuccess
        let refund = isRefunded ? min(ran.gasReservedForWrites, ran.gasUsed) : 0
        let charge = (ran.gasUsed - refund) / GasSchedule.wasmGasPerGas + 1
        try context.meter.consume(charge, at: "wasm contract")
        switch ran.result {
        case .failure(.outOfGas):
            throw OutOfGas(
                location: "wasm contract", gasWanted: context.meter.limit,
                gasUsed: max(context.meter.consumed, context.meter.limit))
        case .failure(let trap):
            throw MessageFailure.enclave(
                trap.message, operation, sealedTrace: try sealedTrace(of: ran, in: contract, operation))
        case .success(let bytes):
            try environment.flush()
            switch ContractOutput.parse(bytes, interface: module.facts.interface, entry: entry) {
            case .response(let response):
                // A reply that succeeds is charged once more, as on Secret Network (protocol: gas).
                if entry == .reply { try context.meter.consume(charge, at: "wasm contract") }
                // They stay until the last of them is done, and each may bring as many again.
                try context.count(bytes: ServiceLimits.heldMessageBytes * response.messages.count)
                return (response, module.facts.interface)
            case .error(let error):
                let prefix = awaitedBy?.description ?? ""
                throw MessageFailure.contract(sealed: key.sealError(prefix + error.text), plain: error.text, operation)
            default: throw MessageFailure.enclave("failed to deserialize data", operation)
            }
        }
    }

    private func invoke(
        _ module: CompiledModule, _ invocation: ContractInvocation, _ environment: CallEnvironment
    ) throws -> ContractRun {
        var invocation = invocation
        invocation.wantsTrace = context.core.mode == .development
        do throws(ContractFault) {
            return try context.core.engine.run(module, invocation, environment)
        } catch {
            // A host that lied or went away ends the whole call with what it did, never with a contract's result.
            throw context.abortion ?? (error == .abandoned ? Failure.queryAbandoned : Failure.outOfMemory)
        }
    }

    private func environmentJSON(
        _ facts: ModuleFacts, _ contract: CallContext.LoadedContract, sender: AccountAddress?, funds: Coins,
        isQuery: Bool
    ) -> [UInt8] {
        var random: [UInt8]?
        if isQuery {
            random = [0]
        } else if facts.features.contains(.random), let run = context.run, let transaction = context.transaction {
            random = run.random.callRandom(
                contractKey: contract.key.current.isEmpty ? contract.key.original : contract.key.current,
                transaction: transaction.hash,
                callNumber: context.callCount)
        }
        return ContractABI.environment(
            facts.interface,
            ContractABI.Environment(
                height: UInt64(context.block.height),
                timeNanoseconds: UInt64(clamping: context.block.time.unixNanoseconds),
                chainID: context.block.chainID, random: random, contract: contract.address.description,
                codeHash: contract.codeHash, sender: sender?.description ?? "", funds: funds.list,
                transaction: context.transaction.map {
                    .init(index: $0.index, hash: Hexadecimal.encode($0.hash.bytes, uppercase: true))
                }))
    }

    // MARK: - Events

    func wasmEvents(_ output: ContractResponse, of contract: AccountAddress) throws(MessageFailure) -> [Event] {
        let address = EventAttribute(key: "contract_address", value: contract.description)
        var events = [Event(type: "wasm", attributes: [address] + output.attributes.map(sealed))]
        for event in output.events {
            // Secret Network protocol: contract results.
            guard event.type.utf8.count > 2 else {
                throw MessageFailure.sdk(.invalidRequest, "type of an event is too short")
            }
            events.append(Event(type: "wasm-\(event.type)", attributes: [address] + event.attributes.map(sealed)))
        }
        for event in events {
            try context.count(
                bytes: event.attributes.reduce(event.type.utf8.count) {
                    $0 + $1.key.utf8.count + $1.value.utf8.count + 64
                })
        }
        return events
    }

    private func sealed(_ attribute: ContractAttribute) -> EventAttribute {
        attribute.isEncrypted
            ? EventAttribute(key: key.sealText(attribute.key), value: key.sealText(attribute.value))
            : EventAttribute(key: attribute.key, value: attribute.value)
    }
}

extension Result {
    fileprivate var isSuccess: Bool {
        if case .success = self { return true }
        return false
    }
}

extension Coins {
    /// The coins that a contract wrote; `nil` if they are not sorted, positive and each once, as the chain wants them.
    init?(contractCoins: [ContractCoin]) {
        var list = [Coin]()
        for coin in contractCoins {
            guard let amount = Coin.amount(Array(coin.amount.utf8)), Coin.isDenomination(coin.denomination) else {
                return nil
            }
            // Contracts send zero of a coin; that is nothing, as on Secret Network.
            if amount > 0 { list.append(Coin(amount, coin.denomination)) }
        }
        guard let coins = try? Coins(list) else { return nil }
        self = coins
    }
}
