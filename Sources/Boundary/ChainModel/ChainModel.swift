/// The chain as both sides of the boundary understand it.
