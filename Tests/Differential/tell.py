"""Tells a random story to a real node and writes what came of it: tell.py PROGRAM FOLDER SEED OPERATIONS [brief] > STORY

Each line of the story is JSON: `genesis`, then for each block `begin`, its `tx` lines, `end`, and now and then `ask`:
what a query was answered about the state behind that block. Addresses begin with secret. A brief story says of every
tenth block alone what its beginning told, but for slashes, and asks at its end alone.
"""
import base64
import hashlib
import json
import os
import random
import shutil
import sys

from nacl.signing import SigningKey

from chain import Account, Always, Node, any_message, bech32, coin, message, readdressed, rewritten

UNIT = 10**18
PARAMETERS = {
    "staking": {"unbonding_time": "25s", "max_entries": 3, "max_validators": 20},
    "mint": {"blocks_per_year": "100000"},
    "slashing": {"signed_blocks_window": "30", "downtime_jail_duration": "8s"},
    "gov": {
        "min_deposit": [{"denom": "inj", "amount": "10000000"}], "max_deposit_period": "15s", "voting_period": "12s",
        "expedited_voting_period": "6s", "expedited_min_deposit": [{"denom": "inj", "amount": "50000000"}],
    },
}
MODULES = ["staking", "mint", "slashing", "distribution", "gov"]


def decimal(text):
    """As messages carry it: the number times 10^18."""
    whole, _, part = text.partition(".")
    return str(int(whole + part.ljust(18, "0")))


