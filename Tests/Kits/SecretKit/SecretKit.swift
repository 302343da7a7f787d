/// Keys of tests: known ones, and a look at what is inside. Nothing but a test may have either.
///
/// Whoever compares keys through it must not print them where a real one could stand.
import PublicCryptography
import SecretCryptography
import TestSupport

package func bytes(of key: borrowing SecretKey) -> [UInt8] { key.withUnsafeBytes { Array($0) } }
package func bytes(of guarded: borrowing GuardedBytes) -> [UInt8] { guarded.withUnsafeBytes { Array($0) } }
package func text(of key: borrowing SecretKey) -> String { Hexadecimal.encode(bytes(of: key)) }

/// The key whose bytes a literal says.
package func key(_ text: String) -> SecretKey { SecretKey(copying: hexadecimal(text))! }
package func key(repeating byte: UInt8) -> SecretKey { SecretKey(copying: [UInt8](repeating: byte, count: 32))! }

extension SecretKey {
    package borrowing func isEqual(to other: borrowing SecretKey) -> Bool { bytes(of: self) == bytes(of: other) }
}

extension GuardedBytes {
    package init(copying bytes: [UInt8]) { self.init(count: bytes.count) { $0.copyBytes(from: bytes) } }
    package borrowing func isEqual(to other: borrowing GuardedBytes) -> Bool { bytes(of: self) == bytes(of: other) }
}
