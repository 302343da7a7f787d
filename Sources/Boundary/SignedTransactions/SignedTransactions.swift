/// Who signed what: transactions as clients send them, their sign modes, and the messages that the enclave runs or
/// prices.
///
/// Formats are the Cosmos SDK's. Every byte is a stranger's: decoding refuses what two readers might understand
/// differently, and what is signed is made again from what was understood. Host and enclave decide by this one code.
/// The module reads no state: which key, number and sequence an account has, its caller says.
