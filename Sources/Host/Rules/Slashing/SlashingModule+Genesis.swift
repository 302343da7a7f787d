import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import StrictJSON
import Wire

/// What validators missed before a chain began, in the form of the Cosmos SDK's files.
extension SlashingModule {
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try SlashingParameters.set(try SlashingModule.parameters(genesis["params"]), on: state)
        // Of an exported chain staking tells nobody of its validators, and their keys are known all the same.
        try state.visit(StakingStore.name, prefix: [0x21]) { entry in
            let validator = try StakedValidator(stored: entry, in: StakingStore.name)
            let work = BlockWork(BlockContext(height: 0, time: .unixZero, proposer: []), on: state)
            try SlashingHooks().validatorCreated(validator, work)
        }
        for place in try genesis["signing_infos"].elements {
            let info = place["validator_signing_info"]
            let address: ConsensusAddress = try place["address"].bech32()
            try SlashingStore.set(
                .init(
                    address: address, startHeight: try info["start_height"].integer,
                    indexOffset: try info["index_offset"].integer,
                    jailedUntil: try info["jailed_until"].time(else: .unixZero),
                    tombstoned: try info["tombstoned"].flag ?? false,
                    missedBlocksCounter: try info["missed_blocks_counter"].integer), on: state)
        }
        for place in try genesis["missed_blocks"].elements {
            let address: ConsensusAddress = try place["address"].bech32()
            for block in try place["missed_blocks"].elements {
                let index = try block["index"].integer
                guard index >= 0, index < 1 << 32 else { throw block["index"].refusal("is in no window") }
                try MissedBlocks.set(try block["missed"].flag ?? false, address, index, on: state)
            }
        }
    }

    private static func parameters(_ place: GenesisValue) throws -> SlashingParameters.Values {
        let standard = SlashingParameters.standard
        let window = place["signed_blocks_window"]
        let values = SlashingParameters.Values(
            signedBlocksWindow: window.json == nil ? standard.signedBlocksWindow : try window.integer,
            minSignedPerWindow: try place["min_signed_per_window"].decimal(else: standard.minSignedPerWindow),
            downtimeJailDuration: try place["downtime_jail_duration"].duration(else: standard.downtimeJailDuration),
            slashFractionDoubleSign: try place["slash_fraction_double_sign"].decimal(
                else: standard.slashFractionDoubleSign),
            slashFractionDowntime: try place["slash_fraction_downtime"].decimal(else: standard.slashFractionDowntime))
        if let fault = SlashingParameters.fault(of: values) { throw place.refusal(fault) }
        return values
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        let values = try SlashingParameters.current(in: state)
        var (infos, missed): ([JSONValue], [JSONValue]) = ([], [])
        try state.visit(SlashingStore.name, prefix: SlashingStore.infoPrefix) { entry in
            let info = try SlashingStore.Info(stored: entry, in: SlashingStore.name)
            let record: JSONValue = [
                "address": .text(info.address), "start_height": .text(info.startHeight),
                "index_offset": .text(info.indexOffset), "jailed_until": .text(info.jailedUntil),
                "tombstoned": .bool(info.tombstoned), "missed_blocks_counter": .text(info.missedBlocksCounter),
            ]
            infos.append(["address": .text(info.address), "validator_signing_info": record])
            let blocks = try MissedBlocks.indices(info.address, in: state).map { index -> JSONValue in
                ["index": .text(index), "missed": true]
            }
            missed.append(["address": .text(info.address), "missed_blocks": .array(blocks)])
        }
        let parameters: JSONValue = [
            "signed_blocks_window": .text(values.signedBlocksWindow),
            "min_signed_per_window": .text(values.minSignedPerWindow),
            "downtime_jail_duration": .duration(values.downtimeJailDuration),
            "slash_fraction_double_sign": .text(values.slashFractionDoubleSign),
            "slash_fraction_downtime": .text(values.slashFractionDowntime),
        ]
        return ["params": parameters, "signing_infos": .array(infos), "missed_blocks": .array(missed)]
    }

    /// As many blocks are counted as missed as are marked.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        try state.visit(SlashingStore.name, prefix: SlashingStore.infoPrefix) { entry in
            let info = try SlashingStore.Info(stored: entry, in: SlashingStore.name)
            let count = try MissedBlocks.indices(info.address, in: state).count
            if info.missedBlocksCounter != Int64(count) {
                broken.append("\(info.address) missed \(count) blocks, and \(info.missedBlocksCounter) are counted")
            }
        }
        return broken
    }
}
