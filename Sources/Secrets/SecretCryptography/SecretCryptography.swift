/// Private keys and what they do.