class Teller:
    def __init__(self, program, home, seed, operations, brief):
        self.random = random.Random(seed)
        self.node = Node(program, home)
        self.operations, self.brief = operations, brief
        self.people = [Account(f"{seed} person {i}") for i in range(10)]
        self.founder = Account(f"{seed} founder")
        self.makers = [Account(f"{seed} maker {i}") for i in range(6)]
        self.everybody = self.people + [self.founder] + self.makers
        self.keys = {}
        self.validators = [self.founder]
        self.proposals = 0
        self.sent = {}
        self.unbondings = []
        self.held = []

    # MARK: - Genesis

    def genesis(self):
        home = self.node.home
        shutil.rmtree(home, ignore_errors=True)
        self.node.run("init", "node", "--chain-id", self.node.chain)
        key = json.load(open(f"{home}/config/priv_validator_key.json"))["pub_key"]["value"]
        path = f"{home}/config/genesis.json"
        document = json.load(open(path))
        state = document["app_state"]
        stake = 1000 * UNIT
        pool = bech32("inj", hashlib.sha256(b"bonded_tokens_pool").digest()[:20])
        amounts = [(str(a), 500 * UNIT + i * 7_777_777) for i, a in enumerate(self.everybody)] + [(pool, stake)]
        ours = {
            "bank": {"balances": [
                {"address": a, "coins": [{"denom": "inj", "amount": str(n)}]} for a, n in amounts]},
            "staking": {
                "validators": [{
                    "operator_address": self.founder.operator,
                    "consensus_pubkey": {"@type": "/cosmos.crypto.ed25519.PubKey", "key": key}, "jailed": False,
                    "status": "BOND_STATUS_BONDED", "tokens": str(stake), "delegator_shares": f"{stake}.{'0' * 18}",
                    "description": {"moniker": "founder"}, "unbonding_height": "0",
                    "unbonding_time": "1970-01-01T00:00:00Z", "min_self_delegation": "1",
                    "commission": {
                        "commission_rates": {"rate": "0.1", "max_rate": "1", "max_change_rate": "0.1"},
                        "update_time": "1970-01-01T00:00:00Z"}}],
                "delegations": [{
                    "delegator_address": str(self.founder), "validator_address": self.founder.operator,
                    "shares": f"{stake}.{'0' * 18}"}],
            },
        }
        for module in MODULES:
            values = json.loads(json.dumps(state[module]["params"]))
            values.update(PARAMETERS.get(module, {}))
            ours.setdefault(module, {})["params"] = values
        consensus = bech32("injvalcons", bytes.fromhex(
            json.load(open(f"{home}/config/priv_validator_key.json"))["address"]))
        ours["slashing"]["signing_infos"] = [{"address": consensus, "validator_signing_info": {
            "address": consensus, "start_height": "0", "index_offset": "0", "jailed_until": "1970-01-01T00:00:00Z",
            "tombstoned": False, "missed_blocks_counter": "0"}}]
        ours["mint"]["minter"] = state["mint"]["minter"]
        for module, values in ours.items():
            for name, value in values.items():
                state[module][name] = value
        state["bank"]["supply"] = [{"denom": "inj", "amount": str(sum(n for _, n in amounts))}]
        state["auth"]["accounts"] = []
        for number, account in enumerate(self.everybody):
            account.number = number
            state["auth"]["accounts"].append({
                "@type": "/injective.types.v1beta1.EthAccount", "code_hash": base64.b64encode(
                    bytes.fromhex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")).decode(),
                "base_account": {
                    "address": str(account), "pub_key": None, "account_number": str(number), "sequence": "0"}})
        for name in ("min_gas_price", "min_gas_price_for_high_gas_tx", "recheck_fee_base_fee_threshold_multiplier"):
            state["txfees"]["params"][name] = "0.000000000000000000" if "price" in name else "4.000000000000000000"
        document = json.loads(json.dumps(document).replace('"stake"', '"inj"'))
        document["consensus"]["params"]["block"]["max_gas"] = "-1"
        json.dump(document, open(path, "w"))
        ours = json.loads(json.dumps(ours).replace('"stake"', '"inj"'))
        return self.readdressed(ours), document

    def readdressed(self, value):
        if isinstance(value, dict):
            return {k: self.readdressed(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.readdressed(v) for v in value]
        return readdressed(value) if isinstance(value, str) else value

    # MARK: - Operations

    def amount(self):
        kind = self.random.random()
        if kind < 0.05:
            return self.random.choice([0, 1, 2, 7, 10**6, 600 * UNIT, 10**24])
        return self.random.randrange(1, 3 * UNIT) if kind < 0.8 else self.random.randrange(1, 12) * UNIT

    def someone(self):
        return self.random.choice(self.everybody)

    def validator(self):
        return self.random.choice(self.validators).operator if self.random.random() < 0.97 else self.people[0].operator

    def proposal(self):
        return max(1, self.proposals - self.random.randrange(4)) if self.random.random() < 0.97 else 999

    def text(self, most):
        return "".join(self.random.choice("abcdef ghij") for _ in range(self.random.randrange(1, most)))

    def expiry(self, block_time):
        return message((1, block_time + self.random.choice([-100, 5, 20, 1000])))

    def operation(self, now):
        """Who signs, and which message."""
        who, choice = self.someone(), self.random.random
        staking, distribution = "/cosmos.staking.v1beta1.", "/cosmos.distribution.v1beta1."
        weights = {
            "delegate": 16, "undelegate": 9, "redelegate": 7, "cancel": 4, "create": 5, "edit": 4, "withdraw": 8,
            "commission": 3, "address": 3, "fund": 3, "rewards": 2, "unjail": 8, "send": 8, "multi": 3, "submit": 5,
            "deposit": 5, "vote": 9, "weighted": 4, "abandon": 2, "grant": 5, "exec": 6, "revoke": 2, "allow": 3,
            "disallow": 2, 
        }
        kind = self.random.choices(list(weights), list(weights.values()))[0]
        held = self.random.choice(self.held) if self.held and choice() < 0.75 else None
        one = lambda url, *fields: (who, any_message(url, message(*fields)))
        match kind:
            case "delegate":
                return one(staking + "MsgDelegate", (1, str(who)), (2, self.validator()), (3, coin(self.amount())))
            case "undelegate":
                who, validator = held or (who, self.validator())
                self.unbondings.append((who, self.last))
                return who, any_message(staking + "MsgUndelegate", message(
                    (1, str(who)), (2, validator), (3, coin(self.amount() // self.random.choice([1, 3])))))
            case "redelegate":
                who, validator = held or (who, self.validator())
                return who, any_message(staking + "MsgBeginRedelegate", message(
                    (1, str(who)), (2, validator), (3, self.validator()),
                    (4, coin(self.amount() // self.random.choice([1, 3])))))
            case "cancel":
                if self.unbondings and choice() < 0.9:
                    who, validator, height = self.random.choice(self.found_unbondings() or [(who, self.validator(), 5)])
                    return who, any_message(staking + "MsgCancelUnbondingDelegation", message(
                        (1, str(who)), (2, validator), (3, coin(self.amount() % UNIT)), (4, height)))
                return one(staking + "MsgCancelUnbondingDelegation", (1, str(who)), (2, self.validator()),
                           (3, coin(self.amount())), (4, self.random.randrange(1, 99)))
            case "create":
                return self.creation()
            case "edit":
                who = self.random.choice(self.validators) if choice() < 0.9 else who
                rate = decimal(f"0.{self.random.randrange(100):02}") if choice() < 0.5 else ""
                same = "[do-not-modify]"
                return who, any_message(staking + "MsgEditValidator", message(
                    (1, Always(message((1, self.text(80)), (2, same), (3, same), (4, same), (5, self.text(20))))),
                    (2, who.operator), (3, rate), (4, str(self.random.randrange(1, 10**6)) if choice() < 0.3 else "")))
            case "withdraw":
                who, validator = held or (who, self.validator())
                return who, any_message(distribution + "MsgWithdrawDelegatorReward", message(
                    (1, str(who)), (2, validator)))
            case "commission":
                who = self.random.choice(self.validators) if choice() < 0.9 else who
                return who, any_message(distribution + "MsgWithdrawValidatorCommission", message((1, who.operator)))
            case "address":
                other = self.someone() if choice() < 0.9 else bech32(
                    "inj", hashlib.sha256(b"fee_collector").digest()[:20])
                return one(distribution + "MsgSetWithdrawAddress", (1, str(who)), (2, str(other)))
            case "fund":
                return one(distribution + "MsgFundCommunityPool", (1, [coin(self.amount())]), (2, str(who)))
            case "rewards":
                return one(distribution + "MsgDepositValidatorRewardsPool", (1, str(who)), (2, self.validator()),
                           (3, [coin(self.amount())]))
            case "unjail":
                who = self.random.choice(self.validators) if choice() < 0.95 else who
                return who, any_message("/cosmos.slashing.v1beta1.MsgUnjail", message((1, who.operator)))
            case "send":
                return one("/cosmos.bank.v1beta1.MsgSend", (1, str(who)), (2, str(self.someone())),
                           (3, [coin(self.amount())]))
            case "multi":
                a, b = self.random.randrange(1, UNIT), self.random.randrange(1, UNIT)
                total = a + b + (1 if choice() < 0.1 else 0)
                return one("/cosmos.bank.v1beta1.MsgMultiSend",
                           (1, [message((1, str(who)), (2, [coin(total)]))]),
                           (2, [message((1, str(self.someone())), (2, [coin(n)])) for n in (a, b)]))
            case "submit":
                return self.submission(who)
            case "deposit":
                return one("/cosmos.gov.v1.MsgDeposit", (1, self.proposal()), (2, str(who)),
                           (3, [coin(self.random.choice([1, 99_999, 100_000, 5_000_000, 10_000_000, 50_000_000]))]))
            case "vote":
                who = self.founder if choice() < 0.4 else who
                return who, any_message("/cosmos.gov.v1.MsgVote", message(
                    (1, self.proposal()), (2, str(who)), (3, self.random.choice([1, 1, 1, 2, 3, 4])),
                    (4, self.text(9) if choice() < 0.2 else "")))
            case "weighted":
                parts = self.random.choice([["0.5", "0.5"], ["0.7", "0.2", "0.1"], ["1"], ["0.5", "0.4"], ["0.6", "0.6"]])
                options = self.random.sample([1, 2, 3, 4], len(parts))
                return one("/cosmos.gov.v1.MsgVoteWeighted", (1, self.proposal()), (2, str(who)),
                           (3, [message((1, o), (2, w)) for o, w in zip(options, parts)]))
            case "abandon":
                who = self.proposers.get(self.proposal(), who) if choice() < 0.9 else who
                return who, any_message("/cosmos.gov.v1.MsgCancelProposal", message(
                    (1, self.proposal()), (2, str(who))))
            case "grant":
                other = self.someone()
                if choice() < 0.4:
                    what = any_message("/cosmos.bank.v1beta1.SendAuthorization", message(
                        (1, [coin(self.random.randrange(1, 3 * UNIT))])))
                elif choice() < 0.4:
                    what = any_message("/cosmos.staking.v1beta1.StakeAuthorization", message(
                        (1, coin(5 * UNIT)), (2, Always(message((1, [self.founder.operator])))), (4, 1)))
                else:
                    what = any_message("/cosmos.authz.v1beta1.GenericAuthorization", message(
                        (1, self.random.choice([staking + "MsgDelegate", "/cosmos.gov.v1.MsgVote",
                                                "/cosmos.bank.v1beta1.MsgSend"]))))
                self.grants.append((who, other))
                expiration = [(2, self.expiry(now))] if choice() < 0.7 else []
                return one("/cosmos.authz.v1beta1.MsgGrant", (1, str(who)), (2, str(other)),
                           (3, message((1, what), *expiration)))
            case "exec":
                granter, grantee = self.random.choice(self.grants) if self.grants and choice() < 0.95 else (
                    self.someone(), self.someone())
                inner = self.random.choice([
                    ("/cosmos.bank.v1beta1.MsgSend", message(
                        (1, str(granter)), (2, str(self.someone())), (3, [coin(self.random.randrange(1, UNIT))]))),
                    (staking + "MsgDelegate", message(
                        (1, str(granter)), (2, self.founder.operator), (3, coin(self.random.randrange(1, UNIT))))),
                    ("/cosmos.gov.v1.MsgVote", message((1, self.proposal()), (2, str(granter)), (3, 1)))])
                return grantee, any_message("/cosmos.authz.v1beta1.MsgExec", message(
                    (1, str(grantee)), (2, [any_message(*inner)])))
            case "revoke":
                granter, grantee = self.random.choice(self.grants) if self.grants else (who, self.someone())
                return granter, any_message("/cosmos.authz.v1beta1.MsgRevoke", message(
                    (1, str(granter)), (2, str(grantee)), (3, self.random.choice(
                        [staking + "MsgDelegate", "/cosmos.bank.v1beta1.MsgSend"]))))
            case "allow":
                other = self.someone()
                self.allowances.append((who, other))
                basic = any_message("/cosmos.feegrant.v1beta1.BasicAllowance", message(
                    (1, [coin(self.random.randrange(1, UNIT))]), (2, self.expiry(now) if choice() < 0.5 else b"")))
                return one("/cosmos.feegrant.v1beta1.MsgGrantAllowance", (1, str(who)), (2, str(other)), (3, basic))
            case "disallow":
                granter, grantee = self.random.choice(self.allowances) if self.allowances else (who, self.someone())
                return granter, any_message("/cosmos.feegrant.v1beta1.MsgRevokeAllowance", message(
                    (1, str(granter)), (2, str(grantee))))
            case "vest":
                new = Account(f"vesting {self.random.random()}") if choice() < 0.8 else self.someone()
                return one("/cosmos.vesting.v1beta1.MsgCreateVestingAccount", (1, str(who)), (2, str(new)),
                           (3, [coin(self.random.randrange(1, UNIT))]), (4, now + self.random.choice([-5, 20, 500])),
                           (5, choice() < 0.5))

    def found_unbondings(self):
        found = []
        for who, height in self.unbondings[-8:]:
            for made, validator in self.heights.get(str(who), []):
                found.append((who, validator, made))
        return found

    def creation(self):
        known = {a.name for a in self.validators}
        rest = [m for m in self.makers if m.name not in known]
        who = self.random.choice(rest) if rest and self.random.random() < 0.9 else self.someone()
        key = SigningKey(hashlib.sha256(f"{who.name} key {len(self.validators)}".encode()).digest())
        public = any_message("/cosmos.crypto.ed25519.PubKey", message((1, bytes(key.verify_key))))
        rates = [decimal(f"0.{self.random.randrange(1, 30):02}"), decimal("0.5"), decimal("0.1")]
        stake = self.random.choice([3, 5, 8, 13, 21]) * UNIT + self.random.randrange(UNIT)
        self.keys[who.name] = key
        return who, any_message("/cosmos.staking.v1beta1.MsgCreateValidator", message(
            (1, message((1, who.name), (5, "made by a story"))), (2, message((1, rates[0]), (2, rates[1]), (3, rates[2]))),
            (3, "1"), (5, who.operator), (6, public), (7, coin(stake))))

    def submission(self, who):
        authority = bech32("inj", hashlib.sha256(b"gov").digest()[:20])
        kind = self.random.random()
        if kind < 0.4:
            messages = []
        elif kind < 0.75:
            messages = [any_message("/cosmos.distribution.v1beta1.MsgCommunityPoolSpend", message(
                (1, authority), (2, str(self.someone())), (3, [coin(self.random.randrange(1, 10**15))])))]
        elif kind < 0.9:
            messages = [any_message("/cosmos.slashing.v1beta1.MsgUpdateParams", message((1, authority), (2, message(
                (1, 30), (2, decimal("0.5")), (3, message((1, 8))), (4, decimal("0.05")), (5, decimal("0.02"))))))]
        else:
            messages = [any_message("/cosmos.bank.v1beta1.MsgSend", message(
                (1, str(who)), (2, str(self.someone())), (3, [coin(5)])))]
        expedited = self.random.random() < 0.25
        deposit = self.random.choice([0, 100, 1_000_000, 10_000_000, 10_000_000, 50_000_000, 50_000_000])
        metadata = "" if messages and self.random.random() < 0.5 else "ipfs://" + self.text(9)
        return who, any_message("/cosmos.gov.v1.MsgSubmitProposal", message(
            (1, messages), (2, [coin(deposit)] if deposit else []), (3, str(who)), (4, metadata),
            (5, self.text(30) if self.random.random() < 0.97 else ""), (6, self.text(30)), (7, expedited)))

    # MARK: - The story

    def tell(self):
        self.grants, self.allowances, self.proposers, self.heights, self.last = [], [], {}, {}, 1
        genesis, _ = self.genesis()
        self.node.start()
        self.node.wait(2, seconds=90)
        told, checked = 0, []
        learned, self.now = 0, 0
        while told < self.operations:
            self.last = self.node.height()
            learned = self.learn(learned, self.last - 1)
            now = self.now
            for _ in range(self.random.randrange(1, 6)):
                who, any_ = self.operation(now)
                fee = self.random.choice([1, 3, 1_000, 250_003, 10**9 + 7])
                result = self.node.send(who, [any_], fee=fee)
                told += 1
                if result["code"] == 0:
                    self.sent[result["hash"]] = (any_, fee, who)
                else:
                    checked.append((any_, result))
            if self.random.random() < 0.1:
                self.doublesign()
            self.node.wait(self.last + self.random.choice([1, 1, 1, 2, 4]))
        # Until what was begun is decided.
        self.node.wait(self.last + (30 if self.brief else 60), seconds=120)
        last = self.node.height() - 1
        print(json.dumps({"genesis": genesis}))
        for any_, result in checked:
            print(json.dumps({"check": rewritten(any_).hex(), "code": result["code"], "codespace": result.get("codespace", ""),
                              "log": self.words(result.get("log", ""))}))
        for height in range(1, last + 1):
            self.write(height)
            if height == last or (height % 40 == 0 and not self.brief):
                self.asks(height)
        self.node.stop()

    def learn(self, known, last):
        """What blocks brought: validators, proposals and unbondings to act upon."""
        for height in range(known + 1, last + 1):
            block = self.node.ask("block", height=str(height))
            results = self.node.ask("block_results", height=str(height))
            stamp = block["block"]["header"]["time"]
            self.now = int(__import__("datetime").datetime.fromisoformat(stamp[:19] + "+00:00").timestamp())
            for tx, result in zip(block["block"]["data"]["txs"] or [], results["txs_results"] or []):
                found = self.sent.get(hashlib.sha256(base64.b64decode(tx)).hexdigest().upper())
                if not found or result["code"] != 0:
                    continue
                for event in result["events"]:
                    values = {a["key"]: a["value"] for a in event["attributes"]}
                    if event["type"] == "create_validator":
                        if found[2].name not in [v.name for v in self.validators]:
                            self.validators.append(found[2])
                    elif event["type"] == "submit_proposal" and "proposal_id" in values:
                        self.proposals = int(values["proposal_id"])
                        self.proposers[self.proposals] = found[2]
                    elif event["type"] == "delegate" and values.get("delegator") == str(found[2]):
                        if (found[2], values["validator"]) not in self.held:
                            self.held.append((found[2], values["validator"]))
                    elif event["type"] == "unbond":
                        self.heights.setdefault(values["delegator"], []).append((height, values["validator"]))
        return last

    def doublesign(self):
        """One of the story's validators is shown to have signed two blocks of a recent height."""
        makers = [v for v in self.validators if v.name in self.keys and v is not self.founder]
        if not makers or self.last < 6:
            return
        height = self.last - self.random.randrange(1, 5)
        try:
            self.node.evidence(self.keys[self.random.choice(makers).name], height)
        except RuntimeError as error:
            print(error, file=sys.stderr)

    # MARK: - What came of it

    def words(self, text):
        """A text with the other chain's addresses."""
        import re
        return re.sub(r"inj(valoper|valcons)?1[a-z0-9]{38}", lambda m: readdressed(m.group(0)), text)

    DROPPED = {"block_bloom", "cosmos.bank.v1beta1.EventSetBalances"}

    def events(self, events, mode=None, index=False):
        lines = []
        for event in events or []:
            attributes = [(a["key"], a["value"]) for a in event["attributes"] or []]
            if event["type"] in self.DROPPED or event["type"].startswith("injective."):
                continue
            if mode and ("mode", mode) not in attributes:
                continue
            if index:
                if ("msg_index", "0") not in attributes:
                    continue
                attributes = [a for a in attributes if a[0] != "msg_index"]
                if event["type"] == "message" and any(k == "action" for k, _ in attributes):
                    continue
            lines.append(event["type"] + "{" + ",".join(f"{k}={self.words(v or '')}" for k, v in attributes) + "}")
        return lines

    def write(self, height):
        block = self.node.ask("block", height=str(height))["block"]
        results = self.node.ask("block_results", height=str(height))
        header, votes = block["header"], []
        if height > 1:
            listed = self.node.ask("validators", height=str(height - 1), per_page="100")["validators"]
            for validator, signature in zip(listed, block["last_commit"]["signatures"]):
                votes.append([validator["address"], int(validator["voting_power"]), signature["block_id_flag"]])
        events = results["finalize_block_events"]
        begin = {"height": height, "time": header["time"], "proposer": header["proposer_address"], "votes": votes,
                 "evidence": block["evidence"]["evidence"]}
        told = self.events(events, "BeginBlock")
        if not self.brief or height % 10 == 0 or any(line.startswith("slash{") for line in told):
            begin["events"] = told
        print(json.dumps({"begin": begin}))
        for tx, result in zip(block["data"]["txs"] or [], results["txs_results"] or []):
            any_, fee, who = self.sent[hashlib.sha256(base64.b64decode(tx)).hexdigest().upper()]
            print(json.dumps({"tx": rewritten(any_).hex(), "payer": readdressed(str(who)), "fee": str(fee), "code": result["code"],
                              "codespace": result.get("codespace", ""),
                              "log": self.words(result.get("log", "")) if result["code"] else "",
                              "events": self.events(result["events"], index=True),
                              "data": rewritten(base64.b64decode(result.get("data") or "")).hex()}))
        updates = [[u["pub_key"]["Sum"]["value"]["ed25519"] if "Sum" in u["pub_key"] else json.dumps(u["pub_key"]),
                    int(u.get("power", 0))] if "pub_key" in u else [u["pub_key_bytes"], int(u.get("power", 0))]
                   for u in results["validator_updates"] or []]
        print(json.dumps({"end": {"height": height, "events": self.events(events, "EndBlock"), "updates": updates}}))

    def asks(self, height):
        page = message((3, 1000))
        queries = []
        add = lambda path, *fields: queries.append((path, message(*fields)))
        add("/cosmos.staking.v1beta1.Query/Validators", (2, page))
        add("/cosmos.staking.v1beta1.Query/Pool")
        add("/cosmos.staking.v1beta1.Query/Params")
        add("/cosmos.mint.v1beta1.Query/Inflation")
        add("/cosmos.mint.v1beta1.Query/AnnualProvisions")
        add("/cosmos.distribution.v1beta1.Query/CommunityPool")
        add("/cosmos.slashing.v1beta1.Query/Params")
        add("/cosmos.slashing.v1beta1.Query/SigningInfos", (1, page))
        add("/cosmos.bank.v1beta1.Query/SupplyOf", (1, "inj"))
        add("/cosmos.gov.v1.Query/Proposals", (4, page))
        for account in [*self.validators, self.people[0]]:
            operator = account.operator
            add("/cosmos.staking.v1beta1.Query/Validator", (1, operator))
            add("/cosmos.staking.v1beta1.Query/ValidatorDelegations", (1, operator), (2, page))
            add("/cosmos.staking.v1beta1.Query/ValidatorUnbondingDelegations", (1, operator), (2, page))
            add("/cosmos.distribution.v1beta1.Query/ValidatorOutstandingRewards", (1, operator))
            add("/cosmos.distribution.v1beta1.Query/ValidatorCommission", (1, operator))
            add("/cosmos.distribution.v1beta1.Query/ValidatorSlashes", (1, operator), (3, height), (4, page))
        for account in self.everybody:
            add("/cosmos.bank.v1beta1.Query/Balance", (1, str(account)), (2, "inj"))
            add("/cosmos.staking.v1beta1.Query/DelegatorDelegations", (1, str(account)), (2, page))
            add("/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations", (1, str(account)), (2, page))
            add("/cosmos.staking.v1beta1.Query/Redelegations", (1, str(account)), (4, page))
            add("/cosmos.distribution.v1beta1.Query/DelegationTotalRewards", (1, str(account)))
            add("/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress", (1, str(account)))
            add("/cosmos.authz.v1beta1.Query/GranterGrants", (1, str(account)), (2, page))
            add("/cosmos.feegrant.v1beta1.Query/AllowancesByGranter", (1, str(account)), (2, page))
        for number in range(max(1, self.proposals - 30), self.proposals + 2):
            add("/cosmos.gov.v1.Query/Proposal", (1, number))
            add("/cosmos.gov.v1.Query/Deposits", (1, number), (2, page))
            add("/cosmos.gov.v1.Query/Votes", (1, number), (2, page))
            add("/cosmos.gov.v1.Query/TallyResult", (1, number))
        for path, data in queries:
            code, value, log = self.node.query(path, data, height)
            print(json.dumps({"ask": path, "request": rewritten(data).hex(), "code": code, "log": self.words(log) if code else "",
                              "value": rewritten(value).hex()}))


if __name__ == "__main__":
    program, home, seed, operations = sys.argv[1:5]
    teller = Teller(os.path.abspath(program), home, seed, int(operations), brief=sys.argv[5:] == ["brief"])
    try:
        teller.tell()
    finally:
        if teller.node.process and teller.node.process.poll() is None:
            teller.node.process.kill()
