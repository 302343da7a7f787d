import PeerWire
import Testing

@Suite struct NodeInfoTests {
    private func fault(_ bend: (inout NodeInfo) -> Void) throws -> PeerFault? {
        var (left, right) = (Side(number: 1).link(bend), Side(number: 2).link())
        do throws(PeerFault) {
            _ = try Side.connect(&left, &right)
            return nil
        } catch {
            return error
        }
    }

    @Test("What a node may not say of itself is refused, each for its reason")
    func refused() throws {
        let cases: [(NodeInfoFault, (inout NodeInfo) -> Void)] = [
            (.id, { $0.id = String(repeating: "0", count: 40) }),
            (.listenAddress, { $0.listenAddress = "nonsense" }),
            (.blockVersion, { $0.blockVersion = 10 }),
            (.network, { $0.network = "other-chain" }),
            (.channels, { $0.channels.append($0.channels[0]) }),
            (.channels, { $0.channels += Array(0x80...0x87) }),
            (.noCommonChannel, { $0.channels = [0x99] }),
            (.text, { $0.moniker = "" }),
            (.text, { $0.moniker = "tab\t" }),
            (.text, { $0.indexesTransactions = "maybe" }),
        ]
        for (reason, bend) in cases { #expect(try fault(bend) == .handshake(.nodeInfo(reason))) }
        #expect(try fault { $0.moniker = String(repeating: "m", count: 20_000) } == .length)
    }

    @Test("The version of a program and of the peer protocol are compared with nothing")
    func accepted() throws {
        #expect(try fault { $0.version = "9.9.9" } == nil)
        #expect(try fault { $0.peerVersion = 9 } == nil)
        #expect(try fault { $0.channels = [0x40] } == nil)
    }

    @Test("Addresses of peers are read as operators write them, and nothing else is")
    func addresses() {
        let id = String(repeating: "aB", count: 20)
        #expect(PeerAddress("\(id)@127.0.0.1:26656")?.description == "\(id.lowercased())@127.0.0.1:26656")
        #expect(PeerAddress("\(id)@[::1]:1")?.place == ListenAddress(host: "::1", port: 1))
        #expect(ListenAddress("tcp://0.0.0.0:26656")?.host == "0.0.0.0")
        for wrong in ["", "127.0.0.1:1", "\(id)@", "\(id)@host", "\(id)@host:70000", "ab@host:1", "\(id)@a@b:1"] {
            #expect(PeerAddress(wrong) == nil, "\(wrong)")
        }
    }
}
