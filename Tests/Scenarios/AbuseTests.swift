import Foundation
import Glibc
import SignedTransactions
import StrictJSON
import Testing
import WalletClient

/// A connection of somebody who does not care for HTTP.
final class RawConnection {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw ChildProcess.Failure(description: "no connection to \(port)") }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Writes as much as the other side takes.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What the other side answers first.
    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
    }
}

extension Scenarios {
    @Suite(.serialized) struct AbuseTests {
        @Test("garbage, endless headers and slow clients on every port leave REST, metrics and faucet at work")
        func garbage() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            var generator = SystemRandomNumberGenerator()
            var slow = [RawConnection]()
            for (port, path) in [
                (net.restPort, "/cosmos/base/tendermint/v1beta1/node_info"), (net.metricsPort, "/metrics"),
                (net.faucetPort, "/status"),
            ] {
                for size in [1, 64, 4_096, 300_000] {
                    try RawConnection(port: port).write(
                        (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
                }
                let name = try RawConnection(port: port)
                name.write(Array("GET / HTTP/1.1\r\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: 2_000_000))
                #expect(!name.read().contains(" 200 "))
                let many = try RawConnection(port: port)
                many.write(
                    Array(
                        ("GET \(path) HTTP/1.1\r\nhost: x\r\n" + (0..<5_000).map { "a\($0): b\r\n" }.joined() + "\r\n")
                            .utf8))
                #expect(!many.read().contains(" 200 "))
                // More than the places that REST has for requests at work and for bodies; metrics takes few
                // connections.
                let crowd = port == net.metricsPort ? 40 : 100
                for _ in 0..<crowd {
                    let one = try RawConnection(port: port)
                    one.write(Array("POST \(path) HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{".utf8))
                    slow.append(one)
                }
                let polite = try RawConnection(port: port)
                polite.write(Array("GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
                #expect(polite.read().contains(" 200 "), "\(path)")
            }
            let receiver = try Wallet(mnemonic: Wallet.newMnemonic()).address
            #expect(try await net.faucet.get("/faucet?address=\(receiver)")["txhash"] != nil)

            // Who is slow does not keep the network from ending either.
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending(within: 12) == .exit(0))
            #expect(slow.count == 240)
        }

        @Test("a full mempool refuses with code 20, and the node goes on when there is room")
        func fullMempool() async throws {
            let node = try await NodeProcess(settings: "[mempool]\nsize = 5\n[consensus]\nblock_interval = 15000\n")
            try await node.start()
            let session = try await node.session(.a)
            var account = try await session.client.account(session.wallet.address)
            var codes = [UInt64]()
            // On a busy machine a block may make room in between.
            while codes.suffix(2) != [20, 20], codes.count < 60 {
                let send = BankMessage.send(
                    .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(1, "uscrt")]))
                let transaction = try session.wallet.sign(
                    [send.any], fee: Fee(amount: [Coin(2_500, "uscrt")], gasLimit: 200_000), chainID: session.chainID,
                    account: account)
                let answer = try await session.client.broadcast(transaction)
                codes.append(answer.code)
                if answer.code == 0 { account.sequence += 1 }
            }
            let accepted = codes.count { $0 == 0 }
            #expect(accepted >= 5 && codes.suffix(2) == [20, 20] && Set(codes) == [0, 20], "\(codes)")
            try await wait(for: "all accepted to be in blocks") {
                try await node.balance(Person.b.address) == NodeProcess.coinsAtGenesis + UInt64(accepted)
            }
            let send = BankMessage.send(
                .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(1, "uscrt")]))
            #expect(try await session.send([send.any], gas: 200_000).code == 0)
            #expect(try await node.stop() == .exit(0))
        }
    }
}
