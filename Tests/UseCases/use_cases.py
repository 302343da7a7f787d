#!/usr/bin/env python3
"""Every use case of contracts/, from end to end: the real network, the real wallet, and a search for the planted secrets
in everything the host can see.

    use_cases.py [--port 13400] [--programs .build/debug] [CASE ...]

Secrets are long and random, so that a hit is no accident. A vote or a hand is too short to be looked for; whoever casts
it puts a secret beside it, as `padding`, which takes every way that the vote takes. After each case the same secrets are
published, and the search must find them: so a miss before was none of a search that looks at the wrong place.
"""
import argparse
import base64
import hashlib
import json
import math
import os
import pathlib
import subprocess
import sys
import time
import traceback

import search
import walkthrough
from network import ROOT, Network, needle, number

sys.path += [str(ROOT / "contracts/credit-score"), str(ROOT / "contracts/prediction")]
import source
import train
from source import BASE, N, P, add, digest, times

CASES = {}


class Skipped(Exception):
    """Something that a case needs is not on this machine."""


def case(function):
    CASES[function.__name__] = function
    return function


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")


def hidden(network, secrets):
    """None of the secrets shows anywhere."""
    for secret, places in network.shows(*secrets).items():
        assert not places, f"the secret {secret!r} shows in {sorted(places)}"


def shown(network, secrets, where=("rest", "files", "lanes")):
    """Each of them shows in all these parts of what the host sees."""
    for secret, places in network.shows(*secrets).items():
        parts = {place.split("/")[0] for place, _ in places}
        assert parts >= set(where), f"the search finds the public text {secret!r} in {parts} alone"


@case
def auction(network):
    """Three bid, the highest wins and pays the second price; two bids are never seen."""
    ends = int(time.time()) + 25
    deposit = "90000000000000000"
    highest, second, third = "7" + number(16), "5" + number(16), "2" + number(16)
    key, beside = needle(), [needle() for _ in range(3)]
    contract = network.make("auction", {
        "item": "a boat", "denom": "uscrt", "deposit": deposit, "minimum": "1000", "ends_at_seconds": ends,
        "second_price": True}, "use-case-auction")
    seller = network.address("a")
    for bidder, bid, padding in zip("bcd", (highest, second, third), beside):
        contract.execute({"bid": {"amount": bid, "padding": padding}}, bidder, deposit + "uscrt")
    contract.execute({"set_viewing_key": {"key": key}}, "c")
    own = {"my_bid": {"address": network.address("c"), "key": key}}
    equal(contract.query(own)["amount"], second)
    own["my_bid"]["key"] = "a guess at it"
    assert "wrong viewing key" in contract.refuses(lambda: contract.query(own))
    hidden(network, [second])
    network.wait_until(ends)
    before = network.balance(seller)
    contract.execute({"settle": {}}, "d")
    equal(network.balance(seller) - before, int(second))
    status = contract.query({"status": {}})
    equal((status["winner"], status["price"]), (network.address("b"), second))
    equal(network.balance(contract.address), 0)
    # The price is public now.
    shown(network, [second], ["rest", "files"])
    return [highest, third, key, *beside]


