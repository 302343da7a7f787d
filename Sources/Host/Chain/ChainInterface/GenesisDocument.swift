import ChainFormats
import DecidedBlocks
import DurableFiles
import PublicCryptography
import StrictJSON
import Wire

package enum GenesisError: Error, Equatable {
    case missing(String)
    case malformed(String)
    /// A chain that CometBFT knows and this program does not.
    case unsupported(String)
    case noValidators
}

/// A validator as the genesis document names it.
package struct GenesisValidator: Hashable, Sendable {
    package var publicKey: [UInt8]
    package var power: Int64
    package var name: String

    package init(publicKey: [UInt8], power: Int64, name: String) {
        (self.publicKey, self.power, self.name) = (publicKey, power, name)
    }
}

/// What a chain begins with: CometBFT's genesis file, which all nodes share.
///
/// Read in CometBFT's layout and in that of the Cosmos SDK since 0.50, which nests validators and parameters under
/// `consensus`; written in CometBFT's. The application's part is kept as it is.
package struct GenesisDocument: Sendable, Equatable {
    package static let byteCountMax = 64 << 20

    package var genesisTime: Timestamp
    package var chainID: String
    package var initialHeight: Int64
    package var parameters: ConsensusParameters
    package var appVersion: UInt64
    package var validators: [GenesisValidator]
    package var appHash: [UInt8]
    package var appState: JSONValue

    package init(
        genesisTime: Timestamp, chainID: String, initialHeight: Int64 = 1,
        parameters: ConsensusParameters = ConsensusParameters(), validators: [GenesisValidator],
        appState: JSONValue = .object([])
    ) {
        self.genesisTime = genesisTime
        self.chainID = chainID
        self.initialHeight = initialHeight
        self.parameters = parameters
        appVersion = 0
        self.validators = validators
        appHash = []
        self.appState = appState
    }

    package var validatorUpdates: [ValidatorUpdate] {
        validators.map { ValidatorUpdate(publicKey: $0.publicKey, power: $0.power) }
    }

    /// What a light client of this chain starts from; `nil` without validators. The application must not replace them.
    package var anchor: ChainAnchor? {
        guard let validators = ValidatorSet(genesis: validatorUpdates) else { return nil }
        return ChainAnchor(
            chainID: chainID, genesisTime: genesisTime, initialHeight: initialHeight,
            initialValidatorsHash: validators.hash())
    }
}

// MARK: - JSON

extension GenesisDocument {
    package init(json bytes: [UInt8]) throws {
        let json: JSONValue
        do {
            json = try JSONReader.parse(bytes, limits: JSONLimits(bytesMax: GenesisDocument.byteCountMax))
        } catch {
            throw GenesisError.malformed("not JSON: \(error)")
        }
        guard let time = json["genesis_time"]?.string.flatMap({ Timestamp(rfc3339: $0) }) else {
            throw GenesisError.malformed("genesis_time")
        }
        guard let chainID = json["chain_id"]?.string, !chainID.isEmpty, chainID.utf8.count <= Header.chainIDByteCountMax
        else { throw GenesisError.malformed("chain_id") }
        let consensus = json["consensus"] ?? json
        let members = consensus["validators"]?.array ?? []
        self.init(
            genesisTime: time, chainID: chainID, validators: try members.map { try GenesisDocument.validator($0) },
            appState: json["app_state"] ?? .object([]))
        initialHeight = max(1, try GenesisDocument.integer(json["initial_height"], "initial_height") ?? 1)
        guard let appHash = Hexadecimal.decode(json["app_hash"]?.string ?? "") else {
            throw GenesisError.malformed("app_hash")
        }
        self.appHash = appHash
        let parameters = consensus["consensus_params"] ?? consensus["params"]
        func read(_ section: String, _ name: String) throws -> Int64? {
            try GenesisDocument.integer(parameters?[section]?[name], "\(section).\(name)")
        }
        if let value = try read("block", "max_bytes") { self.parameters.blockBytesMax = value }
        if let value = try read("block", "max_gas") { self.parameters.blockGasMax = value }
        if let value = try read("evidence", "max_age_num_blocks") {
            self.parameters.evidence.ageBlocksMax = value
        }
        if let value = try read("evidence", "max_age_duration") {
            self.parameters.evidence.ageNanosecondsMax = value
        }
        if let value = try read("evidence", "max_bytes") { self.parameters.evidence.bytesMax = value }
        if let value = try read("version", "app") { appVersion = UInt64(bitPattern: value) }
        if let fault = self.parameters.fault { throw GenesisError.malformed(fault) }
        // Followed all the same, such a chain would be left at its first block, or at the height where it begins to
        // differ.
        if let height = try read("abci", "vote_extensions_enable_height"), height != 0 {
            throw GenesisError.unsupported("abci.vote_extensions_enable_height")
        }
        if let version = try read("version", "block"), version != Int64(Header.blockProtocol) {
            throw GenesisError.unsupported("version.block")
        }
        if let types = parameters?["validator"]?["pub_key_types"]?.array, types.map(\.string) != ["ed25519"] {
            throw GenesisError.unsupported("validator.pub_key_types")
        }
    }

