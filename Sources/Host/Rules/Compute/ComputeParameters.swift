import Auth
import ChainMessages
import ExactNumbers
import ModuleKit
import SignedTransactions
import StrictJSON

/// `secret.compute.v1beta1.Params`: what storing code costs and how long it may be.
///
/// Every enclave counts and bounds by these very numbers (`GasSchedule.storeCode`) and never asks what the state says,
/// so they are constants of a program and not kept. A message or a genesis that names others is refused: the chain
/// would stop at the first code.
package enum ComputeParameters {
    static let values = ComputeV1beta1.Params(
        compileCost: Decimal18(scaled: Decimal18.scale / 10 * 8), maxContractSize: UInt64(ComputeMessage.codeBytesMax))

    private static var refusal: String {
        "compile_cost is \(values.compileCost) and max_contract_size \(values.maxContractSize) in every enclave: other "
            + "numbers come with another program"
    }

    static let update = MessageHandler(ComputeV1beta1.MsgUpdateParams.self) { update, _, _ in
        try ModuleAccount.requireGovernance(update.authority)
        guard update.params == values else { throw TransactionRefusal.invalidRequest(refusal) }
        return []
    }

    static func checkGenesis(_ genesis: GenesisValue) throws(GenesisRefusal) {
        guard genesis.json != nil else { return }
        let cost = try genesis["compile_cost"].text
        let size = try genesis["max_contract_size"].number
        guard ["", "0.8", values.compileCost.description].contains(cost), [0, values.maxContractSize].contains(size)
        else { throw genesis.refusal(refusal) }
    }

    static var json: JSONValue {
        [
            "compile_cost": .string(values.compileCost.description),
            "max_contract_size": .string(String(values.maxContractSize)),
        ]
    }
}
