import PublicCryptography
import SecretCryptography

/// What a test may do and nothing else: look at a key.
func bytes(of key: borrowing SecretKey) -> [UInt8] { key.withUnsafeBytes { Array($0) } }
func bytes(of guarded: borrowing GuardedBytes) -> [UInt8] { guarded.withUnsafeBytes { Array($0) } }
func text(of key: borrowing SecretKey) -> String { Hexadecimal.encode(bytes(of: key)) }
func hexadecimal(_ text: String) -> [UInt8] { Hexadecimal.decode(text)! }

func key(_ text: String) -> SecretKey { SecretKey(copying: hexadecimal(text))! }
func key(repeating byte: UInt8) -> SecretKey { SecretKey(copying: [UInt8](repeating: byte, count: 32))! }

/// The bytes the generators of the batch values used: `i * 7 + seed`.
func pattern(_ count: Int, _ seed: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + seed) } }
