#!/usr/bin/env python3
"""A network of four validators votes for a later enclave program, by the real programs and the commands of docs/operations.md.

The new program is refused while nobody has approved it, by an approval that its sender forged, and for as long as the notice
runs that the vote gave; a host that approves it earlier by itself ends, and the others go on without it. From the block of its
time on a validator hands its key over and goes on with what the old program kept, and the old one signs no more. In the long
form all the others follow; then the chain ends the old program's approval, and no node with it comes in.

    Tests/Testnet/upgrade.py --programs .build/debug --short
"""
import datetime
import json
import os
import re
import shutil
import subprocess

from testnet import GOVERNANCE, ROOT, SHORT_VOTES, Failed, arguments, begin, concluded, run, say, wait

STAKE = 1_000_000_000
NOT_APPROVED = "not approved on this chain"


def later_programs(net):
    """The programs with an enclave whose measurement is another, in a folder of their own, as they would be installed."""
    folder = net.folder / "next"
    (folder / "enclave-bundle").mkdir(parents=True)
    enclave = folder / "cloister-enclave"
    enclave.write_bytes((net.programs / "cloister-enclave").read_bytes() + b"\0")
    enclave.chmod(0o755)
    launcher = net.programs / "enclave-host"
    # Name, size, digest and path of each file; the measurement and the program come first.
    for line in run(launcher, "--enclave", net.programs / "cloister-enclave", "--measure").splitlines()[2:]:
        name, _, _, path = line.split(" ", 3)
        shutil.copy(os.path.realpath(path), folder / "enclave-bundle" / name)
    for name in ("cloister-node", "enclave-host", "cloister"):
        # Not a symbolic link: a program finds its companions by where it really is.
        shutil.copy(net.programs / name, folder / name)
    return folder


def measurement(programs):
    return run(programs / "enclave-host", "--enclave", programs / "cloister-enclave", "--measure").split()[0]


