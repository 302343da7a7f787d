#!/usr/bin/env python3
"""A network of four validators whose chain calls a contract by itself (secret.cron), by the real programs.

A vote has a private contract called every third block. All enclaves count the same though nobody sends anything, beside calls
that users send, while a validator is killed and comes back, and a node that comes in later runs all of it again; when a vote
has ended the schedule, nothing is counted any more.

    Tests/Testnet/scheduled.py --programs .build/debug
"""
import json
import signal

from testnet import GOVERNANCE, SHORT_VOTES, Failed, arguments, begin, concluded, say, wait

STAKE = 1_000_000_000
PERIOD = 3


class Story:
    def __init__(self, net):
        self.net, self.first = net, net.nodes[0]
        self.contract = net.counter(self.first)
        self.proposals = 0

    def vote(self, title, message):
        """Proposes a message of governance's, and has three of four vote for it."""
        file = self.net.folder / "proposal.json"
        file.write_text(json.dumps({
            "title": title, "summary": "calls that the chain makes", "deposit": "1000000000uscrt",
            "messages": [message | {"authority": GOVERNANCE}]}))
        self.proposals += 1
        propose = ("tx", "gov", "submit-proposal", file, "--from", "a")
        self.net.decided_by(lambda: self.net.client(self.first, *propose), self.proposals, "abc")

    def count(self, node=None):
        return int(self.net.count(node or self.first, self.contract))

    def same(self, nodes):
        """What all count, once they have the same block; the chain does not stand still meanwhile."""
        def counted():
            counts = {self.count(node) for node in nodes}
            return counts.pop() if len(counts) == 1 else None
        return wait(60, "all nodes to count the same", counted)

    def calls(self, height):
        """How many calls of this schedule stand in a block: nobody signed them, and their memo is its name."""
        block = self.first.get(f"/cosmos/base/tendermint/v1beta1/blocks/{height}")["block"]
        if not block["data"]["txs"]:
            return 0
        found = self.first.get(f"/cosmos/tx/v1beta1/txs/block/{height}")["txs"]
        return sum(1 for part in found if part["body"]["memo"] == "tick" and not any(part["signatures"]))


def main():
    options = arguments(__doc__).parse_args()
    net = begin(options)
    with concluded(net, options):
        net.settings = {"consensus": {"commit_timeout": 300, "empty_blocks": True}}
        net.state = SHORT_VOTES
        net.make(stakes=[(name, STAKE) for name in "abcd"])
        net.start()
        story = Story(net)
        say("four founders run the network, with a private contract that counts")
        story.vote("Tick", {
            "@type": "/secret.cron.MsgAddSchedule", "name": "tick", "period": str(PERIOD),
            "msgs": [{"contract": story.contract, "msg": '{"increment":{}}'}]})
        wait(60, "three calls", lambda: story.count() >= 3)
        say(f"a vote has the chain call it every {PERIOD} blocks: it counts {story.count()}, and nobody has sent a call")

        last = net.nodes[3]
        last.signal_all(signal.SIGKILL)
        last.process.wait(30)
        before, height = story.count(), story.first.height()
        for name in "ab":
            net.increment(story.first, story.contract, name)
        # A block whose proposer is gone comes later, and may leave a call to the next one.
        wait(60, "three calls more, beside two of users", lambda: story.count() >= before + 2 + 3)
        if (late := story.first.height() - height) > 8 * PERIOD:
            raise Failed(f"three calls took {late} blocks")
        last.start()
        last.wait_until_ready()
        net.wait_for_height(story.first.height())
        say(f"a validator was killed and has come back; all count {story.same(net.nodes)}, with two calls of users")

        joined = net.admit("full", "d")
        joined.start()
        joined.wait_until_ready()
        net.wait_for_height(story.first.height(), [joined])
        say(f"a node that came in has run the chain again; all count {story.same(net.nodes)}")

        story.vote("Still", {"@type": "/secret.cron.MsgRemoveSchedule", "name": "tick"})
        height = story.first.height()
        net.wait_for_height(height + 1)
        ended = story.same(net.nodes)
        net.wait_for_height(height + 1 + 3 * PERIOD)
        if story.same(net.nodes) != ended:
            raise Failed(f"the schedule ended at {ended}, and it counts {story.count()}")
        top = net.agree()
        calls = [height for height in range(1, top + 1) if story.calls(height)]
        gaps = {later - earlier for earlier, later in zip(calls, calls[1:])}
        if len(calls) != ended - 2 or min(gaps) < PERIOD:
            raise Failed(f"{len(calls)} calls of the chain's own for a count of {ended}, so many blocks apart: {gaps}")
        say(f"a vote has ended it at {ended}: {len(calls)} calls of the chain's own, from {min(gaps)} to {max(gaps)} blocks apart")
        say(f"all agree up to height {top}")


if __name__ == "__main__":
    main()
