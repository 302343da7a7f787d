#!/usr/bin/env python3
"""Does to a network of four validators and a node that joined it what machines, cables and operators do to theirs, under
load: kills, pauses, cuts off, slows down, loses frames, restores from backups, restarts. At the end all nodes must have the same blocks, the same
application hash and the same private state, every transaction that was confirmed must still be there, and no validator
may have signed twice.

Everything is drawn from --seed, but the machine's own timing is not: the same seed does the same things to the network,
and not always at the same blocks."""
import os
import random
import shutil
import signal
import statistics
import sys
import threading
import time
import urllib.error

from testnet import ACCOUNTS, Failed, arguments, begin, finish, run, say, wait

# How long the network may take to go on once all nodes are back.
PATIENCE = 120


class Load:
    """A client for each account, each at a node of its own: coins and private calls, one after the other. What a client
    was told is in a block must stay there; of what it was told nothing about, both may be."""

    def __init__(self, net, contract):
        self.net, self.contract = net, contract
        self.confirmed, self.unknown, self.calls_unknown, self.calls_confirmed = {}, 0, 0, 0
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(name, index), daemon=True)
                        for index, name in enumerate(ACCOUNTS)]
        for thread in self.threads:
            thread.start()

    def work(self, name, index):
        turn = index
        nodes = self.net.nodes
        while not self.stopping.is_set():
            turn += 1
            # A client that gets no answer asks the next node.
            node = nodes[(index + turn // 8) % len(nodes)]
            is_call = turn % 2 == 0
            try:
                if is_call:
                    answer = self.net.increment(node, self.contract, name)
                else:
                    to = self.net.addresses["b" if name != "b" else "c"]
                    answer = self.net.client(node, "tx", "bank", "send", to, "1uscrt", "--from", name)
                with self.lock:
                    self.confirmed[answer["txhash"]] = int(answer["height"])
                    self.calls_confirmed += is_call
            except Exception:
                with self.lock:
                    self.unknown += 1
                    self.calls_unknown += is_call
                turn += 8 - turn % 8
                self.stopping.wait(0.3)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(150)

    @property
    def count(self):
        with self.lock:
            return len(self.confirmed)


class Torture:
    def __init__(self, net, seed, folder):
        self.net, self.random, self.folder = net, random.Random(seed), folder
        self.recoveries, self.done = {}, {}
        self.backups = 0
        self.faults = [self.kill, self.kill_enclave, self.pause, self.pause_enclave, self.restart, self.restore, self.lose_data,
                       self.kill_two]
        if net.network.can_cut:
            self.faults += [self.cut, self.cut_two, self.cut_and_kill, self.slow, self.all_slow]

    # What is done to a node. Each leaves it running, and nothing in its way.

    def kill(self, node):
        node.end(signal.SIGKILL)
        self.rest()
        node.start()

    def kill_enclave(self, node):
        """The node ends with its enclave, and says that another start may help."""
        enclave = node.tree()[-1]
        os.kill(enclave, signal.SIGKILL)
        if node.process.wait(30) != 75:
            raise Failed(f"{node.name} ended with {node.process.returncode} when its enclave was killed")
        node.start()

    def pause(self, node):
        node.signal_all(signal.SIGSTOP)
        self.rest()
        node.signal_all(signal.SIGCONT)

    def pause_enclave(self, node):
        enclave = node.tree()[-1]
        os.kill(enclave, signal.SIGSTOP)
        self.rest()
        os.kill(enclave, signal.SIGCONT)

    def restart(self, node):
        if (status := node.end()) != 0:
            raise Failed(f"{node.name} ended with {status} when it was asked to: {node.last_words}")
        node.start()

    def restore(self, node):
        """Its disk loses the state; the blocks, the journal of the newest and the signer's record are whole."""
        self.backups += 1
        backup = self.folder / f"backup-{self.backups}"
        program = self.net.programs / "cloister-node"
        run(program, "backup", backup, "--home", node.home)
        self.rest()
        node.end(signal.SIGKILL)
        shutil.rmtree(node.home / "data/application/state")
        run(program, "restore", backup, "--keep-blocks", "--home", node.home)
        node.start()
        shutil.rmtree(backup)

    def lose_data(self, node):
        """Its disk loses state and blocks; the machine and the signer's record are whole. The state is its own, and the
        blocks are another node's, taken when that has gone past all that this machine ran."""
        self.backups += 1
        own, others = self.folder / f"backup-{self.backups}", self.folder / f"blocks-{self.backups}"
        program = self.net.programs / "cloister-node"
        run(program, "backup", own, "--home", node.home)
        self.rest()
        height = node.height()
        node.end(signal.SIGKILL)
        for name in ("application", "consensus"):
            shutil.rmtree(node.home / "data" / name)
        other = self.random.choice([one for one in self.net.nodes if one is not node])
        wait(PATIENCE, f"{other.name} to be past {node.name}", lambda: other.height() > height + 3)
        run(program, "backup", others, "--home", other.home)
        run(program, "restore", own, "--blocks", others, "--home", node.home)
        node.start()
        shutil.rmtree(own)
        shutil.rmtree(others)

    def cut(self, node):
        self.net.network.cut(node.number)
        self.rest()
        self.net.network.join(node.number)

    def cut_and_kill(self, node):
        """Cut off, it dies; it comes back alone and then hears of the others."""
        self.net.network.cut(node.number)
        self.rest()
        node.end(signal.SIGKILL)
        node.start()
        self.rest()
        self.net.network.join(node.number)

    def slow(self, node):
        """Its cable becomes a bad line to the other side of the world."""
        self.net.network.slow_down(
            node.number, delay=self.random.uniform(20, 150), jitter=self.random.uniform(0, 50),
            loss=self.random.uniform(0, 0.03))
        self.rest()
        self.rest()
        self.net.network.speed_up(node.number)

    def all_slow(self, _):
        """All lines are bad, and blocks are decided all the same."""
        for node in self.net.nodes:
            self.net.network.slow_down(node.number, delay=25, jitter=10, loss=0.01)
        before = max(self.heights().values())
        for node in self.net.nodes[:4]:
            self.comes_to(node, before + 3)
        for node in self.net.nodes:
            self.net.network.speed_up(node.number)

    # With two of four gone nothing may be decided; with them back, all goes on.

    def two(self):
        return self.random.sample(self.net.nodes[:4], 2)

    def kill_two(self, _):
        pair = self.two()
        for node in pair:
            node.end(signal.SIGKILL)
        self.stands([node for node in self.net.nodes[:4] if node not in pair])
        for node in pair:
            node.start()

    def cut_two(self, _):
        pair = self.two()
        for node in pair:
            self.net.network.cut(node.number)
        self.stands([node for node in self.net.nodes[:4] if node not in pair])
        for node in pair:
            self.net.network.join(node.number)

    def stands(self, nodes):
        """Half the power decides nothing."""
        time.sleep(2)
        before = [node.height() for node in nodes]
        time.sleep(4)
        after = [node.height() for node in nodes]
        if after != before:
            raise Failed(f"two of four validators decided: {before}, {after}")

    def rest(self):
        time.sleep(self.random.uniform(1, 5))

    # Rounds

    def round(self, number, load):
        fault = self.faults[number % len(self.faults)] if number < len(self.faults) else self.random.choice(self.faults)
        node = self.random.choice(self.net.nodes)
        name = fault.__name__.replace("_", " ")
        what = name if fault in (self.kill_two, self.cut_two, self.all_slow) else f"{name} {node.name}"
        before, confirmed = max(self.heights().values()), load.count
        fault(node)
        begin = time.monotonic()
        # All are back when each has a block that none had before.
        target = max([before, *self.heights().values()]) + 1
        for one in self.net.nodes:
            self.comes_to(one, target)
        seconds = time.monotonic() - begin
        self.recoveries.setdefault(name, []).append(seconds)
        say(f"{number + 1:4}  {what:28} back in {seconds:5.1f} s  height {target:6}  {load.count:6} confirmed"
            f" (+{load.count - confirmed})")

    def heights(self):
        heights = {}
        for node in self.net.nodes:
            try:
                heights[node.name] = node.height()
            except (OSError, KeyError, ValueError):
                heights[node.name] = 0
        return heights

    def comes_to(self, node, height):
        def is_there():
            if not node.is_running:
                if node.process.returncode != 75:
                    raise Failed(f"{node.name} ended with status {node.process.returncode}: {node.last_words}")
                # As a supervisor does.
                node.start()
            return node.height() >= height
        try:
            wait(PATIENCE, f"{node.name} to come to height {height}", is_there)
        except Failed as failure:
            raise Failed(f"{failure}; heights {self.heights()}; {node.last_words}") from None

    # The end

    def check(self, load):
        nodes = self.net.nodes
        target = max(self.heights().values())
        self.net.wait_for_height(target, seconds=PATIENCE)
        time.sleep(2)
        height = self.net.agree()
        say(f"all nodes have the same blocks, results and application hashes up to height {height}; no evidence, no second vote")
        for node in nodes:
            for transaction, block in load.confirmed.items():
                try:
                    found = int(node.get(f"/cosmos/tx/v1beta1/txs/{transaction}")["tx_response"]["height"])
                except urllib.error.HTTPError as error:
                    raise Failed(f"{node.name} has lost {transaction} of block {block}: {error}") from None
                if found != block:
                    raise Failed(f"{node.name} has {transaction} in block {found}, and a client was told {block}")
        say(f"each of {load.count} confirmed transactions is in its block on every node")
        counts = {node.name: self.net.count(node, load.contract) for node in nodes}
        if len(set(counts.values())) != 1:
            raise Failed(f"the private counts differ: {counts}")
        count = next(iter(counts.values()))
        least, most = load.calls_confirmed, load.calls_confirmed + load.calls_unknown
        if not least <= count <= most:
            raise Failed(f"the contract counts {count}; {least} calls were confirmed, and {most} made")
        say(f"the private contract counts {count} on every node: {least} confirmed calls, and {count - least} of those"
            f" {load.calls_unknown} whose clients never heard")
        return height

    def summary(self, load, height, seconds):
        print(f"\n  {'what was done':16}{'times':>6}   back after (s): median, longest")
        for name, times in sorted(self.recoveries.items()):
            print(f"  {name:16}{len(times):>6}   {statistics.median(times):8.1f}{max(times):8.1f}")
        total = sum(len(times) for times in self.recoveries.values())
        print(f"\n  {total} faults in {seconds:.0f} s; {height} blocks; {load.count} transactions confirmed, of {load.unknown} more"
              " the client never heard\n  no fork, no second signature, nothing confirmed was lost, one application hash\n",
              flush=True)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, help="how many faults; else as many as fit into --seconds")
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    net = begin(options)
    failed, load = True, None
    try:
        say(f"four founders make a network, and a full node joins it; seed {options.seed}")
        net.make()
        net.start(full=1)
        contract = net.counter(net.nodes[0])
        net.wait_for_height(net.nodes[0].height())
        load = Load(net, contract)
        torture = Torture(net, options.seed, net.folder)
        began, number = time.monotonic(), 0
        while number < options.rounds if options.rounds else time.monotonic() - began < options.seconds:
            torture.round(number, load)
            number += 1
        say("the load ends; comparing all that the nodes have")
        load.stop()
        height = torture.check(load)
        torture.summary(load, height, time.monotonic() - began)
        net.table(contract)
        failed = False
    except KeyboardInterrupt:
        say("interrupted")
    except Failed as failure:
        say(f"FAILED: {failure}")
        say(f"again: {' '.join(sys.argv)}")
    finally:
        if load:
            load.stopping.set()
        finish(net, options, failed)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
