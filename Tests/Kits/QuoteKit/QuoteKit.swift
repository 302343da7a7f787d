// Quotes, collateral and roots, for whoever verifies quotes: genuine ones as facts, and a mint for those that a test
// wants otherwise.
//
// What the mint makes is simulated, or of a maker that only the test knows. It looks for nothing outside the repository
// but the vectors that lie beside some checkouts.
