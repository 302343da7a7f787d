/// What follows a decision, whoever decided: a block is saved, run and committed, and a start after any crash goes on
/// from where the last one ended.
///
/// Each step leaves the disk such that the next start can tell what is done; `CommitStep` names the moments between
/// them. The module decides no block, and assumes that one engine at a time works with a store.
