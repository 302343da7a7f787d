import API
import ChainModules
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import StrictJSON
import Testing

/// Of all modules, each in its first form.
private let moduleVersions = ModuleList.chain.modules.map { "{\"name\":\"\($0.name)\",\"version\":\"1\"}" }.sorted()
    .joined(separator: ",")

@Suite("Accounts, balances and keys") struct LedgerServiceTests {
    private let chain = ChainDouble(Fixture.script)

    @Test(
        "the golden answers",
        arguments: [
            (
                "/cosmos/auth/v1beta1/accounts/secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03",
                #"{"account":{"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03","pub_key":{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A07oJJ9n4TYTnD7ZStYyiPbB3kXOZvqIMkchGmmPRAzf"},"account_number":"0","sequence":"5"}}"#
            ),
            (
                "/cosmos/auth/v1beta1/accounts/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne",
                #"{"account":{"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne","pub_key":null,"account_number":"1","sequence":"0"}}"#
            ),
            (
                "/cosmos/auth/v1beta1/account_info/secret1m3h30wlvsf8llruxtpukdvsy0km2kum825n36u",
                #"{"info":{"address":"secret1m3h30wlvsf8llruxtpukdvsy0km2kum825n36u","pub_key":null,"account_number":"2","sequence":"0"}}"#
            ),
            (
                "/cosmos/auth/v1beta1/module_accounts/mint",
                #"{"account":{"@type":"/cosmos.auth.v1beta1.ModuleAccount","base_account":{"address":"secret1m3h30wlvsf8llruxtpukdvsy0km2kum825n36u","pub_key":null,"account_number":"2","sequence":"0"},"name":"mint","permissions":["minter"]}}"#
            ),
            (
                "/cosmos/auth/v1beta1/params",
                #"{"params":{"max_memo_characters":"256","tx_sig_limit":"7","tx_size_cost_per_byte":"10","sig_verify_cost_ed25519":"590","sig_verify_cost_secp256k1":"1000"}}"#
            ),
            ("/cosmos/auth/v1beta1/bech32", #"{"bech32_prefix":"secret"}"#),
            (
                "/cosmos/auth/v1beta1/bech32/secret1m3h30wlvsf8llruxtpukdvsy0km2kum825n36u",
                #"{"address_bytes":"3G8Xu+yCT/+Phlh5ZrIEfbarc2c="}"#
            ),
            (
                "/cosmos/auth/v1beta1/address_by_id/1",
                #"{"account_address":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne"}"#
            ),
            (
                "/cosmos/bank/v1beta1/balances/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne",
                #"{"balances":[{"denom":"uscrt","amount":"7"}],"pagination":{"next_key":null,"total":"1"}}"#
            ),
            (
                "/cosmos/bank/v1beta1/balances/secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3rcrt0n",
                #"{"balances":[],"pagination":{"next_key":null,"total":"0"}}"#
            ),
            (
                "/cosmos/bank/v1beta1/spendable_balances/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne/by_denom?denom=uscrt",
                #"{"balance":{"denom":"uscrt","amount":"7"}}"#
            ),
            (
                "/cosmos/bank/v1beta1/balances/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne/by_denom?denom=other",
                #"{"balance":{"denom":"other","amount":"0"}}"#
            ),
            (
                "/cosmos/bank/v1beta1/supply",
                #"{"supply":[{"denom":"aaa","amount":"3"},{"denom":"bbb","amount":"4"},{"denom":"uscrt","amount":"1000000000000000007"}],"pagination":{"next_key":null,"total":"3"}}"#
            ),
            (
                "/cosmos/bank/v1beta1/supply/by_denom?denom=uscrt",
                #"{"amount":{"denom":"uscrt","amount":"1000000000000000007"}}"#
            ),
            ("/cosmos/bank/v1beta1/params", #"{"params":{"send_enabled":[],"default_send_enabled":true}}"#),
            (
                "/cosmos/bank/v1beta1/send_enabled?denoms=uscrt",
                #"{"send_enabled":[],"pagination":{"next_key":null,"total":"0"}}"#
            ),
            (
                "/cosmos/bank/v1beta1/denom_owners/uscrt",
                #"{"denom_owners":[{"address":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne","balance":{"denom":"uscrt","amount":"7"}},{"address":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03","balance":{"denom":"uscrt","amount":"1000000000000000000"}}],"pagination":{"next_key":null,"total":"2"}}"#
            ),
            (
                "/cosmos/upgrade/v1beta1/module_versions",
                "{\"module_versions\":[\(moduleVersions)]}"
            ),
            (
                "/cosmos/upgrade/v1beta1/module_versions?module_name=bank",
                #"{"module_versions":[{"name":"bank","version":"1"}]}"#
            ),
            ("/registration/v1beta1/tx-key", #"{"key":"Xf7dO2vUf2+ijuFdlp1bsOpTd01Ii9r53xxuASSz7yI="}"#),
        ])
    func golden(target: String, expected: String) async {
        let answer = await chain.get(target)
        #expect(answer.status == 200)
        #expect(answer.height == 5)
        #expect(answer.text == expected)
    }

    @Test("the registration key is the JSON that a joining node stores, in base64")
    func registrationKey() async throws {
        let answer = try parsed(await chain.get("/registration/v1beta1/registration-key").text)
        let text = String(decoding: Base64.decode(answer["key"]!.string!)!, as: UTF8.self)
        let node = Base64.encode(Fixture.nodeKey.bytes)
        #expect(
            text == #"{"reg_info":null,"node_exch_key":{"bytes":"\#(node)"},"#
                + #""io_exch_key":{"bytes":"Xf7dO2vUf2+ijuFdlp1bsOpTd01Ii9r53xxuASSz7yI="}}"#)
    }

    @Test("an encrypted seed is found by the key in base64 or hexadecimal")
    func encryptedSeed() async {
        let base64 = Base64.encode(Fixture.nodeKey.bytes).replacing("/", with: "%2F")
        for key in [base64, Fixture.nodeKey.description] {
            #expect(
                await chain.get("/registration/v1beta1/encrypted-seed/\(key)").text == #"{"encrypted_seed":"AQID"}"#)
        }
        let unknown = await chain.get("/registration/v1beta1/encrypted-seed/\(Fixture.ioKey)")
        #expect(unknown.status == 404)
        #expect(await chain.get("/registration/v1beta1/encrypted-seed/AQID").status == 400)
    }

    @Test(
        "what is not there is 404, what is no address 400",
        arguments: [
            ("/cosmos/auth/v1beta1/accounts/secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3rcrt0n", 404),
            ("/cosmos/auth/v1beta1/module_accounts/nobody", 404),
            ("/cosmos/auth/v1beta1/address_by_id/77", 404), ("/cosmos/auth/v1beta1/accounts/secret1x", 400),
            ("/cosmos/auth/v1beta1/accounts/cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu", 400),
            ("/cosmos/bank/v1beta1/balances/nobody", 400),
            ("/cosmos/bank/v1beta1/balances/secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne/by_denom", 400),
            ("/cosmos/bank/v1beta1/supply/by_denom?denom=%21", 400),
            ("/cosmos/bank/v1beta1/denoms_metadata/uscrt", 404),
            ("/cosmos/bank/v1beta1/denoms_metadata_by_query_string?denom=uscrt", 404),
            ("/cosmos/upgrade/v1beta1/module_versions?module_name=none", 404),
            ("/cosmos/staking/v1beta1/historical_info/99999999", 404),
            ("/cosmos/staking/v1beta1/historical_info/-1", 400), ("/cosmos/staking/v1beta1/historical_info/x", 400),
        ])
    func absent(target: String, status: Int) async {
        #expect(await chain.get(target).status == status)
    }

    @Test("the text of an unknown account is what clients poll for")
    func unknownAccount() async {
        let answer = await chain.get("/cosmos/auth/v1beta1/accounts/secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3rcrt0n")
        #expect(
            answer.text == #"{"code":5,"message":"account secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3rcrt0n not found","#
                + #""details":[]}"#)
    }

    @Test("an older height has its own state and says so; one to come is refused")
    func heights() async {
        let target = "/cosmos/bank/v1beta1/balances/\(Fixture.bob)/by_denom?denom=uscrt"
        let old = await chain.get(target, height: "1")
        #expect(old.text == #"{"balance":{"denom":"uscrt","amount":"0"}}"#)
        #expect(old.height == 1)
        #expect(await chain.get(target, height: "6").status == 400)
    }

    @Test("pages follow each other in both directions until the cursor is null", arguments: [false, true])
    func pages(reverse: Bool) async throws {
        var seen: [String] = []
        var cursor = ""
        for _ in 0..<4 {
            let answer = try parsed(
                await chain.get(
                    "/cosmos/bank/v1beta1/balances/\(Fixture.alice)?pagination.limit=1&pagination.reverse=\(reverse)"
                        + "&pagination.key=\(cursor)"
                ).text)
            seen += (answer["balances"]?.array ?? []).compactMap { $0["denom"]?.string }
            guard let next = answer["pagination"]?["next_key"]?.string else { break }
            cursor = next.replacing("+", with: "%2B")
        }
        #expect(seen == (reverse ? ["uscrt", "bbb", "aaa"] : ["aaa", "bbb", "uscrt"]))
    }

    @Test("offset, total and their contradiction")
    func offsets() async {
        let target = "/cosmos/bank/v1beta1/balances/\(Fixture.alice)"
        #expect(
            await chain.get(target + "?pagination.offset=1&pagination.limit=1&pagination.count_total=true").text
                == #"{"balances":[{"denom":"bbb","amount":"4"}],"pagination":{"next_key":"YmJi","total":"3"}}"#)
        #expect(
            await chain.get(target + "?pagination.offset=2&pagination.limit=5").text
                == #"{"balances":[{"denom":"uscrt","amount":"1000000000000000000"}],"#
                + #""pagination":{"next_key":null,"total":"0"}}"#)
        #expect(
            await chain.get(target + "?pagination.offset=99").text
                == #"{"balances":[],"pagination":{"next_key":null,"total":"3"}}"#)
        #expect(await chain.get(target + "?pagination.offset=1&pagination.key=YmJi").status == 400)
    }

    @Test("a list longer than one read is paged whole")
    func longLists() async throws {
        var script = ChainDouble.Script()
        for index in 0..<700 {
            let denomination = "coin" + String(1000 + index)
            script.state.set(StoreName.bank, BankStore.supplyKey(denomination), BankStore.encode(1))
        }
        let chain = ChainDouble(script)
        let all = try parsed(await chain.get("/cosmos/bank/v1beta1/supply?pagination.limit=5000").text)
        #expect(all["supply"]?.array?.count == 700)
        let page = try parsed(await chain.get("/cosmos/bank/v1beta1/supply").text)
        #expect(page["supply"]?.array?.count == 100)
        #expect(page["pagination"]?["total"] == "700")
        #expect(page["pagination"]?["next_key"] == .string(Base64.encode(Array("coin1099".utf8))))
    }
}
