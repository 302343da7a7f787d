// Made by proto/message_table.py from proto/chain. Do not edit.
// swift-format-ignore-file

/// The message types that a transaction may carry: who signs, what it costs, what it takes from who signs. A type that
/// is not listed makes the transaction malformed; whether a module then runs a listed type is the application's affair.
package let knownMessageTypes: [String: MessageType] = {
    var table = [String: MessageType]()
    var package = ""
    var module = ""
    func enter(_ newPackage: String, _ newModule: String) {
        package = newPackage
        module = newModule
    }
    func add(_ name: String, _ signer: MessageType.Signer, _ price: MessageType.Price, _ takes: MessageType.Takes) {
        let typeURL = "/\(package).\(name)"
        table[typeURL] = MessageType(typeURL: typeURL, module: module, signer: signer, price: price, takes: takes)
    }
    enter("cloister.registration.v1", "register")
    add("MsgApproveProgram", .text(field: 1), .few, .nothing)
    add("MsgEndApproval", .text(field: 1), .few, .nothing)
    add("MsgUpdatePolicy", .text(field: 1), .few, .nothing)
    enter("cosmos.auth.v1beta1", "auth")
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("cosmos.authz.v1beta1", "authz")
    add("MsgExec", .text(field: 1), .holder, .whatItHolds(field: 2))
    add("MsgGrant", .text(field: 1), .few, .nothing)
    add("MsgRevoke", .text(field: 1), .few, .nothing)
    enter("cosmos.bank.v1beta1", "bank")
    add("MsgMultiSend", .textOfEach(field: 1, inner: 1), .byItsModule, .byItsModule)
    add("MsgSend", .text(field: 1), .byItsModule, .byItsModule)
    add("MsgSetSendEnabled", .text(field: 1), .few, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("cosmos.circuit.v1", "circuit")
    add("MsgAuthorizeCircuitBreaker", .text(field: 1), .few, .nothing)
    add("MsgResetCircuitBreaker", .text(field: 1), .few, .nothing)
    add("MsgTripCircuitBreaker", .text(field: 1), .few, .nothing)
    enter("cosmos.consensus.v1", "consensus")
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("cosmos.distribution.v1beta1", "distribution")
    add("MsgCommunityPoolSpend", .text(field: 1), .few, .nothing)
    add("MsgDepositValidatorRewardsPool", .text(field: 1), .few, .coins(field: 3))
    add("MsgFundCommunityPool", .text(field: 2), .few, .coins(field: 1))
    add("MsgSetAutoRestake", .text(field: 1), .few, .nothing)
    add("MsgSetWithdrawAddress", .text(field: 1), .few, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    add("MsgWithdrawDelegatorReward", .text(field: 1), .dozen, .nothing)
    add("MsgWithdrawValidatorCommission", .validator(field: 1), .dozen, .nothing)
    enter("cosmos.evidence.v1beta1", "evidence")
    add("MsgSubmitEvidence", .text(field: 1), .few, .nothing)
    enter("cosmos.feegrant.v1beta1", "feegrant")
    add("MsgGrantAllowance", .text(field: 1), .few, .nothing)
    add("MsgPruneAllowances", .text(field: 1), .dozen, .nothing)
    add("MsgRevokeAllowance", .text(field: 1), .few, .nothing)
    enter("cosmos.gov.v1", "gov")
    add("MsgCancelProposal", .text(field: 2), .dozen, .nothing)
    add("MsgDeposit", .text(field: 2), .few, .coins(field: 3))
    add("MsgExecLegacyContent", .text(field: 2), .few, .nothing)
    add("MsgSubmitProposal", .text(field: 3), .dozen, .coins(field: 2))
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    add("MsgVote", .text(field: 2), .few, .nothing)
    add("MsgVoteWeighted", .text(field: 2), .few, .nothing)
    enter("cosmos.gov.v1beta1", "gov")
    add("MsgDeposit", .text(field: 2), .few, .coins(field: 3))
    add("MsgSubmitProposal", .text(field: 3), .dozen, .coins(field: 2))
    add("MsgVote", .text(field: 2), .few, .nothing)
    add("MsgVoteWeighted", .text(field: 2), .few, .nothing)
    enter("cosmos.mint.v1beta1", "mint")
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("cosmos.slashing.v1beta1", "slashing")
    add("MsgUnjail", .validator(field: 1), .few, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("cosmos.staking.v1beta1", "staking")
    add("MsgBeginRedelegate", .text(field: 1), .unstake, .nothing)
    add("MsgCancelUnbondingDelegation", .text(field: 1), .stake, .nothing)
    add("MsgCreateValidator", .validator(field: 5), .stake, .coins(field: 7))
    add("MsgDelegate", .text(field: 1), .stake, .coins(field: 3))
    add("MsgEditValidator", .validator(field: 2), .few, .nothing)
    add("MsgUndelegate", .text(field: 1), .unstake, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("cosmos.upgrade.v1beta1", "upgrade")
    add("MsgCancelUpgrade", .text(field: 1), .few, .nothing)
    add("MsgSoftwareUpgrade", .text(field: 1), .few, .nothing)
    enter("cosmos.vesting.v1beta1", "vesting")
    add("MsgCreatePeriodicVestingAccount", .text(field: 1), .few, .coinsOfEach(field: 4, coins: 2))
    add("MsgCreatePermanentLockedAccount", .text(field: 1), .few, .coins(field: 3))
    add("MsgCreateVestingAccount", .text(field: 1), .few, .coins(field: 3))
    enter("ibc.applications.fee.v1", "applications")
    add("MsgPayPacketFee", .text(field: 4), .few, .everything)
    add("MsgPayPacketFeeAsync", .textOfEach(field: 2, inner: 2), .few, .everything)
    add("MsgRegisterCounterpartyPayee", .text(field: 3), .few, .nothing)
    add("MsgRegisterPayee", .text(field: 3), .few, .nothing)
    enter("ibc.applications.interchain_accounts.controller.v1", "applications")
    add("MsgRegisterInterchainAccount", .text(field: 1), .dozen, .nothing)
    add("MsgSendTx", .text(field: 1), .dozen, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("ibc.applications.interchain_accounts.host.v1", "applications")
    add("MsgModuleQuerySafe", .text(field: 1), .dozen, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("ibc.applications.transfer.v1", "applications")
    add("MsgTransfer", .text(field: 4), .dozen, .coins(field: 3))
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("ibc.core.channel.v1", "core")
    add("MsgAcknowledgement", .text(field: 5), .proof, .nothing)
    add("MsgChannelCloseConfirm", .text(field: 5), .proof, .nothing)
    add("MsgChannelCloseInit", .text(field: 3), .few, .nothing)
    add("MsgChannelOpenAck", .text(field: 7), .proof, .nothing)
    add("MsgChannelOpenConfirm", .text(field: 5), .proof, .nothing)
    add("MsgChannelOpenInit", .text(field: 3), .dozen, .nothing)
    add("MsgChannelOpenTry", .text(field: 7), .proof, .nothing)
    add("MsgChannelUpgradeAck", .text(field: 7), .proof, .nothing)
    add("MsgChannelUpgradeCancel", .text(field: 6), .proof, .nothing)
    add("MsgChannelUpgradeConfirm", .text(field: 8), .proof, .nothing)
    add("MsgChannelUpgradeInit", .text(field: 4), .dozen, .nothing)
    add("MsgChannelUpgradeOpen", .text(field: 7), .proof, .nothing)
    add("MsgChannelUpgradeTimeout", .text(field: 6), .proof, .nothing)
    add("MsgChannelUpgradeTry", .text(field: 9), .proof, .nothing)
    add("MsgPruneAcknowledgements", .text(field: 4), .dozen, .nothing)
    add("MsgRecvPacket", .text(field: 4), .proof, .whatItsPacketHolds(field: 1))
    add("MsgTimeout", .text(field: 5), .proof, .nothing)
    add("MsgTimeoutOnClose", .text(field: 6), .proof, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("ibc.core.client.v1", "core")
    add("MsgCreateClient", .text(field: 3), .proof, .nothing)
    add("MsgIBCSoftwareUpgrade", .text(field: 3), .few, .nothing)
    add("MsgRecoverClient", .text(field: 3), .few, .nothing)
    add("MsgSubmitMisbehaviour", .text(field: 3), .proof, .nothing)
    add("MsgUpdateClient", .text(field: 3), .proof, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    add("MsgUpgradeClient", .text(field: 6), .proof, .nothing)
    enter("ibc.core.connection.v1", "core")
    add("MsgConnectionOpenAck", .text(field: 10), .proof, .nothing)
    add("MsgConnectionOpenConfirm", .text(field: 4), .proof, .nothing)
    add("MsgConnectionOpenInit", .text(field: 5), .dozen, .nothing)
    add("MsgConnectionOpenTry", .text(field: 12), .proof, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("secret.compute.v1beta1", "compute")
    add("MsgClearAdmin", .text(field: 1), .byItsModule, .byItsModule)
    add("MsgContractGovernanceProposal", .text(field: 1), .few, .nothing)
    add("MsgExecuteContract", .bytes(field: 1), .byItsModule, .byItsModule)
    add("MsgInstantiateContract", .bytes(field: 1), .byItsModule, .byItsModule)
    add("MsgMigrateContract", .text(field: 1), .byItsModule, .byItsModule)
    add("MsgMigrateContractProposal", .text(field: 1), .few, .nothing)
    add("MsgSetContractGovernance", .text(field: 1), .few, .nothing)
    add("MsgStoreCode", .bytes(field: 1), .byItsModule, .byItsModule)
    add("MsgUpdateAdmin", .text(field: 1), .byItsModule, .byItsModule)
    add("MsgUpdateMachineWhitelist", .text(field: 1), .dozen, .nothing)
    add("MsgUpdateMachineWhitelistProposal", .text(field: 1), .few, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    add("MsgUpgradeProposalPassed", .text(field: 1), .dozen, .nothing)
    enter("secret.cron", "cron")
    add("MsgAddSchedule", .text(field: 1), .few, .nothing)
    add("MsgRemoveSchedule", .text(field: 1), .few, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("secret.emergencybutton.v1beta1", "emergencybutton")
    add("MsgToggleIbcSwitch", .text(field: 1), .few, .nothing)
    add("MsgUpdateParams", .text(field: 1), .few, .nothing)
    enter("secret.registration.v1beta1", "register")
    add("RaAuthenticate", .bytes(field: 1), .byItsModule, .byItsModule)
    return table
}()

private typealias F = AminoForm.Field

/// How messages look in Amino JSON, by their names; whoever writes messages reads their fields here.
package let aminoForms: [String: AminoForm] = {
    var table = [String: AminoForm]()
    var package = ""
    func form(_ message: String, _ name: String?, isBare: Bool = false, _ fields: F...) {
        table["\(package).\(message)"] = AminoForm(home: package, name: name, isBare: isBare, fields: fields)
    }
    func bare(_ message: String, _ name: String?, _ field: F) { form(message, name, isBare: true, field) }
    package = "cloister.registration.v1"
    form("MsgApproveProgram", nil, F(1, "authority", .text), F(2, "measurement", .text), F(3, "not_before", .time))
    form("MsgEndApproval", nil, F(1, "authority", .text), F(2, "measurement", .text))
    form("MsgUpdatePolicy", nil, F(1, "authority", .text), F(2, "params", .text), F(3, "not_before", .time))
    package = "cosmos.auth.v1beta1"
    form("MsgUpdateParams", "cosmos-sdk/x/auth/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("Params", nil, F(1, "max_memo_characters", .number), F(2, "tx_sig_limit", .number),
        F(3, "tx_size_cost_per_byte", .number), F(4, "sig_verify_cost_ed25519", .number),
        F(5, "sig_verify_cost_secp256k1", .number))
    package = "cosmos.authz.v1beta1"
    form("GenericAuthorization", "cosmos-sdk/GenericAuthorization", F(1, "msg", .text))
    form("Grant", nil, F(1, "authorization", .any), F(2, "expiration", .time))
    form("MsgExec", "cosmos-sdk/MsgExec", F(1, "grantee", .text), F(2, "msgs", .any, .list))
    form("MsgGrant", "cosmos-sdk/MsgGrant", F(1, "granter", .text), F(2, "grantee", .text),
        F(3, "grant", .message("Grant"), [.kept, .always]))
    form("MsgRevoke", "cosmos-sdk/MsgRevoke", F(1, "granter", .text), F(2, "grantee", .text),
        F(3, "msg_type_url", .text))
    package = "cosmos.bank.v1beta1"
    form("Input", nil, F(1, "address", .text),
        F(2, "coins", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("MsgMultiSend", "cosmos-sdk/MsgMultiSend", F(1, "inputs", .message("Input"), [.list, .kept]),
        F(2, "outputs", .message("Output"), [.list, .kept]))
    form("MsgSend", "cosmos-sdk/MsgSend", F(1, "from_address", .text), F(2, "to_address", .text),
        F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("MsgSetSendEnabled", "cosmos-sdk/MsgSetSendEnabled", F(1, "authority", .text),
        F(2, "send_enabled", .message("SendEnabled"), .list), F(3, "use_default_for", .text, .list))
    form("MsgUpdateParams", "cosmos-sdk/x/bank/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("Output", nil, F(1, "address", .text),
        F(2, "coins", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("Params", nil, F(1, "send_enabled", .message("SendEnabled"), .list), F(2, "default_send_enabled", .flag))
    form("SendAuthorization", "cosmos-sdk/SendAuthorization",
        F(1, "spend_limit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(2, "allow_list", .text, .list))
    form("SendEnabled", nil, F(1, "denom", .text), F(2, "enabled", .flag))
    package = "cosmos.base.v1beta1"
    form("Coin", nil, F(1, "denom", .text), F(2, "amount", .integer, [.kept, .always]))
    package = "cosmos.circuit.v1"
    form("MsgAuthorizeCircuitBreaker", nil, F(1, "granter", .text), F(2, "grantee", .text),
        F(3, "permissions", .message("Permissions")))
    form("MsgResetCircuitBreaker", nil, F(1, "authority", .text), F(3, "msg_type_urls", .text, .list))
    form("MsgTripCircuitBreaker", nil, F(1, "authority", .text), F(2, "msg_type_urls", .text, .list))
    form("Permissions", nil, F(1, "level", .shortSigned), F(2, "limit_type_urls", .text, .list))
    package = "cosmos.consensus.v1"
    form("MsgUpdateParams", "cosmos-sdk/x/consensus/MsgUpdateParams", F(1, "authority", .text),
        F(2, "block", .message("tendermint.types.BlockParams")),
        F(3, "evidence", .message("tendermint.types.EvidenceParams")),
        F(4, "validator", .message("tendermint.types.ValidatorParams")),
        F(5, "abci", .message("tendermint.types.ABCIParams")))
    package = "cosmos.crypto.ed25519"
    bare("PubKey", "tendermint/PubKeyEd25519", F(1, "key", .bytes))
    package = "cosmos.distribution.v1beta1"
    form("MsgCommunityPoolSpend", "cosmos-sdk/distr/MsgCommunityPoolSpend", F(1, "authority", .text),
        F(2, "recipient", .text), F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("MsgDepositValidatorRewardsPool", "cosmos-sdk/distr/MsgDepositValRewards", F(1, "depositor", .text),
        F(2, "validator_address", .text),
        F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("MsgFundCommunityPool", "cosmos-sdk/MsgFundCommunityPool",
        F(1, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]), F(2, "depositor", .text))
    form("MsgSetAutoRestake", "cosmos-sdk/MsgSetAutoRestake", F(1, "delegator_address", .text),
        F(2, "validator_address", .text), F(3, "enabled", .flag))
    form("MsgSetWithdrawAddress", "cosmos-sdk/MsgModifyWithdrawAddress", F(1, "delegator_address", .text),
        F(2, "withdraw_address", .text))
    form("MsgUpdateParams", "cosmos-sdk/distribution/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("MsgWithdrawDelegatorReward", "cosmos-sdk/MsgWithdrawDelegationReward", F(1, "delegator_address", .text),
        F(2, "validator_address", .text))
    form("MsgWithdrawValidatorCommission", "cosmos-sdk/MsgWithdrawValCommission", F(1, "validator_address", .text))
    form("Params", "cosmos-sdk/x/distribution/Params", F(1, "community_tax", .decimal, [.kept, .always]),
        F(2, "base_proposer_reward", .decimal, [.kept, .always]),
        F(3, "bonus_proposer_reward", .decimal, [.kept, .always]), F(4, "withdraw_addr_enabled", .flag),
        F(5, "secret_foundation_tax", .decimal, .always), F(6, "secret_foundation_address", .text),
        F(7, "minimum_restake_threshold", .decimal, .always), F(8, "restake_period", .integer, .always))
    package = "cosmos.evidence.v1beta1"
    form("Equivocation", "cosmos-sdk/Equivocation", F(1, "height", .signed), F(2, "time", .time, [.kept, .always]),
        F(3, "power", .signed), F(4, "consensus_address", .text))
    form("MsgSubmitEvidence", "cosmos-sdk/MsgSubmitEvidence", F(1, "submitter", .text), F(2, "evidence", .any))
    package = "cosmos.feegrant.v1beta1"
    form("AllowedMsgAllowance", "cosmos-sdk/AllowedMsgAllowance", F(1, "allowance", .any),
        F(2, "allowed_messages", .text, .list))
    form("BasicAllowance", "cosmos-sdk/BasicAllowance",
        F(1, "spend_limit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(2, "expiration", .time))
    form("MsgGrantAllowance", "cosmos-sdk/MsgGrantAllowance", F(1, "granter", .text), F(2, "grantee", .text),
        F(3, "allowance", .any))
    form("MsgPruneAllowances", nil, F(1, "pruner", .text))
    form("MsgRevokeAllowance", "cosmos-sdk/MsgRevokeAllowance", F(1, "granter", .text), F(2, "grantee", .text))
    form("PeriodicAllowance", "cosmos-sdk/PeriodicAllowance",
        F(1, "basic", .message("BasicAllowance"), [.kept, .always]), F(2, "period", .duration, [.kept, .always]),
        F(3, "period_spend_limit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(4, "period_can_spend", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(5, "period_reset", .time, [.kept, .always]))
    package = "cosmos.gov.v1"
    form("MsgCancelProposal", nil, F(1, "proposal_id", .number), F(2, "proposer", .text))
    form("MsgDeposit", "cosmos-sdk/v1/MsgDeposit", F(1, "proposal_id", .number, .kept), F(2, "depositor", .text),
        F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept]))
    form("MsgExecLegacyContent", "cosmos-sdk/v1/MsgExecLegacyContent", F(1, "content", .any), F(2, "authority", .text))
    form("MsgSubmitProposal", "cosmos-sdk/v1/MsgSubmitProposal", F(1, "messages", .any, .list),
        F(2, "initial_deposit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(3, "proposer", .text), F(4, "metadata", .text), F(5, "title", .text), F(6, "summary", .text),
        F(7, "expedited", .flag))
    form("MsgUpdateParams", "cosmos-sdk/x/gov/v1/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("MsgVote", "cosmos-sdk/v1/MsgVote", F(1, "proposal_id", .number, .kept), F(2, "voter", .text),
        F(3, "option", .shortSigned), F(4, "metadata", .text))
    form("MsgVoteWeighted", "cosmos-sdk/v1/MsgVoteWeighted", F(1, "proposal_id", .number, .kept), F(2, "voter", .text),
        F(3, "options", .message("WeightedVoteOption"), .list), F(4, "metadata", .text))
    form("Params", nil, F(1, "min_deposit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept]),
        F(2, "max_deposit_period", .duration), F(3, "voting_period", .duration), F(4, "quorum", .text),
        F(5, "threshold", .text), F(6, "veto_threshold", .text), F(7, "min_initial_deposit_ratio", .text),
        F(8, "proposal_cancel_ratio", .text), F(9, "proposal_cancel_dest", .text),
        F(10, "expedited_voting_period", .duration), F(11, "expedited_threshold", .text),
        F(12, "expedited_min_deposit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept]),
        F(13, "burn_vote_quorum", .flag), F(14, "burn_proposal_deposit_prevote", .flag),
        F(15, "burn_vote_veto", .flag), F(16, "min_deposit_ratio", .text))
    form("WeightedVoteOption", nil, F(1, "option", .shortSigned), F(2, "weight", .text))
    package = "cosmos.gov.v1beta1"
    form("MsgDeposit", "cosmos-sdk/MsgDeposit", F(1, "proposal_id", .number, .kept), F(2, "depositor", .text),
        F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("MsgSubmitProposal", "cosmos-sdk/MsgSubmitProposal", F(1, "content", .any),
        F(2, "initial_deposit", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(3, "proposer", .text))
    form("MsgVote", "cosmos-sdk/MsgVote", F(1, "proposal_id", .number), F(2, "voter", .text),
        F(3, "option", .shortSigned))
    form("MsgVoteWeighted", "cosmos-sdk/MsgVoteWeighted", F(1, "proposal_id", .number, .kept), F(2, "voter", .text),
        F(3, "options", .message("WeightedVoteOption"), [.list, .kept]))
    form("TextProposal", "cosmos-sdk/TextProposal", F(1, "title", .text), F(2, "description", .text))
    form("WeightedVoteOption", nil, F(1, "option", .shortSigned), F(2, "weight", .decimal, [.kept, .always]))
    package = "cosmos.mint.v1beta1"
    form("MsgUpdateParams", "cosmos-sdk/x/mint/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("Params", "cosmos-sdk/x/mint/Params", F(1, "mint_denom", .text),
        F(2, "inflation_rate_change", .decimal, [.kept, .always]), F(3, "inflation_max", .decimal, [.kept, .always]),
        F(4, "inflation_min", .decimal, [.kept, .always]), F(5, "goal_bonded", .decimal, [.kept, .always]),
        F(6, "blocks_per_year", .number))
    package = "cosmos.params.v1beta1"
    form("ParamChange", nil, F(1, "subspace", .text), F(2, "key", .text), F(3, "value", .text))
    form("ParameterChangeProposal", "cosmos-sdk/ParameterChangeProposal", F(1, "title", .text),
        F(2, "description", .text), F(3, "changes", .message("ParamChange"), [.list, .kept]))
    package = "cosmos.slashing.v1beta1"
    form("MsgUnjail", "cosmos-sdk/MsgUnjail", F(1, "address", .text, .kept))
    form("MsgUpdateParams", "cosmos-sdk/x/slashing/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("Params", "cosmos-sdk/x/slashing/Params", F(1, "signed_blocks_window", .signed),
        F(2, "min_signed_per_window", .decimal, [.kept, .always]),
        F(3, "downtime_jail_duration", .duration, [.kept, .always]),
        F(4, "slash_fraction_double_sign", .decimal, [.kept, .always]),
        F(5, "slash_fraction_downtime", .decimal, [.kept, .always]))
    package = "cosmos.staking.v1beta1"
    form("CommissionRates", nil, F(1, "rate", .decimal, [.kept, .always]),
        F(2, "max_rate", .decimal, [.kept, .always]), F(3, "max_change_rate", .decimal, [.kept, .always]))
    form("Description", nil, F(1, "moniker", .text), F(2, "identity", .text), F(3, "website", .text),
        F(4, "security_contact", .text), F(5, "details", .text))
    form("MsgBeginRedelegate", "cosmos-sdk/MsgBeginRedelegate", F(1, "delegator_address", .text),
        F(2, "validator_src_address", .text), F(3, "validator_dst_address", .text),
        F(4, "amount", .message("cosmos.base.v1beta1.Coin"), [.kept, .always]))
    form("MsgCancelUnbondingDelegation", "cosmos-sdk/MsgCancelUnbondingDelegation", F(1, "delegator_address", .text),
        F(2, "validator_address", .text), F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.kept, .always]),
        F(4, "creation_height", .signed))
    form("MsgCreateValidator", "cosmos-sdk/MsgCreateValidator",
        F(1, "description", .message("Description"), [.kept, .always]),
        F(2, "commission", .message("CommissionRates"), [.kept, .always]),
        F(3, "min_self_delegation", .integer, [.kept, .always]), F(4, "delegator_address", .text),
        F(5, "validator_address", .text), F(6, "pubkey", .any),
        F(7, "value", .message("cosmos.base.v1beta1.Coin"), [.kept, .always]))
    form("MsgDelegate", "cosmos-sdk/MsgDelegate", F(1, "delegator_address", .text), F(2, "validator_address", .text),
        F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.kept, .always]))
    form("MsgEditValidator", "cosmos-sdk/MsgEditValidator",
        F(1, "description", .message("Description"), [.kept, .always]), F(2, "validator_address", .text),
        F(3, "commission_rate", .decimal), F(4, "min_self_delegation", .integer))
    form("MsgUndelegate", "cosmos-sdk/MsgUndelegate", F(1, "delegator_address", .text),
        F(2, "validator_address", .text), F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.kept, .always]))
    form("MsgUpdateParams", "cosmos-sdk/x/staking/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("Params", "cosmos-sdk/x/staking/Params", F(1, "unbonding_time", .duration, [.kept, .always]),
        F(2, "max_validators", .shortNumber), F(3, "max_entries", .shortNumber),
        F(4, "historical_entries", .shortNumber), F(5, "bond_denom", .text),
        F(6, "min_commission_rate", .decimal, [.kept, .always]))
    form("StakeAuthorization.Validators", nil, F(1, "address", .text, .list))
    package = "cosmos.upgrade.v1beta1"
    form("CancelSoftwareUpgradeProposal", "cosmos-sdk/CancelSoftwareUpgradeProposal", F(1, "title", .text),
        F(2, "description", .text))
    form("MsgCancelUpgrade", "cosmos-sdk/MsgCancelUpgrade", F(1, "authority", .text))
    form("MsgSoftwareUpgrade", "cosmos-sdk/MsgSoftwareUpgrade", F(1, "authority", .text),
        F(2, "plan", .message("Plan"), [.kept, .always]))
    form("Plan", "cosmos-sdk/Plan", F(1, "name", .text), F(2, "time", .time, [.kept, .always]),
        F(3, "height", .signed), F(4, "info", .text), F(5, "upgraded_client_state", .any))
    form("SoftwareUpgradeProposal", "cosmos-sdk/SoftwareUpgradeProposal", F(1, "title", .text),
        F(2, "description", .text), F(3, "plan", .message("Plan"), [.kept, .always]))
    package = "cosmos.vesting.v1beta1"
    form("MsgCreatePeriodicVestingAccount", "cosmos-sdk/MsgCreatePeriodVestAccount", F(1, "from_address", .text),
        F(2, "to_address", .text), F(3, "start_time", .signed),
        F(4, "vesting_periods", .message("Period"), [.list, .kept]))
    form("MsgCreatePermanentLockedAccount", "cosmos-sdk/MsgCreatePermLockedAccount", F(1, "from_address", .text),
        F(2, "to_address", .text), F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    form("MsgCreateVestingAccount", "cosmos-sdk/MsgCreateVestingAccount", F(1, "from_address", .text),
        F(2, "to_address", .text), F(3, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(4, "end_time", .signed), F(5, "delayed", .flag))
    form("Period", nil, F(1, "length", .signed),
        F(2, "amount", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]))
    package = "ibc.applications.fee.v1"
    form("Fee", nil, F(1, "recv_fee", .message("cosmos.base.v1beta1.Coin"), [.list, .emptyList]),
        F(2, "ack_fee", .message("cosmos.base.v1beta1.Coin"), [.list, .emptyList]),
        F(3, "timeout_fee", .message("cosmos.base.v1beta1.Coin"), [.list, .emptyList]))
    form("MsgPayPacketFee", "cosmos-sdk/MsgPayPacketFee", F(1, "fee", .message("Fee"), [.kept, .always]),
        F(2, "source_port_id", .text), F(3, "source_channel_id", .text), F(4, "signer", .text),
        F(5, "relayers", .text, .list))
    form("MsgPayPacketFeeAsync", "cosmos-sdk/MsgPayPacketFeeAsync",
        F(1, "packet_id", .message("ibc.core.channel.v1.PacketId"), [.kept, .always]),
        F(2, "packet_fee", .message("PacketFee"), [.kept, .always]))
    form("MsgRegisterCounterpartyPayee", "cosmos-sdk/MsgRegisterCounterpartyPayee", F(1, "port_id", .text),
        F(2, "channel_id", .text), F(3, "relayer", .text), F(4, "counterparty_payee", .text))
    form("MsgRegisterPayee", "cosmos-sdk/MsgRegisterPayee", F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "relayer", .text), F(4, "payee", .text))
    form("PacketFee", nil, F(1, "fee", .message("Fee"), .always), F(2, "refund_address", .text),
        F(3, "relayers", .text, .list))
    package = "ibc.applications.interchain_accounts.controller.v1"
    form("MsgRegisterInterchainAccount", nil, F(1, "owner", .text), F(2, "connection_id", .text),
        F(3, "version", .text), F(4, "ordering", .shortSigned))
    form("MsgSendTx", nil, F(1, "owner", .text), F(2, "connection_id", .text),
        F(3, "packet_data", .message("ibc.applications.interchain_accounts.v1.InterchainAccountPacketData"), .always),
        F(4, "relative_timeout", .number))
    form("MsgUpdateParams", nil, F(1, "signer", .text), F(2, "params", .message("Params"), .always))
    form("Params", nil, F(1, "controller_enabled", .flag))
    package = "ibc.applications.interchain_accounts.host.v1"
    form("MsgModuleQuerySafe", nil, F(1, "signer", .text), F(2, "requests", .message("QueryRequest"), .list))
    form("MsgUpdateParams", nil, F(1, "signer", .text), F(2, "params", .message("Params"), .always))
    form("Params", nil, F(1, "host_enabled", .flag), F(2, "allow_messages", .text, .list))
    form("QueryRequest", nil, F(1, "path", .text), F(2, "data", .bytes))
    package = "ibc.applications.interchain_accounts.v1"
    form("InterchainAccountPacketData", nil, F(1, "type", .shortSigned), F(2, "data", .bytes), F(3, "memo", .text))
    package = "ibc.applications.transfer.v1"
    form("MsgTransfer", "cosmos-sdk/MsgTransfer", F(1, "source_port", .text), F(2, "source_channel", .text),
        F(3, "token", .message("cosmos.base.v1beta1.Coin"), [.kept, .always]), F(4, "sender", .text),
        F(5, "receiver", .text), F(6, "timeout_height", .message("ibc.core.client.v1.Height"), [.kept, .always]),
        F(7, "timeout_timestamp", .number), F(8, "memo", .text))
    form("MsgUpdateParams", nil, F(1, "signer", .text), F(2, "params", .message("Params"), .always))
    form("Params", nil, F(1, "send_enabled", .flag), F(2, "receive_enabled", .flag))
    package = "ibc.core.channel.v1"
    form("Channel", nil, F(1, "state", .shortSigned), F(2, "ordering", .shortSigned),
        F(3, "counterparty", .message("Counterparty"), .always), F(4, "connection_hops", .text, .list),
        F(5, "version", .text), F(6, "upgrade_sequence", .number))
    form("Counterparty", nil, F(1, "port_id", .text), F(2, "channel_id", .text))
    form("ErrorReceipt", nil, F(1, "sequence", .number), F(2, "message", .text))
    form("MsgAcknowledgement", nil, F(1, "packet", .message("Packet"), .always), F(2, "acknowledgement", .bytes),
        F(3, "proof_acked", .bytes), F(4, "proof_height", .message("ibc.core.client.v1.Height"), .always),
        F(5, "signer", .text))
    form("MsgChannelCloseConfirm", nil, F(1, "port_id", .text), F(2, "channel_id", .text), F(3, "proof_init", .bytes),
        F(4, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(5, "signer", .text),
        F(6, "counterparty_upgrade_sequence", .number))
    form("MsgChannelCloseInit", nil, F(1, "port_id", .text), F(2, "channel_id", .text), F(3, "signer", .text))
    form("MsgChannelOpenAck", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "counterparty_channel_id", .text), F(4, "counterparty_version", .text), F(5, "proof_try", .bytes),
        F(6, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(7, "signer", .text))
    form("MsgChannelOpenConfirm", nil, F(1, "port_id", .text), F(2, "channel_id", .text), F(3, "proof_ack", .bytes),
        F(4, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(5, "signer", .text))
    form("MsgChannelOpenInit", nil, F(1, "port_id", .text), F(2, "channel", .message("Channel"), .always),
        F(3, "signer", .text))
    form("MsgChannelOpenTry", nil, F(1, "port_id", .text), F(2, "previous_channel_id", .text),
        F(3, "channel", .message("Channel"), .always), F(4, "counterparty_version", .text), F(5, "proof_init", .bytes),
        F(6, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(7, "signer", .text))
    form("MsgChannelUpgradeAck", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "counterparty_upgrade", .message("Upgrade"), .always), F(4, "proof_channel", .bytes),
        F(5, "proof_upgrade", .bytes), F(6, "proof_height", .message("ibc.core.client.v1.Height"), .always),
        F(7, "signer", .text))
    form("MsgChannelUpgradeCancel", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "error_receipt", .message("ErrorReceipt"), .always), F(4, "proof_error_receipt", .bytes),
        F(5, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(6, "signer", .text))
    form("MsgChannelUpgradeConfirm", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "counterparty_channel_state", .shortSigned), F(4, "counterparty_upgrade", .message("Upgrade"), .always),
        F(5, "proof_channel", .bytes), F(6, "proof_upgrade", .bytes),
        F(7, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(8, "signer", .text))
    form("MsgChannelUpgradeInit", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "fields", .message("UpgradeFields"), .always), F(4, "signer", .text))
    form("MsgChannelUpgradeOpen", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "counterparty_channel_state", .shortSigned), F(4, "counterparty_upgrade_sequence", .number),
        F(5, "proof_channel", .bytes), F(6, "proof_height", .message("ibc.core.client.v1.Height"), .always),
        F(7, "signer", .text))
    form("MsgChannelUpgradeTimeout", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "counterparty_channel", .message("Channel"), .always), F(4, "proof_channel", .bytes),
        F(5, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(6, "signer", .text))
    form("MsgChannelUpgradeTry", nil, F(1, "port_id", .text), F(2, "channel_id", .text),
        F(3, "proposed_upgrade_connection_hops", .text, .list),
        F(4, "counterparty_upgrade_fields", .message("UpgradeFields"), .always),
        F(5, "counterparty_upgrade_sequence", .number), F(6, "proof_channel", .bytes), F(7, "proof_upgrade", .bytes),
        F(8, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(9, "signer", .text))
    form("MsgPruneAcknowledgements", nil, F(1, "port_id", .text), F(2, "channel_id", .text), F(3, "limit", .number),
        F(4, "signer", .text))
    form("MsgRecvPacket", nil, F(1, "packet", .message("Packet"), .always), F(2, "proof_commitment", .bytes),
        F(3, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(4, "signer", .text))
    form("MsgTimeout", nil, F(1, "packet", .message("Packet"), .always), F(2, "proof_unreceived", .bytes),
        F(3, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(4, "next_sequence_recv", .number),
        F(5, "signer", .text))
    form("MsgTimeoutOnClose", nil, F(1, "packet", .message("Packet"), .always), F(2, "proof_unreceived", .bytes),
        F(3, "proof_close", .bytes), F(4, "proof_height", .message("ibc.core.client.v1.Height"), .always),
        F(5, "next_sequence_recv", .number), F(6, "signer", .text), F(7, "counterparty_upgrade_sequence", .number))
    form("MsgUpdateParams", nil, F(1, "authority", .text), F(2, "params", .message("Params"), .always))
    form("Packet", nil, F(1, "sequence", .number), F(2, "source_port", .text), F(3, "source_channel", .text),
        F(4, "destination_port", .text), F(5, "destination_channel", .text), F(6, "data", .bytes),
        F(7, "timeout_height", .message("ibc.core.client.v1.Height"), .always), F(8, "timeout_timestamp", .number))
    form("PacketId", nil, F(1, "port_id", .text), F(2, "channel_id", .text), F(3, "sequence", .number))
    form("Params", nil, F(1, "upgrade_timeout", .message("Timeout"), .always))
    form("Timeout", nil, F(1, "height", .message("ibc.core.client.v1.Height"), .always), F(2, "timestamp", .number))
    form("Upgrade", nil, F(1, "fields", .message("UpgradeFields"), .always),
        F(2, "timeout", .message("Timeout"), .always), F(3, "next_sequence_send", .number))
    form("UpgradeFields", nil, F(1, "ordering", .shortSigned), F(2, "connection_hops", .text, .list),
        F(3, "version", .text))
    package = "ibc.core.client.v1"
    form("Height", nil, F(1, "revision_number", .number), F(2, "revision_height", .number))
    form("MsgCreateClient", nil, F(1, "client_state", .any), F(2, "consensus_state", .any), F(3, "signer", .text))
    form("MsgIBCSoftwareUpgrade", nil, F(1, "plan", .message("cosmos.upgrade.v1beta1.Plan"), .always),
        F(2, "upgraded_client_state", .any), F(3, "signer", .text))
    form("MsgRecoverClient", nil, F(1, "subject_client_id", .text), F(2, "substitute_client_id", .text),
        F(3, "signer", .text))
    form("MsgSubmitMisbehaviour", nil, F(1, "client_id", .text), F(2, "misbehaviour", .any), F(3, "signer", .text))
    form("MsgUpdateClient", nil, F(1, "client_id", .text), F(2, "client_message", .any), F(3, "signer", .text))
    form("MsgUpdateParams", nil, F(1, "signer", .text), F(2, "params", .message("Params"), .always))
    form("MsgUpgradeClient", nil, F(1, "client_id", .text), F(2, "client_state", .any), F(3, "consensus_state", .any),
        F(4, "proof_upgrade_client", .bytes), F(5, "proof_upgrade_consensus_state", .bytes), F(6, "signer", .text))
    form("Params", nil, F(1, "allowed_clients", .text, .list))
    package = "ibc.core.commitment.v1"
    form("MerklePrefix", nil, F(1, "key_prefix", .bytes))
    package = "ibc.core.connection.v1"
    form("Counterparty", nil, F(1, "client_id", .text), F(2, "connection_id", .text),
        F(3, "prefix", .message("ibc.core.commitment.v1.MerklePrefix"), .always))
    form("MsgConnectionOpenAck", nil, F(1, "connection_id", .text), F(2, "counterparty_connection_id", .text),
        F(3, "version", .message("Version")), F(4, "client_state", .any),
        F(5, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(6, "proof_try", .bytes),
        F(7, "proof_client", .bytes), F(8, "proof_consensus", .bytes),
        F(9, "consensus_height", .message("ibc.core.client.v1.Height"), .always), F(10, "signer", .text),
        F(11, "host_consensus_state_proof", .bytes))
    form("MsgConnectionOpenConfirm", nil, F(1, "connection_id", .text), F(2, "proof_ack", .bytes),
        F(3, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(4, "signer", .text))
    form("MsgConnectionOpenInit", nil, F(1, "client_id", .text),
        F(2, "counterparty", .message("Counterparty"), .always), F(3, "version", .message("Version")),
        F(4, "delay_period", .number), F(5, "signer", .text))
    form("MsgConnectionOpenTry", nil, F(1, "client_id", .text), F(2, "previous_connection_id", .text),
        F(3, "client_state", .any), F(4, "counterparty", .message("Counterparty"), .always),
        F(5, "delay_period", .number), F(6, "counterparty_versions", .message("Version"), .list),
        F(7, "proof_height", .message("ibc.core.client.v1.Height"), .always), F(8, "proof_init", .bytes),
        F(9, "proof_client", .bytes), F(10, "proof_consensus", .bytes),
        F(11, "consensus_height", .message("ibc.core.client.v1.Height"), .always), F(12, "signer", .text),
        F(13, "host_consensus_state_proof", .bytes))
    form("MsgUpdateParams", nil, F(1, "signer", .text), F(2, "params", .message("Params"), .always))
    form("Params", nil, F(1, "max_expected_time_per_block", .number))
    form("Version", nil, F(1, "identifier", .text), F(2, "features", .text, .list))
    package = "secret.compute.v1beta1"
    form("MigratedContract", nil, F(1, "address", .text), F(2, "new_code_id", .number))
    form("MsgClearAdmin", "wasm/MsgClearAdmin", F(1, "sender", .text), F(3, "contract", .text),
        F(7, "callback_sig", .bytes))
    form("MsgContractGovernanceProposal", nil, F(1, "authority", .text), F(2, "title", .text),
        F(3, "description", .text), F(4, "contracts", .message("MigratedContract"), .list),
        F(5, "admin_updates", .message("UpdatedAdmin"), .list))
    form("MsgExecuteContract", "wasm/MsgExecuteContract", F(1, "sender", .bytes), F(2, "contract", .bytes),
        F(3, "msg", .bytes), F(4, "callback_code_hash", .text),
        F(5, "sent_funds", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(6, "callback_sig", .bytes))
    form("MsgInstantiateContract", "wasm/MsgInstantiateContract", F(1, "sender", .bytes),
        F(2, "callback_code_hash", .text), F(3, "code_id", .number), F(4, "label", .text), F(5, "init_msg", .bytes),
        F(6, "init_funds", .message("cosmos.base.v1beta1.Coin"), [.list, .kept, .emptyList]),
        F(7, "callback_sig", .bytes), F(8, "admin", .text))
    form("MsgMigrateContract", "wasm/MsgMigrateContract", F(1, "sender", .text), F(2, "contract", .text),
        F(3, "code_id", .number), F(4, "msg", .bytes), F(7, "callback_sig", .bytes), F(8, "callback_code_hash", .text))
    form("MsgMigrateContractProposal", nil, F(1, "authority", .text), F(2, "title", .text), F(3, "description", .text),
        F(4, "contracts", .message("MigratedContract"), .list))
    form("MsgSetContractGovernance", nil, F(1, "sender", .text), F(2, "contract_address", .text))
    form("MsgStoreCode", "wasm/MsgStoreCode", F(1, "sender", .bytes), F(2, "wasm_byte_code", .bytes),
        F(3, "source", .text), F(4, "builder", .text))
    form("MsgUpdateAdmin", "wasm/MsgUpdateAdmin", F(1, "sender", .text), F(2, "new_admin", .text),
        F(3, "contract", .text), F(7, "callback_sig", .bytes))
    form("MsgUpdateMachineWhitelist", nil, F(1, "sender", .text), F(2, "proposal_id", .number),
        F(3, "machine_id", .text))
    form("MsgUpdateMachineWhitelistProposal", nil, F(1, "authority", .text), F(2, "title", .text),
        F(3, "description", .text), F(4, "machine_id", .text))
    form("MsgUpdateParams", "wasm/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("MsgUpgradeProposalPassed", nil, F(1, "sender_address", .text), F(2, "mr_enclave_hash", .bytes))
    form("Params", nil, F(1, "compile_cost", .decimal, .always), F(2, "max_contract_size", .number))
    form("UpdatedAdmin", nil, F(1, "address", .text), F(2, "new_admin", .text))
    package = "secret.cron"
    form("MsgAddSchedule", "cron/MsgAddSchedule", F(1, "authority", .text), F(2, "name", .text),
        F(3, "period", .number), F(4, "msgs", .message("MsgExecuteContract"), .list))
    form("MsgExecuteContract", nil, F(1, "contract", .text), F(2, "msg", .text))
    form("MsgRemoveSchedule", "cron/MsgRemoveSchedule", F(1, "authority", .text), F(2, "name", .text))
    form("MsgUpdateParams", "cron/MsgUpdateParams", F(1, "authority", .text),
        F(2, "params", .message("Params"), [.kept, .always]))
    form("Params", nil, F(1, "security_address", .text), F(2, "limit", .number))
    package = "secret.emergencybutton.v1beta1"
    form("MsgToggleIbcSwitch", nil, F(1, "sender", .text))
    form("MsgUpdateParams", nil, F(1, "authority", .text), F(2, "params", .message("Params"), [.kept, .always]))
    form("Params", nil, F(1, "switch_status", .text), F(2, "pauser_address", .text))
    package = "secret.registration.v1beta1"
    form("RaAuthenticate", "reg/authenticate", F(1, "sender", .bytes), F(2, "certificate", .bytes),
        F(3, "replace_machine_id", .text))
    package = "tendermint.types"
    form("ABCIParams", nil, F(1, "vote_extensions_enable_height", .signed))
    form("BlockParams", nil, F(1, "max_bytes", .signed), F(2, "max_gas", .signed))
    form("EvidenceParams", nil, F(1, "max_age_num_blocks", .signed), F(2, "max_age_duration", .duration, .always),
        F(3, "max_bytes", .signed))
    form("ValidatorParams", nil, F(1, "pub_key_types", .text, .list))
    return table
}()
