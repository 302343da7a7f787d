// The one place that names all modules of the ledger.
//
// Genesis, messages, queries, begin and end of a block, invariants and migrations are loops over this list: a module
// that is added here is in all of them. Nothing else may depend on which modules there are.

import Auth
import Authz
import Bank
import BlockParameters
import Circuit
import Compute
import Cron
import Distribution
import EmergencyButton
import Evidence
import Feegrant
import Governance
import Mint
import ModuleKit
import Registration
import Slashing
import Staking
import Upgrade
import Vesting

extension ModuleList {
    package static let chain: ModuleList = {
        let staking = StakingActions(hooks: [DistributionHooks(), SlashingHooks()])
        let economy: [any LedgerModule] = [
            DistributionModule(staking), StakingModule(staking), SlashingModule(staking), MintModule(),
            EvidenceModule(staking), GovernanceModule(),
        ]
        // In this order, since what one leaves at a block's begin the next one takes.
        return ModuleList(
            [AuthModule(), BankModule(), VestingModule()] + economy
                + [FeegrantModule(), AuthzModule(), ComputeModule(), RegistrationModule()]
                + [UpgradeModule(), ConsensusModule(), CircuitModule(), CronModule()]
                + [EmergencyButtonModule(), InterchainTransferModule()],
            beginning: ["mint", "distribution", "slashing", "evidence", "staking"],
            ending: ["gov", "staking", "distribution", "cron"])
    }()
}
