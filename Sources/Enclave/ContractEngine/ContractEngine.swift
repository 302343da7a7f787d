/// Runs contracts.
