/// API.
