/// Accounts: their numbers, keys and sequences, the accounts that modules own, and the parameters of transactions.
///
/// Records and keys of the store are the boundary's, since the enclave reads them to know who signed. Assumes of its
/// callers that they ask for an account before they use its number. Never moves coins, and checks no signature: that is
/// the ante rules' business.
