/// Grants by which accounts let others send messages in their name.
///
/// Assumes of its callers that they run a message in nobody's name but its signer's otherwise. The enclave reads none
/// of its records: of a message that is sent by a grant it takes as gone what the message takes from its own signer.
