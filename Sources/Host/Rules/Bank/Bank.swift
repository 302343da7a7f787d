/// Balances, total supplies, and the messages that move coins.
///
/// Records and keys of the store are the boundary's, since the enclave proves balances to itself. `BankModule.move`
/// asks nobody for permission: whoever calls it has. Makes and burns coins only for other modules, and never lets a
/// balance fall below zero.
