import Glibc

/// The part of the Internet where an address lies, as CometBFT forms it (`p2p/pex: groupKey`): the first 16 bits of
/// an IPv4 address, the first 32 of an IPv6 one.
///
/// A key costs nothing, and neither do a thousand addresses that one owner invents; addresses in many groups do.
struct AddressGroup: Equatable, CustomStringConvertible {
    let description: String

    /// `nil` of an address that is reached only from its own machine or network, and of a name.
    init?(host: String) {
        var short = in_addr()
        var long = in6_addr()
        if inet_pton(AF_INET, host, &short) == 1 {
            let bytes = withUnsafeBytes(of: short) { [UInt8]($0) }
            guard let group = AddressGroup(version4: bytes) else { return nil }
            self = group
        } else if inet_pton(AF_INET6, host, &long) == 1 {
            let bytes = withUnsafeBytes(of: long) { [UInt8]($0) }
            // An IPv4 address in IPv6's form (RFC 4291, section 2.5.5.2).
            if bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
                guard let group = AddressGroup(version4: Array(bytes.suffix(4))) else { return nil }
                self = group
                return
            }
            let isLoopback = bytes.prefix(15).allSatisfy { $0 == 0 } && bytes[15] <= 1
            // RFC 4193 and RFC 4291, section 2.5.6.
            let isOfANetwork = bytes[0] & 0xfe == 0xfc || (bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80)
            guard !isLoopback, !isOfANetwork else { return nil }
            description = bytes.prefix(4).map { String($0, radix: 16) }.joined(separator: ":")
        } else {
            return nil
        }
    }

    /// RFC 1122, section 3.2.1.3; RFC 1918; RFC 3927; RFC 6598.
    private init?(version4 bytes: [UInt8]) {
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (100, 64...127), (169, 254), (172, 16...31), (192, 168): return nil
        default: description = "\(bytes[0]).\(bytes[1])"
        }
    }
}
