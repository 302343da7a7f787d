import BlockExecution
import ChainFormats
import ChainInterface
import DecidedBlocks
import EmbeddedEngine
import Foundation
import PublicCryptography
import StrictJSON
import Testing
import Wire

@Suite struct GenesisDocumentTests {
    static let comet = """
        {"genesis_time":"2026-11-22T07:55:30.781011975Z","chain_id":"chain-LjuO3p","initial_height":"5",
        "consensus_params":{"block":{"max_bytes":"1000000","max_gas":"-1"},"evidence":{"max_age_num_blocks":"7",
        "max_age_duration":"172800000000000","max_bytes":"1000000"},"validator":{"pub_key_types":["ed25519"]},
        "version":{"app":"2"},"abci":{"vote_extensions_enable_height":"0"}},
        "validators":[{"address":"8A0E7A7AC488EA8806816BF18D958B84506663BE","pub_key":{"type":"tendermint/PubKeyEd25519",
        "value":"Rb8FD5783KwCqetHNEARDMnp14f0FyARNczDY7h+hWM="},"power":"3","name":"node0"}],
        "app_hash":"","app_state":{"z":1,"a":[1.50,"\\u00e9"]}}
        """

    @Test("CometBFT's layout is read, and written so that it reads the same")
    func comet() throws {
        let genesis = try GenesisDocument(json: Array(Self.comet.utf8))
        #expect(genesis.chainID == "chain-LjuO3p" && genesis.initialHeight == 5 && genesis.appVersion == 2)
        #expect(genesis.genesisTime.description == "2026-11-22T07:55:30.781011975Z")
        #expect(
            genesis.parameters
                == ConsensusParameters(
                    blockBytesMax: 1_000_000, blockGasMax: -1,
                    evidence: EvidenceParameters(ageBlocksMax: 7, bytesMax: 1_000_000)))
        #expect(
            genesis.validators.count == 1 && genesis.validators[0].power == 3 && genesis.validators[0].name == "node0")
        #expect(JSONWriter.text(of: genesis.appState) == "{\"z\":1,\"a\":[1.50,\"é\"]}")
        #expect(try GenesisDocument(json: genesis.jsonBytes) == genesis)
        #expect(genesis.anchor?.initialHeight == 5)
    }

    @Test("the Cosmos SDK's layout is read too")
    func cosmos() throws {
        let text = """
            {"app_name":"x","app_version":"","genesis_time":"2026-01-01T00:00:00Z","chain_id":"c","initial_height":1,
            "app_hash":null,"app_state":{},"consensus":{"validators":[{"address":"","pub_key":{"type":
            "tendermint/PubKeyEd25519","value":"Rb8FD5783KwCqetHNEARDMnp14f0FyARNczDY7h+hWM="},"power":"1","name":"n"}],
            "params":{"block":{"max_bytes":"22020096","max_gas":"-1"}}}}
            """
        let genesis = try GenesisDocument(json: Array(text.utf8))
        #expect(genesis.initialHeight == 1 && genesis.validators.count == 1)
        #expect(genesis.parameters == ConsensusParameters())
    }

    @Test(
        "what is not a genesis document is refused",
        arguments: [
            ("\"chain-LjuO3p\"", "\"\""), ("2026-11-22", "2026-13-22"), ("\"5\"", "\"five\""), ("8A0E", "8A0F"),
            ("\"power\":\"3\"", "\"power\":\"0\""),
            ("\"max_bytes\":\"1000000\",\"max_gas\"", "\"max_bytes\":\"0\",\"max_gas\""),
            ("\"max_bytes\":\"1000000\",\"max_gas\"", "\"max_bytes\":\"-2\",\"max_gas\""),
            ("\"max_bytes\":\"1000000\",\"max_gas\"", "\"max_bytes\":\"104857601\",\"max_gas\""),
            // More evidence than a block may have, or evidence that is too old at once.
            ("\"max_bytes\":\"1000000\"}", "\"max_bytes\":\"1000001\"}"), ("\"7\"", "\"0\""),
            ("\"-1\"", "\"-2\""),
            ("\"app_hash\":\"\"", "\"app_hash\":\"zz\""), ("\"a\":", "\"z\":"),
        ])
    func refused(part: String, replacement: String) {
        let text = Self.comet.replacingOccurrences(of: part, with: replacement)
        #expect(text != Self.comet)
        #expect(throws: GenesisError.self) { try GenesisDocument(json: Array(text.utf8)) }
    }

    @Test("a block may be as large as any block may be")
    func unlimited() throws {
        let text = Self.comet.replacingOccurrences(
            of: "\"max_bytes\":\"1000000\",\"max_gas\"", with: "\"max_bytes\":\"-1\",\"max_gas\"")
        let genesis = try GenesisDocument(json: Array(text.utf8))
        #expect(genesis.parameters.blockBytesMax == -1 && genesis.parameters.blockBytesLimit == Block.byteCountMax)
        #expect(try GenesisDocument(json: genesis.jsonBytes) == genesis)
    }

    @Test(
        "a chain that this program could not follow is refused by name",
        arguments: [
            ("\"vote_extensions_enable_height\":\"0\"", "\"vote_extensions_enable_height\":\"9\""),
            ("[\"ed25519\"]", "[\"secp256k1\"]"), ("[\"ed25519\"]", "[\"ed25519\",\"secp256k1\"]"),
            ("[\"ed25519\"]", "[]"),
            ("{\"app\":\"2\"}", "{\"app\":\"2\",\"block\":\"12\"}"),
            ("tendermint/PubKeyEd25519", "tendermint/PubKeySecp256k1"),
        ])
    func unsupported(part: String, replacement: String) {
        let text = Self.comet.replacingOccurrences(of: part, with: replacement)
        #expect(text != Self.comet)
        do {
            _ = try GenesisDocument(json: Array(text.utf8))
            Issue.record("was read")
        } catch GenesisError.unsupported {
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("a crash point is a step, or a step at a height")
    func crashPoint() {
        #expect(CrashPoint("block-saved")?.matches(.blockSaved, 3) == true)
        #expect(CrashPoint("block-saved@4")?.matches(.blockSaved, 3) == false)
        #expect(CrashPoint("block-saved@4")?.matches(.blockSaved, 4) == true)
        #expect(CrashPoint("block-saved@4")?.matches(.stateSaved, 4) == false)
        #expect(CrashPoint("block-saved@x") == nil && CrashPoint("nowhere") == nil)
    }
}
