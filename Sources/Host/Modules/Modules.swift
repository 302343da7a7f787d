/// Modules.
