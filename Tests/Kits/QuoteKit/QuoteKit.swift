// Quotes and roots as facts, for whoever verifies quotes: the verifier's tests, and the search for what a quote's
// verification costs.
//
// It makes no quote: those that a test mints come from the simulated platform.