    private static func validator(_ json: JSONValue) throws -> GenesisValidator {
        guard let type = json["pub_key"]?["type"]?.string else { throw GenesisError.malformed("validators: pub_key") }
        guard type == "tendermint/PubKeyEd25519" else { throw GenesisError.unsupported("validators: pub_key \(type)") }
        guard let publicKey = json["pub_key"]?["value"]?.string.flatMap(Base64.decode),
            publicKey.count == Ed25519.publicKeyByteCount
        else { throw GenesisError.malformed("validators: pub_key") }
        guard let power = try integer(json["power"], "power"), power > 0 else {
            throw GenesisError.malformed("validators: power")
        }
        if let address = json["address"]?.string, !address.isEmpty {
            guard Hexadecimal.decode(address) == ValidatorAddress(publicKey: publicKey).bytes else {
                throw GenesisError.malformed("validators: address")
            }
        }
        return GenesisValidator(publicKey: publicKey, power: power, name: json["name"]?.string ?? "")
    }

    /// 64-bit integers are text in CometBFT's JSON and numbers in the SDK's.
    private static func integer(_ json: JSONValue?, _ name: String) throws -> Int64? {
        guard let json, !json.isNull else { return nil }
        if let text = json.string {
            if let value = Int64(text) { return value }
        } else if let value = json.int64 {
            return value
        }
        throw GenesisError.malformed(name)
    }

    /// CometBFT's layout, members in its order.
    package var json: JSONValue {
        let members = validators.map { validator -> JSONValue in
            [
                "address": .string(ValidatorAddress(publicKey: validator.publicKey).description),
                "pub_key": [
                    "type": "tendermint/PubKeyEd25519", "value": .string(Base64.encode(validator.publicKey)),
                ],
                "power": .string(String(validator.power)),
                "name": .string(validator.name),
            ]
        }
        return [
            "genesis_time": .string(genesisTime.description),
            "chain_id": .string(chainID),
            "initial_height": .string(String(initialHeight)),
            "consensus_params": [
                "block": [
                    "max_bytes": .string(String(parameters.blockBytesMax)),
                    "max_gas": .string(String(parameters.blockGasMax)),
                ],
                "evidence": [
                    "max_age_num_blocks": .string(String(parameters.evidence.ageBlocksMax)),
                    "max_age_duration": .string(String(parameters.evidence.ageNanosecondsMax)),
                    "max_bytes": .string(String(parameters.evidence.bytesMax)),
                ],
                "validator": ["pub_key_types": ["ed25519"]],
                "version": ["app": .string(String(appVersion))],
                "abci": ["vote_extensions_enable_height": "0"],
            ],
            "validators": .array(members),
            "app_hash": .string(Hexadecimal.encode(appHash, uppercase: true)),
            "app_state": appState,
        ]
    }

    package var jsonBytes: [UInt8] { JSONWriter.bytes(of: json) }

    package static func read(_ path: String) throws -> GenesisDocument {
        guard let bytes = try DurableFile.read(path) else { throw GenesisError.missing(path) }
        return try GenesisDocument(json: bytes)
    }

    package func write(_ path: String) throws {
        try DurableFile.replace(path, with: jsonBytes, mode: 0o644)
    }
}
