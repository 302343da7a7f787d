import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// What puppets are told to do: to say too much, to ask too much, and to ask for too much in return.
struct PuppetOrders {
    let scene: Scene
    /// The most bytes of one text.
    var textMax: Int

    init(scene: Scene, _ dice: inout Dice) {
        self.scene = scene
        textMax = dice.chance(3) ? 1_500_000 : scene.textBytesMax
    }

    /// The message of a call.
    func act(_ dice: inout Dice, depth: Int = 0) -> JSONValue {
        switch dice.below(depth > 3 ? 9 : 16) {
        case 0: return ["fail": .string(text(&dice))]
        case 1: return ["say": .string(text(&dice))]
        case 2: return ["set": ["key": .string(dice.text(dice.size(70_000))), "value": .string(text(&dice))]]
        case 3: return ["remove": .string(dice.text(dice.size(70_000)))]
        case 4: return [dice.pick(["panic", "recurse", "environment"]): .bool(true)]
        case 5: return ["work": .number(dice.size(200_000))]
        case 6: return ["allocate": .number(dice.pick([0, 1, 65_536, 12 << 20, 13 << 20, -1, 1 << 31]))]
        case 7, 8: return ["call": call(&dice)]
        case 9, 10: return ["query": query(&dice, depth: depth)]
        case 11:
            return ["on_reply": act(&dice, depth: depth + 2), "respond": response(&dice, depth: depth)]
        default: return ["respond": response(&dice, depth: depth)]
        }
    }

    /// The message of a query.
    func ask(_ dice: inout Dice) -> JSONValue {
        switch dice.below(6) {
        case 0: return ["get": .string(dice.text(dice.size(70_000)))]
        case 1: return ["echo": .string(text(&dice))]
        case 2: return ["echo": .array(Array(repeating: .array([]), count: dice.size(100_000)))]
        default: return act(&dice, depth: 2)
        }
    }

    private func text(_ dice: inout Dice) -> String { dice.text(dice.size(textMax)) }

    // MARK: - What a contract answers

    private func response(_ dice: inout Dice, depth: Int) -> JSONValue {
        let messageCount = dice.chance(3) ? dice.size(3_000) : dice.below(5)
        let messages = (0..<messageCount).map { _ in message(&dice, depth: depth + (messageCount > 5 ? 5 : 1)) }
        let data: JSONValue =
            dice.chance(50) ? .null : .string(Base64.encode(dice.bytes(dice.size(dice.chance(10) ? textMax : 2_000))))
        return [
            "messages": .array(messages), "attributes": attributes(&dice),
            "events": .array(
                (0..<(dice.chance(10) ? dice.size(4_000) : dice.below(3))).map { _ in
                    ["type": .string(dice.text(dice.size(dice.chance(5) ? 200_000 : 40))), "attributes": .array([])]
                }), "data": data,
        ]
    }

    private func attributes(_ dice: inout Dice) -> JSONValue {
        let count = dice.chance(5) ? dice.size(40_000) : dice.below(4)
        let max = count > 10 ? 20 : dice.chance(15) ? textMax : 300
        return .array(
            (0..<count).map { _ in
                [
                    "key": .string(dice.text(dice.size(min(max, 70_000)))), "value": .string(dice.text(dice.size(max))),
                    "encrypted": .bool(dice.chance(50)),
                ]
            })
    }

    // MARK: - Messages in return

    private func message(_ dice: inout Dice, depth: Int) -> JSONValue {
        [
            "id": .number(dice.pick([0, 1, 7, Int.max])), "msg": content(&dice, depth: depth),
            "gas_limit": dice.chance(80) ? .null : .number(dice.pick([0, 1, 50_000, Int.max])),
            "reply_on": .string(dice.pick(["never", "always", "success", "error"])),
        ]
    }

    private func content(_ dice: inout Dice, depth: Int) -> JSONValue {
        switch dice.below(12) {
        case 0, 1:
            return ["bank": ["send": ["to_address": .string(address(&dice)), "amount": coins(&dice)]]]
        case 2: return ["bank": ["burn": ["amount": coins(&dice)]]]
        case 3, 4, 5:
            let callee = dice.pick(scene.contracts)
            let inner =
                callee.isPuppet ? JSONWriter.bytes(of: act(&dice, depth: depth + 1)) : dice.bytes(dice.size(200))
            return [
                "wasm": [
                    "execute": [
                        "contract_addr": .string(dice.chance(90) ? callee.address.description : address(&dice)),
                        "code_hash": .string(dice.chance(90) ? callee.codeHash.description : dice.text(dice.size(200))),
                        "msg": .string(Base64.encode(inner)), "send": dice.chance(70) ? .array([]) : coins(&dice),
                    ]
                ]
            ]
        case 6:
            return [
                "wasm": [
                    "instantiate": [
                        "code_id": .number(dice.pick([0, 1, 2, Int(scene.puppetCodeID), Int.max])),
                        "code_hash": .string(scene.puppetCodeHash.description),
                        "msg": .string(Base64.encode(Array("{}".utf8))), "send": .array([]),
                        "label": .string(dice.text(dice.size(1_000))),
                        "admin": dice.chance(50) ? .null : .string(address(&dice)),
                    ]
                ]
            ]
        case 7:
            return [
                "wasm": [
                    "migrate": [
                        "contract_addr": .string(address(&dice)), "code_id": .number(Int(scene.puppetCodeID)),
                        "code_hash": .string(scene.puppetCodeHash.description),
                        "msg": .string(Base64.encode(Array("{}".utf8))),
                    ]
                ]
            ]
        case 8:
            return [
                "wasm": [
                    dice.pick(["update_admin", "clear_admin"]): [
                        "contract_addr": .string(address(&dice)), "admin": .string(address(&dice)),
                    ]
                ]
            ]
        case 9:
            return [
                "stargate": [
                    "type_url": .string(
                        dice.pick([BankMessage.sendTypeURL, BankMessage.multiSendTypeURL, "/x", dice.text(300)])),
                    "value": .string(Base64.encode(dice.bytes(dice.size(3_000)))),
                ]
            ]
        case 10: return [dice.pick(["custom", "ibc", "gov", "staking", "distribution"]): [:]]
        default: return ["finalize_tx": [:]]
        }
    }

