import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON

/// What every transaction is held against: `cosmos.auth.v1beta1.Params`, kept where the Cosmos SDK has them.
///
/// What a transaction's bytes and signatures cost is under the hash of its result, and the enclave counts it by a table
/// of its own (`GasSchedule`); it reads no more than so many signatures. These can be said, as what they are, and not
/// be changed: the chain would stop over the next result.
package enum AuthParameters {
    package typealias Values = AuthV1beta1.Params

    package static let key: [UInt8] = [0]

    /// Of a chain whose genesis says nothing else. Keys of ed25519 are not taken; what they would cost is the
    /// original's number.
    package static let standard = Values(
        maxMemoCharacters: 256, txSigLimit: UInt64(AccountKey.keysMax),
        txSizeCostPerByte: GasSchedule.perTransactionByte, sigVerifyCostEd25519: 590,
        sigVerifyCostSecp256k1: GasSchedule.perSignature)

    /// A state from before they were kept has none.
    package static func current(in state: any LedgerReading) throws -> Values {
        guard let value = try state.value(of: key, in: StoreName.account) else { return standard }
        return try Values(stored: LedgerEntry(key: key, value: value), in: StoreName.account)
    }

    static func set(_ values: Values, on state: any LedgerState) throws {
        try state.set(values.encoded, of: key, in: StoreName.account)
    }

    /// Why a chain cannot have them; `nil` if it can.
    static func fault(of values: Values) -> String? {
        if values.maxMemoCharacters == 0 { return "invalid max memo characters: 0" }
        if values.sigVerifyCostEd25519 == 0 { return "invalid ED25519 signature verification cost: 0" }
        let signaturesMax = UInt64(AccountKey.keysMax)
        if values.txSigLimit == 0 || values.txSigLimit > signaturesMax {
            return "invalid tx signature limit: \(values.txSigLimit), enclaves read from 1 to \(signaturesMax)"
        }
        if values.txSizeCostPerByte != GasSchedule.perTransactionByte {
            return "invalid tx size cost per byte: \(values.txSizeCostPerByte), enclaves count "
                + "\(GasSchedule.perTransactionByte)"
        }
        if values.sigVerifyCostSecp256k1 != GasSchedule.perSignature {
            return "invalid SECK256k1 signature verification cost: \(values.sigVerifyCostSecp256k1), enclaves count "
                + "\(GasSchedule.perSignature)"
        }
        return nil
    }
}

// MARK: - Messages

extension AuthModule {
    package var messages: [MessageHandler] {
        [
            MessageHandler(AuthV1beta1.MsgUpdateParams.self) { update, _, state in
                try ModuleAccount.requireGovernance(update.authority)
                if let fault = AuthParameters.fault(of: update.params) {
                    throw TransactionRefusal.invalidRequest(fault)
                }
                try AuthParameters.set(update.params, on: state)
                return []
            }
        ]
    }
}

extension ModuleAccount {
    /// What only the chain as a whole may do is asked for in governance's name, which no key signs for.
    package static func requireGovernance(_ authority: AccountAddress) throws(TransactionRefusal) {
        guard authority == governance.address else {
            throw TransactionRefusal(
                codespace: "gov", code: 13,
                log:
                    "invalid authority; expected \(governance.address), got \(authority): expected gov account as only "
                    + "signer for proposal message")
        }
    }
}

// MARK: - Genesis

extension AuthParameters {
    static func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        func number(_ name: String, else standard: UInt64) throws -> UInt64 {
            genesis[name].json == nil ? standard : try genesis[name].number
        }
        let values = Values(
            maxMemoCharacters: try number("max_memo_characters", else: standard.maxMemoCharacters),
            txSigLimit: try number("tx_sig_limit", else: standard.txSigLimit),
            txSizeCostPerByte: try number("tx_size_cost_per_byte", else: standard.txSizeCostPerByte),
            sigVerifyCostEd25519: try number("sig_verify_cost_ed25519", else: standard.sigVerifyCostEd25519),
            sigVerifyCostSecp256k1: try number("sig_verify_cost_secp256k1", else: standard.sigVerifyCostSecp256k1))
        if let fault = fault(of: values) { throw genesis.refusal(fault) }
        try set(values, on: state)
    }

    static func exportGenesis(from state: any LedgerReading) throws -> JSONValue {
        let values = try current(in: state)
        func text(_ number: UInt64) -> JSONValue { .string(String(number)) }
        return [
            "max_memo_characters": text(values.maxMemoCharacters), "tx_sig_limit": text(values.txSigLimit),
            "tx_size_cost_per_byte": text(values.txSizeCostPerByte),
            "sig_verify_cost_ed25519": text(values.sigVerifyCostEd25519),
            "sig_verify_cost_secp256k1": text(values.sigVerifyCostSecp256k1),
        ]
    }
}
