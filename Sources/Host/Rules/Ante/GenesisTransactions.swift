import Auth
import ChainMessages
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// Transactions that a genesis file has: each makes the validator of one operator, who signed for it, out of coins that
/// his account begins with.
///
/// They stand in `app_state.genutil.gen_txs` as Base64 of what was signed, and run when all modules have their parts.
/// So who the validators are is what the accounts' keys have signed, and nothing that whoever put the file together
/// says. As on a chain of the Cosmos SDK they are signed for the account's number 0 and its sequence 0.
package struct GenesisTransactions: Sendable {
    package static let part = "genutil"
    /// More than a set has members.
    package static let countMax = 1_000

    private let chainID: String
    private let time: Timestamp

    /// - Parameter time: of genesis, which is the block's for all that they do.
    package init(chainID: String, time: Timestamp) { (self.chainID, self.time) = (chainID, time) }

    /// The first state of a chain with these modules: what the parts of a genesis file say, and then what its
    /// transactions do. Throws a `GenesisRefusal` for a file that no chain begins with.
    package func begin(_ applicationState: JSONValue, _ modules: ModuleList, on state: any LedgerState) throws {
        try modules.importGenesis(applicationState, on: state) { state in
            let places = try GenesisTransactions.places(applicationState)
            for place in places { try run(place, modules.router, on: state) }
            return !places.isEmpty
        }
    }

    private static func places(_ applicationState: JSONValue) throws -> [GenesisValue] {
        let genutil = GenesisValue(applicationState, at: "app_state")[part]
        let places = try genutil["gen_txs"].elements
        guard places.count <= countMax else { throw genutil.refusal("has more than \(countMax) transactions") }
        return places
    }

    private func run(_ place: GenesisValue, _ router: MessageRouter, on state: any LedgerState) throws {
        let form = try GenesisTransactions.form(place, router)
        let (transaction, signer) = (form.transaction, form.transaction.signers[0])
        guard var account = try AuthModule.account(signer, on: state) else {
            throw place.refusal("\(signer) has no account in this file")
        }
        guard account.sequence == 0 else { throw place.refusal("\(signer) has two transactions") }
        let claim = SignatureCheck.verify(transaction, signerIndex: 0, chainID: chainID, accountNumber: 0, sequence: 0)
        guard claim == .valid else {
            throw place.refusal("is not signed by \(signer) for chain \(chainID), account number 0 and sequence 0")
        }
        let block = BlockContext(height: 0, time: time, proposer: [])
        do {
            _ = try router.run(transaction.body.messages[0], signer: signer, in: block, on: state)
        } catch let refusal as TransactionRefusal {
            throw place.refusal("\(signer): \(refusal.log)")
        }
        // The account may hold other coins now.
        account = try AuthModule.account(signer, on: state) ?? account
        account.publicKey = transaction.authentication.signers[0].publicKey
        account.sequence += 1
        try AuthModule.save(account, on: state)
    }

    private static func form(_ place: GenesisValue, _ router: MessageRouter) throws -> TransactionForm {
        guard let bytes = Base64.decode(try place.text) else {
            throw place.refusal(
                "is no signed transaction in Base64; that of a file of the Cosmos SDK must be made anew")
        }
        do {
            let form = try TransactionForm(decoding: bytes, router: router)
            let messages = form.transaction.body.messages
            guard messages.count == 1, messages[0].typeURL == StakingV1beta1.MsgCreateValidator.typeURL else {
                throw place.refusal("makes no validator, or does more than that")
            }
            return form
        } catch let refusal as TransactionRefusal {
            throw place.refusal(refusal.log)
        }
    }
}
