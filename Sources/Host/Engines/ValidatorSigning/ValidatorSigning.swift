/// This validator's key and what it has signed, in CometBFT's two files.
///
/// The signer refuses what would contradict a signature it gave, over restarts: the record is on disk before a
/// signature leaves. It assumes that nobody else signs with the key, and decides nothing about what is worth a vote.
