#!/usr/bin/env python3
"""A second telling of staking, slashing, evidence, mint and distribution, and random stories that it judges.

    economy_model.py SEED BLOCKS

Written from what the Cosmos SDK 0.50 does, over Python's integers and dictionaries, without stores, keys or records: it
shares no line and no form with the Swift modules. It draws operations, does them itself, and writes a line for each: what
is done, and behind "=>" what must come of it. After every block it writes all that anybody owns, to the last digit.
"""
import hashlib
import random
import sys

UNIT = 10**18
LIMIT = 1 << 315
REDUCTION = 10**6


class Refused(Exception):
    """codespace/code"""


def dec(text):
    whole, _, part = text.partition(".")
    return int(whole) * UNIT + int((part + "0" * 18)[:18])


def half_even(value, unit=UNIT):
    whole, rest = divmod(value, unit)
    return whole + 1 if 2 * rest > unit or (2 * rest == unit and whole % 2) else whole


def mul(a, b):
    sign = -1 if (a < 0) != (b < 0) else 1
    return sign * half_even(abs(a) * abs(b))


def mul_trunc(a, b):
    return a * b // UNIT


def quo(a, b):
    sign = -1 if (a < 0) != (b < 0) else 1
    return sign * half_even(abs(a) * UNIT * UNIT // abs(b))


def quo_trunc(a, b):
    return a * UNIT * UNIT // b // UNIT


def quo_up(a, b):
    return -(-(a * UNIT * UNIT // b) // UNIT)


class Validator:
    def __init__(self, operator, key, rate, rate_max, rate_change, min_self):
        self.operator, self.key = operator, key
        self.cons = hashlib.sha256(key).digest()[:20]
        self.rate, self.rate_max, self.rate_change, self.rate_time = rate, rate_max, rate_change, 0
        self.min_self = min_self
        self.tokens, self.shares = 0, 0
        self.status, self.jailed = "unbonded", False
        self.unbonding_height, self.unbonding_time = 0, 0
        # rewards
        self.ratios, self.period, self.current = {0: 0}, 1, 0
        self.commission, self.outstanding = 0, 0
        self.slashes = []  # (height, period, fraction)

    @property
    def power(self):
        return self.tokens // REDUCTION

    def worth(self, shares):
        return quo(shares * self.tokens, self.shares) if self.shares else 0

    def worth_trunc(self, shares):
        return quo_trunc(shares * self.tokens, self.shares) if self.shares else 0


class Model:
    UNBONDING = 1000
    ENTRIES = 3
    MAX_VALIDATORS = 4
    WINDOW = 20
    MIN_SIGNED = dec("0.5")
    JAIL = 60
    DOWNTIME, DOUBLE = dec("0.01"), dec("0.05")
    TAX = dec("0.02")
    CHANGE, INFLATION_MAX, INFLATION_MIN, GOAL = dec("0.13"), dec("0.2"), dec("0.07"), dec("0.67")
    YEAR = 100000
    RECORDS = 32

    def __init__(self):
        self.height, self.time = 0, 0
        self.validators = {}
        self.delegations = {}  # (delegator, operator): shares
        self.starts = {}  # (delegator, operator): [period, stake, height]
        self.unbondings = {}  # (delegator, operator): [[height, end, initial, balance]]
        self.redelegations = {}  # (delegator, source, target): [[height, end, initial, shares]]
        self.unbonding_queue, self.redelegation_queue, self.validator_queue = {}, {}, {}
        self.balances, self.withdraw = {}, {}
        self.supply, self.collected, self.pool = 0, 0, 0
        self.held, self.bonded, self.not_bonded = 0, 0, 0  # distribution's coins and the two pools
        self.inflation = dec("0.13")
        self.signing = {}  # cons: dict
        self.keys, self.last = {}, {}
        self.updates = []

    # ---- rewards

    def close(self, v):
        if v.tokens == 0:
            self.pool += v.current
            v.outstanding -= v.current
            step = 0
        else:
            step = quo_trunc(v.current, v.tokens * UNIT)
        v.ratios[v.period] = v.ratios[v.period - 1] + step
        v.period += 1
        v.current = 0
        return v.period - 1

    def start(self, who, v):
        self.starts[who, v.operator] = [v.period - 1, v.worth_trunc(self.delegations[who, v.operator]), self.height]

    def earned(self, who, v, end):
        first, stake, height = self.starts[who, v.operator]
        if height == self.height:
            return 0
        total = 0
        for at, period, fraction in v.slashes:
            if at >= height and period > first:
                total += mul_trunc(v.ratios[period] - v.ratios[first], stake)
                stake = mul_trunc(stake, UNIT - fraction)
                first = period
        now = v.worth(self.delegations[who, v.operator])
        if stake > now:
            assert stake <= now + 3, "a stake grew"
            stake = now
        return total + mul_trunc(v.ratios[end] - v.ratios[first], stake)

    def pending(self, who, v):
        """What a question about rewards is answered."""
        ratio = v.ratios[v.period - 1] + (quo_trunc(v.current, v.tokens * UNIT) if v.tokens else 0)
        v.ratios[v.period] = ratio
        answer = self.earned(who, v, v.period)
        del v.ratios[v.period]
        return answer

    def pay_rewards(self, who, v):
        if (who, v.operator) not in self.starts:
            raise Refused("distribution/5")
        end = self.close(v)
        rewards = min(self.earned(who, v, end), v.outstanding)
        whole = rewards // UNIT
        self.give(self.withdraw.get(who, who), whole)
        self.held -= whole
        v.outstanding -= rewards
        self.pool += rewards - whole * UNIT
        del self.starts[who, v.operator]
        return whole

    def give(self, who, amount):
        self.balances[who] = self.balances.get(who, 0) + amount

    # ---- pools

    def add_pool(self, bonded, amount):
        if bonded:
            self.bonded += amount
        else:
            self.not_bonded += amount

    # ---- delegations

    def find(self, operator):
        if operator not in self.validators:
            raise Refused("staking/3")
        return self.validators[operator]

    def buy(self, who, v, amount, source):
        if v.tokens == 0 and v.shares > 0:
            raise Refused("staking/34")
        if source == "account" and self.balances.get(who, 0) < amount and (who, v.operator) not in self.delegations:
            raise Refused("sdk/5")
        if (who, v.operator) in self.delegations:
            self.pay_rewards(who, v)
        else:
            self.close(v)
        if source == "account":
            if self.balances.get(who, 0) < amount:
                raise Refused("sdk/5")
            self.balances[who] -= amount
        else:
            self.add_pool(source == "bonded", -amount)
        self.add_pool(v.status == "bonded", amount)
        shares = amount * UNIT if v.shares == 0 else v.shares * amount // v.tokens
        v.tokens += amount
        v.shares += shares
        self.delegations[who, v.operator] = self.delegations.get((who, v.operator), 0) + shares
        self.start(who, v)
        return shares

    def asked(self, who, operator, amount):
        v = self.find(operator)
        if (who, operator) not in self.delegations:
            raise Refused("staking/19")
        if v.tokens == 0:
            raise Refused("staking/22")
        own = self.delegations[who, operator]
        if quo_trunc(v.shares * amount, v.tokens * UNIT) > own:
            raise Refused("sdk/18")
        return v, min(v.shares * amount // v.tokens, own)

    def sell(self, who, v, shares):
        self.pay_rewards(who, v)
        rest = self.delegations[who, v.operator] - shares
        if who == v.operator and not v.jailed and v.worth(rest) // UNIT < v.min_self:
            v.jailed = True
        if rest == 0:
            del self.delegations[who, v.operator]
        else:
            self.delegations[who, v.operator] = rest
            self.start(who, v)
        left = v.shares - shares
        tokens = v.tokens if left == 0 else v.worth(shares) // UNIT
        v.tokens -= tokens
        v.shares = left
        if left == 0 and v.status == "unbonded":
            self.drop(v)
        return tokens

    def drop(self, v):
        del self.validators[v.operator]
        del self.keys[v.cons]
        whole = v.commission // UNIT
        self.give(self.withdraw.get(v.operator, v.operator), whole)
        self.held -= whole
        self.pool += v.outstanding - whole * UNIT

    # ---- operations

    def delegate(self, who, operator, amount):
        self.buy(who, self.find(operator), amount, "account")

    def undelegate(self, who, operator, amount):
        v, shares = self.asked(who, operator, amount)
        if len(self.unbondings.get((who, operator), [])) >= self.ENTRIES:
            raise Refused("staking/27")
        bonded = v.status == "bonded"
        tokens = self.sell(who, v, shares)
        self.add_pool(bonded, -tokens)
        self.add_pool(False, tokens)
        end = self.time + self.UNBONDING
        entries = self.unbondings.setdefault((who, operator), [])
        for entry in entries:
            if entry[0] == self.height and entry[1] == end:
                entry[2] += tokens
                entry[3] += tokens
                break
        else:
            entries.append([self.height, end, tokens, tokens])
        self.unbonding_queue.setdefault(end, []).append((who, operator))

    def redelegate(self, who, source, target, amount):
        v, shares = self.asked(who, source, amount)
        if source == target:
            raise Refused("staking/29")
        if target not in self.validators:
            raise Refused("staking/31")
        if any(key[0] == who and key[2] == source for key in self.redelegations):
            raise Refused("staking/32")
        if len(self.redelegations.get((who, source, target), [])) >= self.ENTRIES:
            raise Refused("staking/33")
        status, end, height = v.status, v.unbonding_time, v.unbonding_height
        tokens = self.sell(who, v, shares)
        if tokens == 0:
            raise Refused("staking/30")
        bought = self.buy(who, self.validators[target], tokens, "bonded" if status == "bonded" else "not")
        if source in self.validators and status == "unbonded":
            return
        if status != "unbonding" or source not in self.validators:
            end, height = self.time + self.UNBONDING, self.height
        self.redelegations.setdefault((who, source, target), []).append([height, end, tokens, bought])
        self.redelegation_queue.setdefault(end, []).append((who, source, target))

    def cancel(self, who, operator, amount, height):
        v = self.find(operator)
        if v.tokens == 0 and v.shares > 0:
            raise Refused("staking/34")
        if v.jailed:
            raise Refused("staking/7")
        entries = self.unbondings.get((who, operator))
        if not entries:
            raise Refused("undefined/1")
        found = [entry for entry in entries if entry[0] == height]
        if not found:
            raise Refused("sdk/38")
        if found[0][3] < amount:
            raise Refused("sdk/18")
        if found[0][1] < self.time:
            raise Refused("sdk/18")
        self.buy(who, v, amount, "not")
        found[0][2] -= min(amount, found[0][2])
        found[0][3] -= amount
        if found[0][3] == 0:
            entries.remove(found[0])
        if not entries:
            del self.unbondings[who, operator]

    def rewards(self, who, operator):
        v = self.find(operator)
        if (who, operator) not in self.delegations:
            raise Refused("staking/19")
        self.pay_rewards(who, v)
        self.start(who, v)

    def commission(self, operator):
        v = self.validators.get(operator)
        if v is None or v.commission == 0:
            raise Refused("distribution/7")
        whole = v.commission // UNIT
        v.commission -= whole * UNIT
        v.outstanding -= whole * UNIT
        self.give(self.withdraw.get(operator, operator), whole)
        self.held -= whole

    def elsewhere(self, who, to):
        self.withdraw[who] = to

    def fund(self, who, amount):
        if self.balances.get(who, 0) < amount:
            raise Refused("sdk/5")
        self.balances[who] -= amount
        self.held += amount
        self.pool += amount * UNIT

    def gift(self, who, operator, amount):
        if self.balances.get(who, 0) < amount:
            raise Refused("sdk/5")
        v = self.find(operator)
        self.balances[who] -= amount
        self.held += amount
        self.allot(v, amount * UNIT)

    def create(self, operator, key, rate, amount, min_self):
        if amount < min_self:
            raise Refused("staking/16")
        if operator in self.validators:
            raise Refused("staking/4")
        v = Validator(operator, key, rate, UNIT, dec("0.1"), min_self)
        if v.cons in self.keys:
            raise Refused("staking/5")
        v.rate_time = self.time
        if self.balances.get(operator, 0) < amount:
            raise Refused("sdk/5")
        self.validators[operator] = v
        self.keys[v.cons] = v
        self.buy(operator, v, amount, "account")

    def edit(self, operator, rate):
        v = self.find(operator)
        if self.time - v.rate_time < 24 * 3600:
            raise Refused("staking/12")
        if rate - v.rate > v.rate_change:
            raise Refused("staking/15")
        v.rate, v.rate_time = rate, self.time

    def unjail(self, operator):
        v = self.find(operator)
        if (operator, operator) not in self.delegations:
            raise Refused("staking/19")
        if v.worth(self.delegations[operator, operator]) // UNIT < v.min_self:
            raise Refused("slashing/7")
        if not v.jailed:
            raise Refused("slashing/5")
        info = self.signing.get(v.cons)
        if info and (info["tombstoned"] or self.time < info["until"]):
            raise Refused("slashing/4")
        v.jailed = False

    # ---- slashing

    def slash(self, v, height, power, factor):
        if v.status == "unbonded":
            return 0
        rest = mul(power * REDUCTION * UNIT, factor) // UNIT
        if height < self.height:
            for who, operator in sorted(self.unbondings):
                if operator == v.operator:
                    for entry in self.unbondings[who, operator]:
                        if entry[0] >= height and entry[1] > self.time:
                            due = entry[2] * factor // UNIT
                            rest -= due
                            lost = min(due, entry[3])
                            entry[3] -= lost
                            self.burn(False, lost)
            for who, source, target in sorted(self.redelegations):
                if source == v.operator:
                    for entry in self.redelegations[who, source, target]:
                        if entry[0] >= height and entry[1] > self.time:
                            due = entry[2] * factor // UNIT
                            rest -= due
                            self.slash_moved(who, target, height, due, mul(entry[3], factor))
        lost = min(max(rest, 0), v.tokens)
        if lost == 0:
            return 0
        fraction = min(UNIT, quo_up(lost * UNIT, v.tokens * UNIT))
        v.slashes.append((self.height, self.close(v), fraction))
        v.tokens -= lost
        self.burn(v.status == "bonded", lost)
        return lost

    def slash_moved(self, who, target, height, due, shares):
        if due == 0:
            return
        for entry in self.unbondings.get((who, target), []):
            if entry[0] >= height and entry[1] > self.time:
                lost = min(due, entry[3])
                entry[3] -= lost
                due -= lost
                self.burn(False, lost)
        own = self.delegations.get((who, target))
        if due == 0 or own is None:
            return
        v = self.validators[target]
        bonded = v.status == "bonded"
        if min(shares, own) > 0:
            self.burn(bonded, self.sell(who, v, min(shares, own)))

    def burn(self, bonded, amount):
        self.add_pool(bonded, -amount)
        self.supply -= amount

    # ---- blocks

    def allot(self, v, tokens):
        commission = mul(tokens, v.rate)
        v.commission += commission
        v.current += tokens - commission
        v.outstanding += tokens

    def begin(self, votes, evidence):
        ratio = self.bonded * UNIT // self.supply
        change = quo(mul(UNIT - quo(ratio, self.GOAL), self.CHANGE), self.YEAR * UNIT)
        self.inflation = min(max(self.inflation + change, self.INFLATION_MIN), self.INFLATION_MAX)
        minted = self.inflation * self.supply // self.YEAR // UNIT
        self.supply += minted
        self.collected += minted
        if self.height > 1:
            self.allocate(votes)
        for cons, power, present in votes:
            self.note(cons, power, present)
        for cons, power, height, _ in evidence:
            self.convict(cons, power, height)

    def allocate(self, votes):
        fees, self.collected = self.collected, 0
        self.held += fees
        rest = fees * UNIT
        total = sum(power for _, power, _ in votes)
        share = mul_trunc(fees * UNIT, UNIT - self.TAX)
        for cons, power, _ in votes:
            if cons in self.keys:
                reward = mul_trunc(share, quo_trunc(power * UNIT, total * UNIT))
                self.allot(self.keys[cons], reward)
                rest -= reward
        self.pool += rest

    def note(self, cons, power, present):
        v, info = self.keys.get(cons), self.signing.get(cons)
        if v is None or v.jailed or info is None:
            return
        index = info["offset"] % self.WINDOW
        info["offset"] += 1
        if present:
            info["missed"].discard(index)
        else:
            info["missed"].add(index)
        allowed = self.WINDOW - half_even(self.MIN_SIGNED * self.WINDOW)
        if self.height > info["start"] + self.WINDOW and len(info["missed"]) > allowed:
            self.slash(v, self.height - 2, power, self.DOWNTIME)
            v.jailed = True
            info.update(until=self.time + self.JAIL, offset=0, missed=set())

    def convict(self, cons, power, height):
        v, info = self.keys.get(cons), self.signing.get(cons)
        if v is None or v.status == "unbonded" or info is None or info["tombstoned"]:
            return
        self.slash(v, height - 1, power, self.DOUBLE)
        v.jailed = True
        info.update(until=253402300799, tombstoned=True)

    def end(self):
        self.elect()
        for key in sorted(key for key in self.validator_queue if key <= (self.time, self.height)):
            for operator in self.validator_queue.pop(key):
                v = self.validators.get(operator)
                if v and v.status == "unbonding":
                    v.status = "unbonded"
                    if v.shares == 0:
                        self.drop(v)
        for end in sorted(self.unbonding_queue)[:self.RECORDS]:
            if end <= self.time:
                for who, operator in dict.fromkeys(self.unbonding_queue.pop(end)):
                    entries = self.unbondings.get((who, operator), [])
                    for entry in [entry for entry in entries if entry[1] <= self.time]:
                        self.not_bonded -= entry[3]
                        self.give(who, entry[3])
                        entries.remove(entry)
                    if not entries:
                        self.unbondings.pop((who, operator), None)
        for end in sorted(self.redelegation_queue)[:self.RECORDS]:
            if end <= self.time:
                for key in dict.fromkeys(self.redelegation_queue.pop(end)):
                    entries = [entry for entry in self.redelegations.get(key, []) if entry[1] > self.time]
                    self.redelegations[key] = entries
                    if not entries:
                        del self.redelegations[key]

    def elect(self):
        ranked = sorted(
            (v for v in self.validators.values() if not v.jailed and v.power > 0),
            key=lambda v: (-v.power, v.operator))[:self.MAX_VALIDATORS]
        self.updates = []
        if not ranked and self.last:
            return
        moved = 0
        for v in ranked:
            if v.status != "bonded":
                if v.status == "unbonding":
                    self.validator_queue[v.unbonding_time, v.unbonding_height].remove(v.operator)
                v.status = "bonded"
                moved += v.tokens
                info = self.signing.setdefault(
                    v.cons, {"start": 0, "offset": 0, "missed": set(), "until": 0, "tombstoned": False})
                info["start"] = self.height
            if self.last.get(v.operator) != v.power:
                self.updates.append((v.key, v.power))
        gone = sorted(set(self.last) - {v.operator for v in ranked})
        for operator in gone:
            v = self.validators[operator]
            v.status = "unbonding"
            v.unbonding_time, v.unbonding_height = self.time + self.UNBONDING, self.height
            self.validator_queue.setdefault((v.unbonding_time, v.unbonding_height), []).append(operator)
            moved -= v.tokens
            self.updates.append((v.key, 0))
        self.bonded += moved
        self.not_bonded -= moved
        self.last = {v.operator: v.power for v in ranked}

    # ---- what is compared

    def picture(self):
        parts = ["supply %d pool %d held %d bonded %d not %d fees %d inflation %d" % (
            self.supply, self.pool, self.held, self.bonded, self.not_bonded, self.collected, self.inflation)]
        for operator, v in sorted(self.validators.items()):
            parts.append("V %s %d %d %s %d %d %d" % (
                operator.hex(), v.tokens, v.shares, v.status, v.jailed, v.commission, v.outstanding))
        for (who, operator), shares in sorted(self.delegations.items()):
            parts.append("D %s %s %d %d" % (
                who.hex(), operator.hex(), shares, self.pending(who, self.validators[operator])))
        for (who, operator), entries in sorted(self.unbondings.items()):
            parts.append("U %s %s %s" % (who.hex(), operator.hex(), ",".join(
                "%d:%d:%d:%d" % tuple(entry) for entry in entries)))
        for (who, source, target), entries in sorted(self.redelegations.items()):
            parts.append("R %s %s %s %s" % (who.hex(), source.hex(), target.hex(), ",".join(
                "%d:%d:%d:%d" % tuple(entry) for entry in entries)))
        for cons, info in sorted(self.signing.items()):
            parts.append("S %s %d %d %d %d %d" % (
                cons.hex(), info["start"], info["offset"], len(info["missed"]), info["until"], info["tombstoned"]))
        for who, amount in sorted(self.balances.items()):
            if amount:
                parts.append("B %s %d" % (who.hex(), amount))
        parts.append("N " + ",".join("%s:%d" % (key.hex(), power) for key, power in self.updates))
        return "|".join(parts)


def address(name):
    return hashlib.sha256(name.encode()).digest()[:20]


class Story:
    """Random operations, of which about half can be done."""

    def __init__(self, seed, out):
        self.random, self.model, self.out = random.Random(seed), Model(), out
        self.people = [address("somebody %d" % n) for n in range(12)]
        self.operators = [address("operator %d" % n) for n in range(8)]
        self.fresh = 100
        self.sets = {}

    def begin(self):
        model, founders = self.model, self.operators[:3]
        for who in self.people + self.operators:
            model.balances[who] = 10**13
        for number, operator in enumerate(founders):
            v = Validator(operator, hashlib.sha256(b"key %d" % number).digest(), dec("0.1"), UNIT, dec("0.1"), 1)
            model.validators[operator], model.keys[v.cons] = v, v
            v.tokens, v.shares, v.status = (number + 1) * 10**12 + 7 * number, 0, "bonded"
            v.shares = v.tokens * UNIT
            model.delegations[operator, operator] = v.shares
            model.bonded += v.tokens
            model.close(v)
            model.start(operator, v)
            self.out("founder %s %s %d" % (operator.hex(), v.key.hex(), v.tokens))
        for who, amount in model.balances.items():
            self.out("rich %s %d" % (who.hex(), amount))
        model.supply = sum(model.balances.values()) + model.bonded
        for v in model.validators.values():
            model.signing[v.cons] = {"start": 0, "offset": 0, "missed": set(), "until": 0, "tombstoned": False}
        model.elect()
        for v in model.validators.values():
            model.signing[v.cons]["start"] = 0
        members = {v.key: v.power for v in model.validators.values()}
        self.sets = {1: members, 2: members}
        self.out("genesis => " + model.picture())

    def votes(self, height):
        members = sorted(self.sets[height - 1].items(), key=lambda item: (
            -item[1], hashlib.sha256(item[0]).digest()[:20])) if height > 1 else []
        lazy = (height // 40) % 5
        votes = []
        for key, power in members:
            cons = hashlib.sha256(key).digest()[:20]
            present = self.random.random() > (0.75 if cons[0] % 5 == lazy else 0.03)
            votes.append((cons, power, present))
        return votes

    def evidence(self, height, votes):
        if self.random.random() > 0.02 or height < 10 or len(votes) < 3:
            return []
        cons, power, _ = self.random.choice(votes)
        back = self.random.randrange(1, 6)
        return [(cons, power, height - back, self.model.time - back)]

    def block(self, height):
        model, draw = self.model, self.random
        model.height = height
        model.time += draw.choice([1, 5, 6, 7, 60, 300, 90000 if draw.random() < 0.1 else 6])
        votes = self.votes(height)
        evidence = self.evidence(height, votes)
        fee = draw.choice([0, 1, 250, 5000, 999999, 123456789])
        self.out("begin %d %d %s %s" % (
            height, model.time, ",".join("%s:%d:%d" % (cons.hex(), power, here) for cons, power, here in votes) or "-",
            ",".join("%s:%d:%d:%d" % (cons.hex(), *rest) for cons, *rest in evidence) or "-"))
        model.begin(votes, evidence)
        for _ in range(draw.randrange(0, 9)):
            self.operation()
        payer = draw.choice(self.people)
        fee = min(fee, model.balances.get(payer, 0))
        model.balances[payer] = model.balances.get(payer, 0) - fee
        model.collected += fee
        self.out("fee %s %d" % (payer.hex(), fee))
        model.end()
        members = dict(self.sets[height + 1])
        for key, power in model.updates:
            members.pop(key, None)
            if power:
                members[key] = power
        self.sets[height + 2] = members
        self.sets.pop(height - 2, None)
        self.out("end => " + model.picture())

    def amount(self, most):
        draw = self.random
        return max(1, draw.choice([1, 3, 999, draw.randrange(1, 10**6), draw.randrange(1, max(2, most)), most, most + 1]))

    def operation(self):
        model, draw = self.model, self.random
        who, operator = draw.choice(self.people + self.operators), draw.choice(self.operators)
        kind = draw.choice([
            "delegate", "delegate", "delegate", "undelegate", "undelegate", "redelegate", "redelegate", "cancel",
            "rewards", "rewards", "commission", "elsewhere", "fund", "gift", "create", "edit", "unjail", "unjail"])
        if kind in ("undelegate", "redelegate", "rewards") and model.delegations and draw.random() < 0.8:
            who, operator = draw.choice(sorted(model.delegations))
        worth = 0
        if (who, operator) in model.delegations:
            worth = model.validators[operator].worth(model.delegations[who, operator]) // UNIT
        if kind == "delegate":
            words = [who, operator, self.amount(model.balances.get(who, 0) // draw.choice([1, 10, 1000]))]
        elif kind == "undelegate":
            words = [who, operator, self.amount(worth)]
        elif kind == "redelegate":
            words = [who, operator, draw.choice(self.operators), self.amount(worth)]
        elif kind == "cancel":
            if model.unbondings and draw.random() < 0.9:
                who, operator = draw.choice(sorted(model.unbondings))
            entries = model.unbondings.get((who, operator), [[1, 0, 0, 5]])
            entry = draw.choice(entries)
            words = [who, operator, self.amount(entry[3]), entry[0]]
        elif kind == "rewards":
            words = [who, operator]
        elif kind in ("commission", "unjail"):
            words = [operator]
        elif kind == "elsewhere":
            words = [who, draw.choice(self.people)]
        elif kind == "fund":
            words = [who, draw.randrange(1, 10**6)]
        elif kind == "gift":
            words = [who, operator, draw.randrange(1, 10**7)]
        elif kind == "create":
            self.fresh += 1
            key = hashlib.sha256(b"key %d" % self.fresh).digest()
            words = [operator, key, draw.randrange(0, 50) * UNIT // 100, draw.choice([10, 10**7, 10**11, 10**12]),
                     draw.choice([1, 1000, 10**7])]
        else:
            words = [operator, draw.randrange(0, 100) * UNIT // 100]
        try:
            keep = self.copy()
            getattr(model, kind)(*words)
            result = "ok"
        except Refused as refusal:
            model.__dict__ = keep
            result = str(refusal)
        texts = [word.hex() if isinstance(word, bytes) else str(word) for word in words]
        self.out("%s %s => %s" % (kind, " ".join(texts), result))

    def copy(self):
        """What is refused leaves nothing behind."""
        import copy
        return copy.deepcopy(self.model.__dict__)


def main(seed, blocks):
    story = Story(seed, print)
    story.begin()
    for height in range(1, blocks + 1):
        story.block(height)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
