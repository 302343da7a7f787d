/// What crosses the trust boundary, and how.