def refused(status, says, *words):
    """Raises unless the command ends with this status and these words."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)
    if done.returncode != status or says not in done.stdout + done.stderr:
        raise Failed(f"{words}: status {done.returncode}, not {status} with {says!r}\n{done.stdout[-800:]}{done.stderr[-800:]}")


class Story:
    def __init__(self, net, notice):
        self.net, self.notice = net, notice
        self.old, self.next = net.programs, later_programs(net)
        self.program = measurement(self.next)
        self.first = net.nodes[0]

    def moment(self):
        """The time of the last block."""
        header = self.first.get("/cosmos/base/tendermint/v1beta1/blocks/latest")["block"]["header"]
        return datetime.datetime.fromisoformat(re.sub(r"(\.\d{1,6})?\d*Z$", r"\1+00:00", header["time"]))

    def approved(self):
        """Programs by the chain's own answer, with the time from which each is approved."""
        return {program["measurement"]: program["not_before"] for program in self.first.get("/cloister/v1/policy")["programs"]}

    def upgrading(self, node, payer=None):
        payment = ["--from", payer, "--wallet", self.net.wallet] if payer else []
        return self.next / "cloister-node", "upgrade-enclave", "--home", node.home, *payment

    def typed(self):
        """The commands of the page, typed as they stand there, but for what is another place or time here."""
        page = (ROOT / "docs/operations.md").read_text()
        found = re.search(r"\n\*\*By a vote\*\*.*?\n```text\n(.*?)\n```", page, re.DOTALL)
        text = found[1]
        for stands, here in (
                ("/usr/local/libexec/cloister-next", str(self.next)), ("+10 days", f"+{self.notice} seconds"),
                ("http://127.0.0.1:1317", self.first.url), ("--from operator", "--from a")):
            if stands not in text:
                raise Failed(f"the page no longer says {stands}")
            text = text.replace(stands, here)
        if not shutil.which("curl"):
            text = re.sub("curl --silent (.*)", r"""python3 -c 'import urllib.request as u; print(u.urlopen("\1").read())'""", text)
        place = (f"PATH={self.old}:{os.environ['PATH']}", f"CLOISTER_HOME={self.net.wallet}", f"CLOISTER_NODE={self.first.url}")
        self.net.decided_by(lambda: run("env", *place, "bash", "-euo", "pipefail", "-c", f"cd {self.net.folder}\n{text}"), 1, "bcd")

    def forged(self):
        """An account approves the program in its own name, and in governance's."""
        for authority, code in ((self.net.addresses["d"], "13"), (GOVERNANCE, None)):
            draft = json.loads(run(
                self.old / "cloister", "tx", "bank", "send", self.net.addresses["a"], "1uscrt", "--from", "d", "--generate-only",
                "--gas", "100000", "--node", self.first.url, "--home", self.net.wallet))
            draft["body"]["messages"] = [{
                "@type": "/cloister.registration.v1.MsgApproveProgram", "authority": authority, "measurement": self.program}]
            file = self.net.folder / "forged.json"
            file.write_text(json.dumps(draft))
            words = [self.old / "cloister", "tx", "sign", file, "--from", "d", "--node", self.first.url, "--home", self.net.wallet]
            signed = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
            if signed.returncode == 0:
                file.write_text(signed.stdout)
                sent = subprocess.run(
                    [self.old / "cloister", "tx", "broadcast", file, "--node", self.first.url, "-o", "json"],
                    capture_output=True, text=True, timeout=60)
                if sent.returncode == 0 or code and "invalid authority" not in sent.stdout + sent.stderr:
                    raise Failed(f"approved by {authority}: {sent}")
            elif code:
                raise Failed(f"tx sign: {signed.stderr}")
        if self.program in self.approved():
            raise Failed("a forged approval counts")
        say("an account's own approval is refused, in its name and in governance's")

    def hurries(self, node):
        """A host tells its node that the program is approved already: its state is another one, so it ends."""
        file = node.home / "config/node.toml"
        node.end()
        file.write_text(file.read_text() + f'[upgrade]\napprove = "{self.program}@{self.first.height() + 3}"\n')
        node.start()
        wait(60, f"{node.name} to end", lambda: not node.is_running)
        if node.process.returncode != 70:
            raise Failed(f"{node.name} ended with {node.process.returncode}: {node.last_words}")
        node.process = None
        height = self.first.height()
        self.net.wait_for_height(height + 2, [self.first])
        say(f"{node.name}'s host approved the program by itself and ended with 70; the others go on")

    def takes_over(self, node, payer):
        """As docs/operations.md says it; what nobody may do on the way is refused."""
        run(*self.upgrading(node, payer))
        node.end()
        run(*self.upgrading(node))
        run(self.old / "cloister-node", "keys", "hand-over", "--to", self.program, "--home", node.home)
        start = [self.old / "cloister-node", "start", "--home", node.home]
        refused(77, "was handed over", *self.net.network.command(node.number, start))
        run(*self.upgrading(node))
        node.programs = self.next
        node.start()
        node.wait_until_ready()
        others = [other for other in self.net.nodes if other.is_running]
        self.net.wait_for_height(node.height() + 2, others)
        say(f"{node.name} runs the later program, and signs with the key that the old one had")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--short", action="store_true", help="only until one validator runs the later program")
    parser.add_argument("--notice", type=int, default=45, help="seconds from the proposal to the program's time")
    options = parser.parse_args()
    net = begin(options)
    with concluded(net, options):
        net.settings = {"consensus": {"commit_timeout": 300}}
        net.state = SHORT_VOTES
        net.make(stakes=[(name, STAKE) for name in "abcd"])
        net.start()
        story = Story(net, options.notice)
        contract = net.counter(story.first)
        net.increment(story.first, contract, "a")
        maker = measurement(story.old)
        if list(story.approved()) != [maker]:
            raise Failed(f"the chain approves {story.approved()}")
        say("four founders run the network; a private contract counts 1")

        early = story.upgrading(story.first, "a")
        refused(75, NOT_APPROVED, *early)
        story.forged()
        say("a later program is refused; the operators propose it, and vote")
        story.typed()
        until = datetime.datetime.fromisoformat(story.approved()[story.program].replace("Z", "+00:00"))
        say(f"the vote has passed; the program is approved from {until:%H:%M:%S} on, {(until - story.moment()).seconds} s to come")
        refused(75, NOT_APPROVED, *early)
        if story.moment() >= until:
            raise Failed(f"this machine is too slow for a notice of {options.notice} s: see --notice")
        say("until then it is refused")
        story.hurries(net.nodes[3])
        wait(options.notice + 60, "the program's time", lambda: story.moment() >= until)
        story.takes_over(story.first, "a")
        net.increment(story.first, contract, "b")
        net.wait_for_height(story.first.height() + 1, net.nodes[:3])
        counts = {net.count(node, contract) for node in net.nodes[:3]}
        if counts != {2}:
            raise Failed(f"the nodes count {counts}")
        say("both programs count 2")
        if not options.short:
            for node, payer in zip(net.nodes[1:3], "bc"):
                story.takes_over(node, payer)
            end = net.folder / "end.json"
            end.write_text(json.dumps({
                "title": "End", "summary": "The old program", "deposit": "1000000000uscrt",
                "messages": [{"@type": "/cloister.registration.v1.MsgEndApproval", "authority": GOVERNANCE, "measurement": maker}]}))
            net.decided_by(lambda: net.client(story.first, "tx", "gov", "submit-proposal", end, "--from", "a"), 2, "abc")
            if list(story.approved()) != [story.program]:
                raise Failed(f"the chain approves {story.approved()}")
            try:
                net.admit("late", "a")
                raise Failed("a node with the old program came in")
            except Failed as failure:
                if NOT_APPROVED not in str(failure):
                    raise
            net.nodes.pop()
            say("the chain has ended the old program's approval, and a node that has it does not come in")
        say(f"all agree up to height {net.agree(net.nodes[:3])}")


if __name__ == "__main__":
    main()