@case
def nft_sale(network):
    """A token with a private description is auctioned: the winner alone can read it afterwards."""
    ends = int(time.time()) + 40
    a, b, c = (network.address(name) for name in "abc")
    collection = network.make("nft", {"name": "Boats", "symbol": "BOAT", "entropy": "x"}, "use-case-nft_sale")
    treasure, key, loser_key, memo = f'the key is "under" the mat {needle()}', needle(), needle(), needle()
    boat = f"boat-{needle()}"
    minted = collection.execute({"mint_nft": {
        "token_id": boat, "owner": a, "public_metadata": {"token_uri": "https://example.org/boat"},
        "private_metadata": {"extension": {"where": treasure}}, "memo": memo}}, "a")
    equal(minted, {"mint_nft": {"token_id": boat}})
    for name, own in (("a", needle()), ("b", key), ("c", loser_key)):
        equal(collection.execute({"set_viewing_key": {"key": own}}, name), {"viewing_key": {"key": own}})
    winning, losing = "7" + number(16), "4" + number(16)
    sale = network.make("auction", {
        "item": "a boat", "nft": {"contract": collection.address, "code_hash": network.code_hash("nft"), "token_id": boat},
        "denom": "uscrt", "deposit": "90000000000000000", "minimum": "1000", "ends_at_seconds": ends,
        "second_price": True}, "use-case-nft_sale auction")

    def bid(amount, by):
        sale.execute({"bid": {"amount": amount}}, by, "90000000000000000uscrt")

    assert "has not sent the token" in sale.refuses(lambda: bid(winning, "b"))
    send = {"send_nft": {"contract": sale.address, "token_id": boat}}
    assert "not yours" in sale.refuses(lambda: collection.execute(send, "b"))
    equal(collection.execute(send, "a"), {"send_nft": {"status": "success"}})
    equal(sale.query({"status": {}})["is_held"], True)
    # The seller cannot take it elsewhere now.
    move = {"transfer_nft": {"recipient": a, "token_id": boat}}
    assert "not yours" in sale.refuses(lambda: collection.execute(move, "a"))
    bid(winning, "b")
    bid(losing, "c")
    network.wait_until(ends)
    before = network.balance(a)
    sale.execute({"settle": {}}, "d")
    equal(network.balance(a) - before, int(losing))
    equal(network.balance(sale.address), 0)
    ask = {"private_metadata": {"token_id": boat, "viewer": {"address": b, "viewing_key": key}}}
    equal(collection.query(ask)["private_metadata"]["extension"], {"where": treasure})
    equal(collection.query({"tokens": {"owner": b, "viewing_key": key}}), {"token_list": {"tokens": [boat]}})
    ask["private_metadata"]["viewer"] = {"address": c, "viewing_key": loser_key}
    assert "not yours" in collection.refuses(lambda: collection.query(ask))
    # Which token it was crossed from contract to contract, and never the host.
    return [treasure, key, loser_key, memo, winning, boat]


@case
def nft_sale_cancelled(network):
    """Nobody settles: anybody has the deposits returned, and the seller takes the token back."""
    ends = int(time.time()) + 30
    a, b = (network.address(name) for name in "ab")
    collection = network.make("nft", {"name": "Boats", "symbol": "BOAT", "entropy": "x"}, "use-case-cancelled")
    key, boat, bid, deposit = needle(), f"boat-{needle()}", "7" + number(16), "90000000000000000"
    collection.execute({"mint_nft": {"token_id": boat, "owner": a}}, "a")
    collection.execute({"set_viewing_key": {"key": key}}, "a")
    sale = network.make("auction", {
        "item": "a boat", "nft": {"contract": collection.address, "code_hash": network.code_hash("nft"), "token_id": boat},
        "denom": "uscrt", "deposit": deposit, "minimum": "1000", "ends_at_seconds": ends,
        "settle_within_seconds": 60}, "use-case-cancelled auction")
    collection.execute({"send_nft": {"contract": sale.address, "token_id": boat}}, "a")
    sale.execute({"bid": {"amount": bid}}, "b", deposit + "uscrt")
    assert "not over" in sale.refuses(lambda: sale.execute({"cancel": {}}, "d"))
    network.wait_until(ends)
    assert "still time" in sale.refuses(lambda: sale.execute({"cancel": {}}, "d"))
    network.wait_until(ends + 60)
    before = network.balance(b)
    sale.execute({"cancel": {}}, "d")
    equal(network.balance(b) - before, int(deposit))
    equal(network.balance(sale.address), 0)
    assert "settled" in sale.refuses(lambda: sale.execute({"settle": {}}, "d"))
    sale.execute({"take_back": {}}, "a")
    equal(collection.query({"tokens": {"owner": a, "viewing_key": key}}), {"token_list": {"tokens": [boat]}})
    return [key, boat, bid]


