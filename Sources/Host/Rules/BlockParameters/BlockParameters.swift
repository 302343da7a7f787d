/// What blocks are held to, as governance changes it: `cosmos.consensus.v1`.
///
/// A chain begins with what its genesis document says of blocks; that stands in no store. Once governance has said it
/// anew, the whole of it stands here, and whoever runs blocks hands it on to consensus, where it holds from the next
/// block on. Assumes that an engine checks no more than this does. Never lets pass what one could not go on with: a
/// chain would stop over it.
import Auth
import ChainMessages
import EnclaveProtocol
import ModuleKit
import SignedTransactions
import Wire

/// `cosmos.consensus.v1`: the parameters of consensus.
package struct ConsensusModule: LedgerModule {
    package typealias Values = TendermintTypes.ConsensusParams

    package let name = "consensus"
    package let stores = ["consensus"]

    private static let store = "consensus"
    private static let key = Array("Consensus".utf8)

    package init() {}

    /// What governance has said; `nil` while what genesis said holds.
    package static func current(in state: any LedgerReading) throws -> Values? {
        try state.value(of: key, in: store).map { try Values(stored: LedgerEntry(key: key, value: $0), in: store) }
    }

    package var messages: [MessageHandler] {
        [
            MessageHandler(ConsensusV1.MsgUpdateParams.self) { message, _, state in
                try ModuleAccount.requireGovernance(message.authority)
                guard let block = message.block, let evidence = message.evidence, let validator = message.validator
                else {
                    throw ConsensusModule.refusal("all parameters must be present")
                }
                let values = Values(
                    block: block, evidence: evidence, validator: validator, version: .init(), abci: message.abci)
                if let fault = ConsensusModule.fault(of: values) { throw ConsensusModule.refusal(fault) }
                try state.set(values.encoded, of: ConsensusModule.key, in: ConsensusModule.store)
                return [
                    Event(
                        "update_consensus_params",
                        ["authority": message.authority.description, "parameters": ConsensusModule.text(of: values)])
                ]
            }
        ]
    }

    /// An error that has no code of its own in the original.
    private static func refusal(_ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "undefined", code: 1, log: text)
    }

    // MARK: - What is possible

    /// CometBFT's largest block.
    private static let blockBytesMax: Int64 = 104_857_600
    /// A block takes transactions of some size, or governance could never mend it.
    private static let blockBytesMin: Int64 = 65_536
    /// What a proposal to change it again takes, many times over.
    private static let blockGasMin: Int64 = 1_000_000

    /// Why no chain can go on with them (CometBFT: `ConsensusParams.ValidateBasic`), or none with these engines; `nil`
    /// if one can.
    private static func fault(of values: Values) -> String? {
        guard let block = values.block, let evidence = values.evidence, let validator = values.validator else {
            return "all parameters must be present"
        }
        if block.maxBytes == 0 { return "block.MaxBytes cannot be 0" }
        if block.maxBytes < -1 { return "block.MaxBytes must be -1 or greater than 0. Got \(block.maxBytes)" }
        if block.maxBytes > blockBytesMax {
            return "block.MaxBytes is too big. \(block.maxBytes) > \(blockBytesMax)"
        }
        if block.maxBytes != -1, block.maxBytes < blockBytesMin {
            return "block.MaxBytes is less than \(blockBytesMin): \(block.maxBytes)"
        }
        if block.maxGas < -1 { return "block.MaxGas must be greater or equal to -1. Got \(block.maxGas)" }
        if block.maxGas > 0, block.maxGas < blockGasMin {
            return "block.MaxGas is less than \(blockGasMin): \(block.maxGas)"
        }
        if evidence.maxAgeNumBlocks <= 0 {
            return "evidence.MaxAgeNumBlocks must be greater than 0. Got \(evidence.maxAgeNumBlocks)"
        }
        if evidence.maxAgeDuration <= .zero {
            return "evidence.MaxAgeDuration must be grater than 0 if provided, Got \(evidence.maxAgeDuration)"
        }
        // An engine counts it in nanoseconds of 64 bits.
        if evidence.maxAgeDuration.components.seconds >= Int64.max / 1_000_000_000 {
            return "evidence.MaxAgeDuration is too long"
        }
        let limit = block.maxBytes == -1 ? blockBytesMax : block.maxBytes
        if evidence.maxBytes > limit {
            return "evidence.MaxBytesEvidence is greater than upper bound, \(evidence.maxBytes) > \(limit)"
        }
        if evidence.maxBytes < 0 { return "evidence.MaxBytes must be non negative. Got: \(evidence.maxBytes)" }
        if validator.pubKeyTypes != ["ed25519"] { return "validator.PubKeyTypes can be ed25519 alone" }
        if values.abci?.voteExtensionsEnableHeight ?? 0 != 0 { return "ABCI.VoteExtensionsEnableHeight can be 0 alone" }
        return nil
    }

    /// As the original's compact text of the message.
    private static func text(of values: Values) -> String {
        func field(_ name: String, _ value: Int64) -> String { value == 0 ? "" : "\(name):\(value) " }
        var text = ""
        if let block = values.block {
            text += "block:<\(field("max_bytes", block.maxBytes))\(field("max_gas", block.maxGas))> "
        }
        if let evidence = values.evidence {
            let (seconds, attoseconds) = evidence.maxAgeDuration.components
            let age = field("seconds", seconds) + field("nanos", attoseconds / 1_000_000_000)
            text +=
                "evidence:<\(field("max_age_num_blocks", evidence.maxAgeNumBlocks))max_age_duration:<\(age)> "
                + "\(field("max_bytes", evidence.maxBytes))> "
        }
        if let validator = values.validator {
            text += "validator:<\(validator.pubKeyTypes.map { "pub_key_types:\"\($0)\" " }.joined())> "
        }
        if values.version != nil { text += "version:<> " }
        if let abci = values.abci {
            text += "abci:<\(field("vote_extensions_enable_height", abci.voteExtensionsEnableHeight))> "
        }
        return text
    }

    // MARK: - Genesis

    /// A genesis document says it elsewhere.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {}

    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        try ConsensusModule.current(in: state).flatMap(ConsensusModule.fault).map { [$0] } ?? []
    }
}
