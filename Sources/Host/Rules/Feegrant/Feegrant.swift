/// Grants by which accounts pay the fees of others.
///
/// Records and what they cover are the boundary's, since the enclave proves a grant before it runs a call that somebody
/// else pays for. Assumes of its callers that the fee is then taken from the granter. Moves no coin itself.
