import Wire

/// What the chain knows of a message type before it looks into the message: where its signer stands.
package struct MessageType: Sendable {
    package enum Signer: Equatable, Sendable {
        /// A field with the 20 bytes of an address.
        case bytes(field: UInt32)
        /// A field with an address in Bech32.
        case text(field: UInt32)
        /// A field with the operator address of a validator, in Bech32 under `secretvaloper`.
        case validator(field: UInt32)
        /// A repeated message whose field 1 is an address in Bech32: the inputs of a multiple send.
        case textOfEach(field: UInt32)
    }

    package let typeURL: String
    /// The module that runs it, as events name it.
    package let module: String
    package let signer: Signer

    /// Whether the enclave runs it; a transaction with one such message is the enclave's as a whole.
    package var isCompute: Bool { module == "compute" }

    package static func named(_ typeURL: String) -> MessageType? {
        knownMessageTypes[typeURL]
    }
}

/// The message types a transaction may carry. A type that is not listed makes the transaction malformed; whether a
/// module then runs a listed type is the application's business.
package let knownMessageTypes: [String: MessageType] = {
    var table = [String: MessageType]()
    func add(_ package: String, _ module: String, _ entries: KeyValuePairs<String, MessageType.Signer>) {
        for (name, signer) in entries {
            let typeURL = "/\(package).\(name)"
            table[typeURL] = MessageType(typeURL: typeURL, module: module, signer: signer)
        }
    }
    add(
        "secret.compute.v1beta1", "compute",
        [
            "MsgStoreCode": .bytes(field: 1), "MsgInstantiateContract": .bytes(field: 1),
            "MsgExecuteContract": .bytes(field: 1), "MsgMigrateContract": .text(field: 1),
            "MsgUpdateAdmin": .text(field: 1), "MsgClearAdmin": .text(field: 1),
        ])
    add("secret.registration.v1beta1", "register", ["RaAuthenticate": .bytes(field: 1)])
    add(
        "cosmos.bank.v1beta1", "bank",
        ["MsgSend": .text(field: 1), "MsgMultiSend": .textOfEach(field: 1)])
    add(
        "cosmos.staking.v1beta1", "staking",
        [
            "MsgCreateValidator": .validator(field: 5), "MsgEditValidator": .validator(field: 2),
            "MsgDelegate": .text(field: 1), "MsgUndelegate": .text(field: 1), "MsgBeginRedelegate": .text(field: 1),
            "MsgCancelUnbondingDelegation": .text(field: 1),
        ])
    add(
        "cosmos.distribution.v1beta1", "distribution",
        [
            "MsgSetWithdrawAddress": .text(field: 1), "MsgWithdrawDelegatorReward": .text(field: 1),
            "MsgWithdrawValidatorCommission": .validator(field: 1), "MsgFundCommunityPool": .text(field: 2),
            "MsgSetAutoRestake": .text(field: 1),
        ])
    for version in ["v1beta1", "v1"] {
        add(
            "cosmos.gov.\(version)", "gov",
            [
                "MsgSubmitProposal": .text(field: 3), "MsgVote": .text(field: 2), "MsgVoteWeighted": .text(field: 2),
                "MsgDeposit": .text(field: 2),
            ])
    }
    add("cosmos.slashing.v1beta1", "slashing", ["MsgUnjail": .validator(field: 1)])
    add(
        "cosmos.authz.v1beta1", "authz",
        [
            "MsgGrant": .text(field: 1), "MsgExec": .text(field: 1), "MsgRevoke": .text(field: 1),
        ])
    add(
        "cosmos.feegrant.v1beta1", "feegrant",
        [
            "MsgGrantAllowance": .text(field: 1), "MsgRevokeAllowance": .text(field: 1),
        ])
    return table
}()

extension AnyMessage {
    package var type: MessageType? { MessageType.named(typeURL) }

    /// Who must sign for this message, in the order of the message; each once. Names no more than may sign a transaction,
    /// whoever they are.
    package func signers() throws(TransactionError) -> [AccountAddress] {
        guard let type else { throw .unknownMessageType(typeURL) }
        var signers = [AccountAddress]()
        var partCount = 0
        // Only the signer's field is looked at; the rest is the business of whoever runs the message.
        var reader = ProtobufReader(value)
        while let field = try AnyMessage.next(&reader) {
            let signer: AccountAddress
            switch type.signer {
            case .bytes(field.number): signer = try field.addressBytes()
            case .text(field.number): signer = try field.addressText()
            case .validator(field.number):
                guard let address = AccountAddress(validatorText: try field.string()) else { throw .invalidAddress }
                signer = address
            case .textOfEach(field.number): signer = try AnyMessage.address(of: try field.slice())
            default: continue
            }
            if case .textOfEach = type.signer {
                partCount += 1
                guard partCount <= Transaction.signaturesMax else { throw .tooManySignatures(partCount) }
                if !signers.contains(signer) { signers.append(signer) }
            } else {
                guard signers.isEmpty else { throw .duplicateField(field.number) }
                signers = [signer]
            }
        }
        guard !signers.isEmpty else { throw .invalidAddress }
        return signers
    }

    private static func next(_ reader: inout ProtobufReader) throws(TransactionError) -> TransactionField? {
        do throws(ProtobufError) {
            return try reader.next().map(TransactionField.init(wire:))
        } catch {
            throw .malformed(error)
        }
    }

    private static func address(of input: ArraySlice<UInt8>) throws(TransactionError) -> AccountAddress {
        var reader = ProtobufReader(input)
        while let field = try next(&reader) {
            if field.number == 1 { return try field.addressText() }
        }
        throw .invalidAddress
    }
}
