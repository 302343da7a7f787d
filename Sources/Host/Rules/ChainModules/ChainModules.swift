// The one place that names all modules of the ledger.
//
// Genesis, messages, queries, begin and end of a block, invariants and migrations are loops over this list: a module
// that is added here is in all of them. Nothing else may depend on which modules there are.

import Auth
import Authz
import Bank
import Compute
import Feegrant
import ModuleKit
import Registration
import Vesting

extension ModuleList {
    package static let chain = ModuleList([
        AuthModule(), BankModule(), VestingModule(), FeegrantModule(), AuthzModule(), ComputeModule(),
        RegistrationModule(),
    ])
}
