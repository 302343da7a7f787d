/// Who signs this validator's votes: the enclave, which holds key and record, or CometBFT's two files.
///
/// A signer refuses what would contradict a signature it gave, over restarts: the record is on disk, or the platform's,
/// before a signature leaves. The files assume that nobody else signs with the key. Nobody here decides what is worth a
/// vote.
