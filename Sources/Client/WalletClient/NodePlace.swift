import Foundation
import Glibc

/// Where a node is, in one spelling: two texts that lead to one place have one canonical form, as far as the text alone
/// can tell. (Two names of one machine cannot be told to be one.)
///
/// The attack: a host that the user knows under one spelling would be a stranger under another, and could call its
/// chain by another name there, for which the user knows no key.
package enum NodePlace {
    package static func canonical(_ text: String) -> String {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return text.lowercased() }
        let scheme = parts[0].lowercased()
        let rest = parts[1].prefix { $0 != "?" && $0 != "#" }
        let authority = rest.prefix { $0 != "/" }
        // Slashes that repeat mean nothing to a node, and neither do those at the end.
        let path = rest.dropFirst(authority.count).split(separator: "/").map(decoded)
        // Who is named before an @ changes nothing about the place.
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let (name, port) = split(place)
        let standard = ["http": "80", "https": "443"][scheme]
        let number = UInt16(port).map(String.init) ?? String(port)
        let suffix = number.isEmpty || number == standard ? "" : ":" + number
        return ([scheme + "://" + host(name) + suffix] + path).joined(separator: "/")
    }

    /// Host and port of `host:port`, `[host]:port` and either without a port.
    private static func split(_ place: Substring) -> (host: Substring, port: Substring) {
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            let behind = place[place.index(after: end)...]
            return (place[place.index(after: place.startIndex)..<end], behind.dropFirst(behind.hasPrefix(":") ? 1 : 0))
        }
        guard let colon = place.lastIndex(of: ":") else { return (place, "") }
        return (place[..<colon], place[place.index(after: colon)...])
    }

    private static func host(_ text: Substring) -> String {
        var name = decoded(text).lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        var long = in6_addr()
        if inet_pton(AF_INET6, name, &long) == 1 {
            let bytes = withUnsafeBytes(of: long) { Array($0) }
            if bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
                return bytes.suffix(4).map(String.init).joined(separator: ".")
            }
            var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            inet_ntop(AF_INET6, &long, &buffer, socklen_t(buffer.count))
            return "[" + String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "]"
        }
        // The system's resolver takes 127.1, 0x7f000001 and 2130706433 for 127.0.0.1.
        var short = in_addr()
        if inet_aton(name, &short) != 0 {
            return withUnsafeBytes(of: short) { $0.map(String.init).joined(separator: ".") }
        }
        return name
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        String(text).removingPercentEncoding ?? String(text)
    }
}
