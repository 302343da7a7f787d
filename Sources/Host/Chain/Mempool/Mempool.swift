/// The transactions that wait for a block.
///
/// `TransactionPool` is a value without input or output: whoever owns it checks a transaction against the state and
/// says when a block was committed. It keeps what was accepted within fixed bounds, in an order fit for a block: each
/// sender's transactions by sequence, and among what may come next the best paid first. It assumes that a transaction
/// is added only after it passed its check, and it never looks into a transaction: what it needs to know comes with it.