    private func address(_ dice: inout Dice) -> String {
        switch dice.below(5) {
        case 0: dice.text(dice.size(70_000))
        case 1: dice.pick(scene.users).address.description
        case 2: ModuleAddress.feeCollector.description
        default: dice.pick(scene.contracts).address.description
        }
    }

    private func coins(_ dice: inout Dice) -> JSONValue {
        let count = dice.chance(10) ? dice.size(5_000) : dice.below(3)
        return .array(
            (0..<count).map { index in
                let name = dice.chance(80) ? dice.pick(Scene.denominations) : dice.text(dice.size(200))
                let amount = dice.pick([
                    "1", "0", "01", "-1", "", String(UInt128.max), "1" + String(UInt128.max), "1.5",
                ])
                return ["denom": .string(count > 10 ? "\(name)\(index)" : name), "amount": .string(amount)]
            })
    }

    // MARK: - What a contract asks

    private func query(_ dice: inout Dice, depth: Int) -> JSONValue {
        switch dice.below(8) {
        case 0:
            return [
                "bank": [
                    dice.pick(["balance", "all_balances", "supply"]): [
                        "address": .string(address(&dice)), "denom": .string(dice.text(dice.size(300))),
                    ]
                ]
            ]
        case 1, 2, 3:
            let callee = dice.pick(scene.contracts)
            let inner = depth > 8 ? ["get": .string("x")] : act(&dice, depth: depth + 3)
            return [
                "wasm": [
                    "smart": [
                        "contract_addr": .string(dice.chance(80) ? callee.address.description : address(&dice)),
                        "code_hash": .string(callee.codeHash.description),
                        "msg": .string(Base64.encode(JSONWriter.bytes(of: inner))),
                    ]
                ]
            ]
        case 4:
            return ["wasm": [dice.pick(["raw", "contract_info", "x"]): ["contract_addr": .string(address(&dice))]]]
        case 5:
            let path = dice.pick([
                "/cosmos.bank.v1beta1.Query/Balance", "/cosmos.bank.v1beta1.Query/SupplyOf",
                "/cosmos.auth.v1beta1.Query/Account", "/secret.compute.v1beta1.Query/ContractInfo",
                "/secret.compute.v1beta1.Query/ContractsByCodeId", "/secret.compute.v1beta1.Query/LabelByAddress",
                "/secret.compute.v1beta1.Query/CodeHashByCodeId", "/secret.compute.v1beta1.Query/AddressByLabel",
                dice.text(dice.size(3_000)),
            ])
            let data =
                dice.chance(50)
                ? dice.bytes(dice.size(2_000))
                : ProtobufWriter.encode { writer in
                    writer.string(1, address(&dice))
                    writer.string(2, dice.text(dice.size(300)))
                }
            return ["stargate": ["path": .string(path), "data": .string(Base64.encode(data))]]
        case 6: return .string(text(&dice))
        default: return [dice.pick(["staking", "dist", "mint", "gov", "ibc", "custom", "x"]): .string(text(&dice))]
        }
    }

    /// Imports that puppets can be told to call, with too many, too few and too long arguments.
    private func call(_ dice: inout Dice) -> JSONValue {
        let function = dice.pick([
            "db_read", "db_write", "db_remove", "query_chain", "secp256k1_verify", "secp256k1_recover_pubkey",
            "secp256k1_sign", "ed25519_verify", "ed25519_batch_verify", "ed25519_sign", "addr_validate",
            "addr_canonicalize", "addr_humanize", "debug", "check_gas", "gas_evaporate", "dcap_quote_verify", "nothing",
        ])
        let arguments = (0..<dice.below(4)).map { _ -> JSONValue in
            switch dice.below(5) {
            case 0: return .number(dice.pick([0, 1, 64, 65_536, 0x7fff_ffff, 0xffff_ffff]))
            case 1: return ["capacity": .number(dice.pick([0, 1, 64, 90, 65_536]))]
            default:
                return .string(
                    Base64.encode(dice.bytes(dice.chance(80) ? dice.pick([32, 33, 64, 65, 20]) : dice.size(300_000))))
            }
        }
        return ["function": .string(function), "arguments": .array(arguments)]
    }
}
