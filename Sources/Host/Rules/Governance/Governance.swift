/// Proposals, the deposits behind them, and the votes that decide them.
///
/// What was decided runs as messages in governance's own name, which no key signs for, at the end of the block in
/// which the votes are counted. Assumes that no module's message runs a contract, and that nobody else writes its
/// store. Never lets a message that fails end a block.
