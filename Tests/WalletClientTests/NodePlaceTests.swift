import PublicCryptography
import Testing
import WalletClient

@Suite("Where a node is") struct NodePlaceTests {
    @Test(
        "texts that lead to one place have one form",
        arguments: [
            [
                "http://127.0.0.1", "HTTP://127.0.0.1:80/", "http://127.1", "http://0x7f000001", "http://2130706433//",
                "http://%3127.0.0.1:0080", "http://[::ffff:127.0.0.1]", "http://[::FFFF:7f00:1]:80",
                "http://a:b@127.0.0.1",
                "http://127.0.0.1?x=1", "http://127.0.0.1/#x",
            ],
            ["https://Node.Example", "https://node.example.:443", "https://node.example///", "https://n%6Fde.example"],
            ["http://[::1]:1317", "http://[0:0:0:0:0:0:0:1]:1317/", "http://[0000::0001]:01317"],
            ["https://node.example/lcd/", "https://NODE.example//lcd", "https://node.example/%6ccd"],
        ])
    func one(spellings: [String]) {
        for spelling in spellings {
            #expect(NodePlace.canonical(spelling) == NodePlace.canonical(spellings[0]), "\(spelling)")
        }
    }

    @Test("texts that lead to two places have two")
    func two() {
        let places = [
            "http://127.0.0.1", "https://127.0.0.1", "http://127.0.0.1:1317", "http://127.0.0.2", "http://[::1]",
            "http://node.example", "http://node.example/lcd", "http://node.example/LCD", "http://other.example", "",
            "x",
        ]
        #expect(Set(places.map(NodePlace.canonical)).count == places.count)
    }

    @Test("a chain is known by the bytes of its name")
    func names() {
        let entry = KnownChains.Entry(
            chainID: "K-1", ioExchangeKey: SHA256.hash([]), proved: nil, nodes: ["HTTP://127.1:1317/"])
        #expect(entry.isOf("K-1") && !entry.isOf("\u{212a}-1"))
        #expect(entry.isAt("http://127.0.0.1:1317") && !entry.isAt("http://127.0.0.1:1318"))
    }
}