@case
def voting(network):
    """Three of four vote; the counts are signed by the key announced at the start."""
    ends = int(time.time()) + 20
    voters = [network.address(name) for name in "abcd"]
    question, yes, no = f"shall we? {needle()}", f"yes {needle()}", f"no {needle()}"
    contract = network.make("voting", {
        "question": question, "options": [yes, no], "voters": voters, "ends_at_seconds": ends}, "use-case-voting")
    announced = contract.query({"poll": {}})["public_key"]
    beside = [needle() for _ in range(4)]
    for name, option, padding in (("a", 0, 0), ("b", 1, 1), ("b", 0, 2), ("c", 1, 3)):
        contract.execute({"vote": {"option": option, "padding": beside[padding]}}, name)
    network.wait_until(ends)
    # The question and the options are secret until the result is published.
    hidden(network, [question, yes, no])
    contract.execute({"close": {}}, "d")
    shown(network, [question, yes, no], ["rest", "files"])
    result = contract.query({"result": {}})
    assert '"counts":[2,1],"abstained":1' in result["statement"], result
    equal(result["public_key"], announced)
    verify(announced, result["signature"], result["statement"])
    return beside


@case
def snip20(network):
    """The reference's messages: deposit, transfer, allowance, history and redeem, with viewing keys."""
    a, b, c = (network.address(name) for name in "abc")
    supply, moved, lent = "9" + number(29), "8" + number(27), "3" + number(25)
    memo, key_of_b, beside = f"rent, {needle()}", needle(), needle()
    token = network.make("snip20", {
        "name": "Secret SCRT", "admin": a, "symbol": "SSCRT", "decimals": 6,
        "initial_balances": [{"address": a, "amount": supply}], "prng_seed": "eW8=",
        "config": {"public_total_supply": False, "enable_deposit": True, "enable_redeem": True, "enable_mint": False,
                   "enable_burn": False}, "supported_denoms": ["uscrt"]}, "use-case-snip20")
    key = token.execute({"create_viewing_key": {"entropy": "bla"}}, "a")["create_viewing_key"]["key"]
    token.execute({"set_viewing_key": {"key": key_of_b}}, "b")
    sent = token.execute({"transfer": {"recipient": b, "amount": moved, "memo": memo, "padding": beside}}, "a")
    equal(sent, {"transfer": {"status": "success"}})
    left = str(int(supply) - int(moved))
    equal(token.query({"balance": {"address": a, "key": key}}), {"balance": {"amount": left}})
    equal(token.query({"balance": {"address": b, "key": key_of_b}}), {"balance": {"amount": moved}})
    wrong = {"viewing_key_error": {"msg": "wrong viewing key"}}
    equal(token.query({"balance": {"address": b, "key": key}}), wrong)
    token.execute({"increase_allowance": {"spender": c, "amount": lent}}, "b")
    token.execute({"transfer_from": {"owner": b, "recipient": c, "amount": lent}}, "c")
    rest = str(int(moved) - int(lent))
    equal(token.query({"balance": {"address": b, "key": key_of_b}}), {"balance": {"amount": rest}})
    history = token.query({"transfer_history": {"address": b, "key": key_of_b, "page_size": 10}})
    lines = history["transfer_history"]["txs"]
    equal([line["coins"]["amount"] for line in lines], [lent, moved])
    equal(lines[1]["memo"], memo)
    before = network.balance(token.address)
    token.execute({"deposit": {}}, "b", "12345uscrt")
    equal(network.balance(token.address) - before, 12345)
    token.execute({"redeem": {"amount": "2345", "denom": "uscrt"}}, "b")
    equal(network.balance(token.address), 10000)
    assert "insufficient funds" in token.refuses(
        lambda: token.execute({"transfer": {"recipient": a, "amount": supply}}, "b"))
    return [supply, moved, lent, left, rest, memo, key_of_b, key, beside]


def token(network, symbol, holder, amount, label):
    return network.make("snip20", {
        "name": f"Token {symbol}", "symbol": symbol, "decimals": 6, "prng_seed": "eW8=",
        "initial_balances": [{"address": holder, "amount": amount}]}, label)


