/// A wallet.