@case
def swap(network):
    """Two private tokens in a pool: a provider and a trader, whose amounts nobody sees."""
    a, b = network.address("a"), network.address("b")
    apples, pears = (token(network, symbol, holder, "9" * 30, f"use-case-swap {symbol}")
                     for symbol, holder in (("APL", b), ("PEAR", a)))
    key, beside = needle(), needle()
    for contract in (apples, pears):
        for name in "ab":
            contract.execute({"set_viewing_key": {"key": key}}, name)
    half = number(28)
    apples.execute({"transfer": {"recipient": a, "amount": half}}, "b")
    hash_ = network.code_hash("snip20")
    pool = network.make("swap", {"token_a": {"contract": apples.address, "code_hash": hash_},
                                 "token_b": {"contract": pears.address, "code_hash": hash_}}, "use-case-swap")

    def balance(contract, owner):
        return int(contract.query({"balance": {"address": owner, "key": key}})["balance"]["amount"])

    put_a, put_b = int(number(27)), int(number(27))
    add = {"add_liquidity": {"amount_a": str(put_a), "amount_b": str(put_b), "padding": beside}}
    # Without an allowance nothing moves, and the pool remembers nothing.
    assert "insufficient allowance" in pool.refuses(lambda: pool.execute(add, "a", gas=3_000_000))
    for contract, amount in ((apples, put_a), (pears, put_b)):
        contract.execute({"increase_allowance": {"spender": pool.address, "amount": str(amount)}}, "a")
    shares = int(pool.execute(add, "a", gas=3_000_000)["shares"])
    equal(shares, math.isqrt(put_a * put_b) - 1000)
    shown_reserves = pool.query({"pool": {}})
    equal(shown_reserves["reserve_a"], str(put_a)[:3] + "0" * 24)

    sold = int(number(26))

    def swap_for(minimum, by="b", pay=apples, amount=sold):
        purpose = base64.b64encode(json.dumps({"swap": {"minimum": str(minimum)}}).encode()).decode()
        return pay.execute({"send": {"recipient": pool.address, "amount": str(amount), "msg": purpose}}, by, gas=3_000_000)

    counted = sold * 997 // 1000
    out = put_b * counted // (put_a + counted)
    before = balance(apples, b)
    assert "less than the minimum" in pool.refuses(lambda: swap_for(out + 1))
    equal((balance(apples, b), balance(pears, b)), (before, 0))
    swap_for(out)
    equal((balance(apples, b), balance(pears, b)), (before - sold, out))
    # Nobody but a token can say that something was sent.
    forged = {"receive": {"sender": b, "from": b, "amount": str(sold), "msg": "eyJzd2FwIjp7fX0="}}
    assert "not a token of this pool" in pool.refuses(lambda: pool.execute(forged, "b"))

    held_a, held_b = put_a + sold, put_b - out
    total, apples_before, pears_before = shares + 1000, balance(apples, a), balance(pears, a)
    pool.execute({"set_viewing_key": {"key": key}}, "a")
    equal(pool.query({"shares": {"address": a, "key": key}}), {"shares": str(shares)})
    pool.execute({"remove_liquidity": {"shares": str(shares)}}, "a", gas=3_000_000)
    equal(balance(apples, a) - apples_before, held_a * shares // total)
    equal(balance(pears, a) - pears_before, held_b * shares // total)
    equal(pool.query({"shares": {"address": a, "key": key}}), {"shares": "0"})
    return [half, str(put_a), str(put_b), str(sold), str(out), str(shares), key, beside]


@case
def sdk_wallet(network):
    """An unmodified client, secret-sdk, uses the token and the collection with SNIP-24 permits."""
    python = os.environ.get("CLOISTER_SDK_PYTHON", ROOT / ".venv/bin/python")
    if subprocess.run([python, "-c", "import secret_sdk"], capture_output=True).returncode != 0:
        raise Skipped("secret-sdk is not installed (CLOISTER_SDK_PYTHON or .venv)")
    memo = needle()
    coin = token(network, "TOK", network.address("c"), "1000", "use-case-sdk_wallet")
    collection = network.make("nft", {"name": "Notes", "symbol": "NOTE"}, "use-case-sdk_wallet notes")
    for id_, owner in (("one", "c"), ("two", "d")):
        collection.execute({"mint_nft": {"token_id": id_, "owner": network.address(owner),
                                         "private_metadata": {"extension": {"note": memo}}}}, "a")
    wallet = pathlib.Path(__file__).parent / "sdk_wallet.py"
    done = subprocess.run([python, wallet, network.node, coin.address, collection.address, memo], capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-800:]
    return [memo]


@case
def paid_content(network):
    """A buyer reads, others do not, and a revoked key is over."""
    contract = network.make("paid-content", {"title": "A novel", "denom": "uscrt", "price": "5000"},
                            "use-case-paid_content")
    chapter = f'It was a "dark" night. {needle()}'
    contract.execute({"publish": {"chapter": chapter}}, "a")
    author, b, c = (network.address(name) for name in "abc")
    before = network.balance(author)
    key = contract.execute({"buy": {}}, "b", "5000uscrt")["key"]
    equal(network.balance(author) - before, 5000)
    other = contract.execute({"buy": {}}, "c", "5000uscrt")["key"]
    mine = contract.query({"chapter": {"buyer": b, "key": key, "index": 0}})
    theirs = contract.query({"chapter": {"buyer": c, "key": other, "index": 0}})
    equal(mine["text"], chapter)
    assert mine["mark"] != theirs["mark"] and key != other
    contract.refuses(lambda: contract.query({"chapter": {"buyer": c, "key": key, "index": 0}}))
    contract.refuses(lambda: contract.execute({"buy": {}}, "d", "4999uscrt"))
    contract.execute({"revoke": {"buyer": b}}, "a")
    contract.refuses(lambda: contract.query({"chapter": {"buyer": b, "key": key, "index": 0}}))
    return [chapter, key, other, mine["mark"], theirs["mark"]]


@case
def rock_paper_scissors(network):
    """Both hands are played before either counts; whoever settles, the winner has both stakes."""
    game = network.make("rock-paper-scissors", {"denom": "uscrt", "stake": "7000", "patience_seconds": 600},
                        "use-case-rock_paper_scissors")
    beside = [needle() for _ in range(3)]
    assert game.execute({"play": {"hand": "paper", "padding": beside[0]}}, "b", "7000uscrt") is None
    equal(game.query({"table": {}})["is_somebody_waiting"], True)
    before = network.balance(network.address("b"))
    assert game.execute({"play": {"hand": "rock", "padding": beside[1]}}, "c", "7000uscrt") is None
    equal(game.query({"table": {}})["is_played"], True)
    outcome = game.execute({"settle": {}}, "c")
    equal((outcome["theirs"], outcome["winner"]), ("paper", network.address("b")))
    equal(network.balance(network.address("b")) - before, 14000)
    drawn = {game.execute({"practice": {"hand": "rock", "padding": beside[2]}}, "d")["theirs"] for _ in range(12)}
    assert len(drawn) > 1, drawn
    return beside


@case
def draw_poker(network):
    """Three play two rounds; what is shown was committed to at the deal, and only winners' cards are shown."""
    table = network.make("draw-poker", {"denom": "uscrt", "stake": "9000", "players": 3, "patience_seconds": 600},
                         "use-case-draw_poker")
    keys = {name: needle() for name in "bcd"}
    players = {network.address(name): name for name in "bcd"}
    unseen, gas = [], set()
    for number_ in (1, 2):
        for name, key in keys.items():
            table.execute({"sit": {"viewing_key": key}}, name, "9000uscrt")
        announced = table.query({"round": {"number": number_}})["commitments"]

        def hand(name):
            return table.query({"my_hand": {"address": network.address(name), "key": keys[name]}})["cards"]

        dealt = [(card["position"], card["card"]) for name in keys for card in hand(name)]
        equal([position for position, _ in dealt], list(range(15)))
        equal(len({card for _, card in dealt}), 15)
        other = {"my_hand": {"address": network.address("b"), "key": keys["c"]}}
        assert "wrong viewing key" in table.refuses(lambda: table.query(other))
        for name, discard in (("b", [0, 1, 2]), ("c", []), ("d", [4])):
            # Of one length, whatever is given away: then nor does the gas tell how much that is.
            draw = {"draw": {"discard": discard, "padding": ""}}
            draw["draw"]["padding"] = "x" * (80 - len(json.dumps(draw)))
            table.execute(draw, name)
            gas.add(table.gas)
        hands = {name: hand(name) for name in keys}
        before = {name: network.balance(network.address(name)) for name in keys}
        winners = table.execute({"show": {}}, "a", gas=2_000_000)
        best = max(poker_value(cards) for cards in hands.values())
        equal({players[winner["player"]] for winner in winners},
              {name for name, cards in hands.items() if poker_value(cards) == best})
        equal(sum(int(winner["won"]) for winner in winners), 27000)
        for winner in winners:
            name = players[winner["player"]]
            equal(network.balance(winner["player"]) - before[name], int(winner["won"]))
            equal(winner["cards"], hands[name])
        record = table.query({"round": {"number": number_}})
        equal((record["commitments"], record["winners"]), (announced, winners))
        commitments = base64.b64decode(announced)
        for cards in hands.values():
            for card in cards:
                place = 32 * card["position"]
                salted = base64.b64decode(card["salt"]) + card["card"].encode()
                equal(hashlib.sha256(salted).digest(), commitments[place:place + 32])
        won = [winner["player"] for winner in winners]
        unseen += [card["salt"] for name, cards in hands.items() if network.address(name) not in won for card in cards]
    assert max(gas) - min(gas) <= 1, gas
    return [*keys.values(), *unseen]


def poker_value(cards):
    """Larger for the better hand: written in another way than the contract's."""
    ranks = sorted(("23456789TJQKA".index(card["card"][0]) for card in cards), reverse=True)
    groups = sorted(((ranks.count(rank), rank) for rank in set(ranks)), reverse=True)
    shape = tuple(count for count, _ in groups)
    order = [rank for _, rank in groups]
    flush = len({card["card"][1] for card in cards}) == 1
    straight = len(order) == 5 and order[0] - order[4] == 4
    if order == [12, 3, 2, 1, 0]:
        straight, order = True, [3, 2, 1, 0, -1]
    kinds = [(1, 1, 1, 1, 1), (2, 1, 1, 1), (2, 2, 1), (3, 1, 1), "straight", "flush", (3, 2), (4, 1), "both"]
    kind = "both" if straight and flush else "flush" if flush else "straight" if straight else shape
    return kinds.index(kind), order


@case
def credit_score(network):
    """A signed record is scored; the lender sees the band while it is shared."""
    contract = network.make("credit-score", {"source_key": base64.b64encode(source.public_key()).decode()},
                            "use-case-credit_score")
    b, c = network.address("b"), network.address("c")
    beside, lender_key = needle(), needle()
    record = json.dumps({"subject": b, "contract": contract.address, "valid_until_seconds": int(time.time()) + 3600,
                         "monthly_income": 7271828, "monthly_debt": 1414213, "account_years": 10, "missed_payments": 1,
                         "padding": beside})
    signature = base64.b64encode(source.signature(record)).decode()
    scored = contract.execute({"submit": {"record": record, "signature": signature}}, "b")
    equal(scored["band"], "B")
    forged = record.replace("7271828", "9271828")
    assert "did not sign" in contract.refuses(
        lambda: contract.execute({"submit": {"record": forged, "signature": signature}}, "b"))
    assert "somebody else" in contract.refuses(
        lambda: contract.execute({"submit": {"record": record, "signature": signature}}, "c"))
    contract.execute({"set_viewing_key": {"key": lender_key}}, "c")
    ask = {"band": {"subject": b, "reader": c, "key": lender_key}}
    assert "nothing is shared" in contract.refuses(lambda: contract.query(ask))
    contract.execute({"share": {"reader": c, "until_seconds": int(time.time()) + 3600}}, "b")
    equal(contract.query(ask), {"band": "B"})
    return [beside, lender_key, record[record.index('"monthly_income'):record.index(', "padding')]]


@case
def prediction(network):
    """The trained model runs in the contract; answers are as in Python, and neither weights nor inputs show."""
    hidden_layer, output = train.train()
    model = needle()
    contract = network.make("prediction", {"hidden": hidden_layer, "output": output, "padding": model},
                            "use-case-prediction")
    answers, beside = set(), []
    for x in ([97, 83, 71, 13], [52, 11, 23, 89], [17, 93, 5, 61], [50, 100, 99, 0]):
        beside.append(needle())
        found = contract.execute({"predict": {"inputs": x, "padding": beside[-1]}}, "b")["is_positive"]
        equal(found, train.predict(hidden_layer, output, x))
        answers.add(found)
    equal(len(answers), 2)
    weights = json.dumps(hidden_layer[0])
    return [model, weights, weights.replace(" ", ""), *beside]


@case
def migration(network):
    """An admin moves a contract to newer code; the state stays, and what it held stays secret. Nobody else may."""
    note, key = f"remember the milk {needle()}", needle()
    counter = network.make("counter", {"count": 41}, "use-case-migration", admin=network.address("a"))
    counter.execute({"remember": {"note": note}}, "b")
    counter.execute({"set_viewing_key": {"key": key}}, "b")
    code = network.cloister("tx", "compute", "store", ROOT / "contracts/build/counter.wasm", "--from", "a")["code_id"]
    counter.refuses(lambda: counter.migrate(code, {}, by="b"))
    equal(counter.migrate(code, {}), {"count": 41})
    equal(counter.execute({"increment": {}}, "c"), {"count": 42})
    equal(counter.query({"get_note": {"address": network.address("b"), "key": key}}), {"note": note})
    # A contract that does not say how it takes over a state refuses to.
    other = network.code("rock-paper-scissors")
    assert "nothing can be migrated to this contract" in counter.refuses(lambda: counter.migrate(other, {}))
    equal(counter.query({"get_count": {}}), {"count": 42})
    return [note, key]


@case
def readmes(network):
    """The commands of every README run, one after the other, as they stand there."""
    for name in ("auction", "nft", "voting", "snip20", "swap", "paid-content", "rock-paper-scissors", "draw-poker",
                 "credit-score", "prediction"):
        walkthrough.use_case(network, name)
    walkthrough.writing_one(network)
    walkthrough.front_page(network)
    return []


def verify(public_key, signature, message):
    key, signed = base64.b64decode(public_key), base64.b64decode(signature)
    x = int.from_bytes(key[1:], "big")
    y = pow(x ** 3 + 7, (P + 1) // 4, P)
    y = y if y % 2 == key[0] % 2 else P - y
    r, s = int.from_bytes(signed[:32], "big"), int.from_bytes(signed[32:], "big")
    inverse = pow(s, -1, N)
    point = add(times(digest(message) * inverse % N, BASE), times(r * inverse % N, (x, y)))
    equal(point[0] % N, r)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=13400)
    parser.add_argument("--programs", default=ROOT / ".build/debug")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    search.prove_itself(needle())
    failed = []
    with Network(options.port, options.programs) as network:
        for name in options.cases or CASES:
            begun = time.time()
            try:
                secrets = CASES[name](network)
                hidden(network, secrets)
                network.publish(secrets)
                shown(network, secrets)
                print(f"{name}: passed, {len(secrets)} secrets hidden ({time.time() - begun:.0f} s)", flush=True)
            except Skipped as reason:
                print(f"{name}: SKIPPED, {reason}", flush=True)
            except Exception as error:
                failed.append(name)
                where = traceback.extract_tb(error.__traceback__)
                line = next(frame.lineno for frame in reversed(where) if frame.filename == __file__)
                print(f"{name}: FAILED at line {line}: {error!r}\n{network.last_words()}", flush=True)
    sys.exit(1 if failed else 0)


main()
