#!/usr/bin/env python3
"""The node's pages in a headless Chromium, against a real local network: they load, their numbers move, a keyboard is
enough, nothing outside is asked, nothing is complained of, and what transactions say is text.

    pages_test.py --programs .build/debug [--pictures FOLDER]

Pictures in light and dark and at a phone's width are written to FOLDER. Without a Chromium (CHROMIUM names one) it says that
it was skipped, and ends with 0.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import browser

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
# As a phone has it, and what an old screen has.
PHONE, DESK = (390, 844), (1280, 900)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Network:
    """`cloister-node localnet`, and its client."""

    def __init__(self, programs, folder):
        self.programs, self.home = programs, folder / "net"
        self.rest, self.faucet, self.metrics = free_ports(3)
        self.log = open(folder / "localnet.log", "w+")
        self.process = subprocess.Popen(
            [programs / "cloister-node", "localnet", "--home", self.home, "--rest-port", str(self.rest), "--faucet-port",
             str(self.faucet), "--metrics-port", str(self.metrics), "--demo", ROOT / "contracts/build/counter.wasm"],
            stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        until = time.monotonic() + 180
        while "Serving:" not in self.said():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError("the local network does not come up:\n" + self.said()[-3000:])
            time.sleep(0.2)

    def said(self):
        return pathlib.Path(self.log.name).read_text()

    @property
    def origin(self):
        return "http://127.0.0.1:%d" % self.metrics

    def client(self, *arguments):
        done = subprocess.run(
            [self.programs / "cloister", *arguments, "--output", "json"], capture_output=True, text=True, timeout=120,
            env=dict(os.environ, CLOISTER_HOME=str(self.home / "client"), CLOISTER_NODE="http://127.0.0.1:%d" % self.rest))
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def fits(page, what):
    """Nothing is wider than the window."""
    wide = page.value("document.scrollingElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "%s is %d pixels too wide" % (what, wide)


def frames(page):
    return [int(re.sub(r"\D", "", page.value("document.querySelector('#way-%s .total').textContent" % way))) for way in ("in", "out")]


def inspector(page, network, contract):
    page.open(network.origin + "/inspector")
    before, height = frames(page), page.value("document.querySelector('.state').textContent")
    network.client("tx", "compute", "execute", contract, '{"increment":{}}', "--from", "a")
    page.wait("[...document.querySelectorAll('.wire .total')].map((n) => Number(n.textContent.replace(/\\D/g, ''))).reduce((a, b) => a + b) > %d"
              % (sum(before) + 20), "the counts of the boundary to grow")
    page.wait("document.querySelector('.state').textContent !== %s" % json.dumps(height), "another height")
    for name in ("run_transaction", "transaction_run", "read_state", "begin_block", "block_ended"):
        assert page.value("[...document.querySelectorAll('#messages button')].some((b) => b.textContent === '%s')" % name), name
    text = page.value("document.body.innerText")
    for words in ("accepted", "simulated", "Each second" if "Each second" in text else "each second", "no capability", "system calls filtered"):
        assert words.lower() in text.lower(), words
    assert page.value("document.querySelectorAll('.steps li').length") == 12
    assert page.value("document.querySelectorAll('.life .stack').length") >= 3
    # The whole table by keyboard: the first message is opened, and its fields are those of the boundary.
    page.value("document.querySelector('#messages button').focus()")
    page.key("Enter", text="\r")
    page.wait("document.querySelector('#messages button').ariaExpanded === 'true' && document.querySelectorAll('tr.fields td').length > 0", "a message to open")
    looks = page.value("document.body.dataset.looks")
    page.wait("Number(document.body.dataset.looks) > %s + 1" % looks, "another look")
    assert page.value("document.activeElement.ariaExpanded") == "true", "what has the focus keeps it"
    fits(page, "the inspector")


def keyboard(page, network):
    page.open(network.origin + "/explorer")
    page.key("Tab")
    assert page.value("document.activeElement.className") == "skip", "the first stop leads to the content"
    page.key("Enter", text="\r")
    page.wait("document.activeElement.id === 'content'", "the content to have the focus")
    page.value("history.replaceState(null, '', '/explorer')")
    page.key("/", code="Slash", text="/")
    assert page.value("document.activeElement.name") == "q" and page.value("document.activeElement.value") == ""
    page.write("1")
    page.key("Enter", text="\r")
    page.wait("location.hash === '#/block/1' && document.body.innerText.includes('Block 1')", "block 1")
    stops = set()
    page.value("document.activeElement.blur()")
    for _ in range(12):
        page.key("Tab")
        stops.add(page.value("document.activeElement.textContent.slice(0, 30) + document.activeElement.href"))
        outline = page.value("document.activeElement === document.body ? 'end' : getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "one sees where the focus is: " + page.value("document.activeElement.outerHTML.slice(0, 200)")
    assert len(stops) >= 8, stops


def explorer(page, network, contract, hash):
    page.open(network.origin + "/explorer")
    page.wait("document.querySelectorAll('tbody tr').length > 4", "blocks and transactions")
    for place, words in [
        ("#/contracts", "onerror"), ("#/contract/" + contract, "Calls"), ("#/accounts", "SCRT"), ("#/validators", "100.0 %"),
        ("#/tx/" + hash, "ciphertext"), ("#/block/2", "application hash"),
    ]:
        page.value("location.hash = %s" % json.dumps(place))
        page.wait("document.body.innerText.includes(%s)" % json.dumps(words), "%s to show %s" % (place, words))
        assert page.value("document.title") == "Cloister: explorer" and page.value("document.images.length") == 1
        fits(page, place)
    page.value("location.hash = '#/<b>nothing'")
    page.wait("document.body.innerText.includes('no such view')", "what is no view")
    page.value("location.hash = '#/block/999999999'")
    page.wait("document.body.innerText.includes('bigger then the chain')", "a block that is not there")


def interface(page, network):
    """Every route is there, and one that is asked answers."""
    page.open(network.origin + "/interface")
    page.wait("document.querySelectorAll('details').length > 100", "the routes")
    page.value("(() => { const one = document.querySelector('input[type=search]'); one.value = 'bank balances by_denom'; one.dispatchEvent(new Event('input')) })()")
    page.wait("document.querySelectorAll('details').length < 5", "the filter")
    page.value("document.querySelector('details').open = true")
    page.value("document.querySelector('form input').value = 'nobody'")
    page.value("document.querySelector('form button').click()")
    page.wait("document.querySelector('details .badge.bad')?.textContent === '400'", "what is refused")
    page.value("(() => { const one = document.querySelector('input[type=search]'); one.value = 'node v1beta1 status'; one.dispatchEvent(new Event('input')) })()")
    page.value("document.querySelector('details').open = true")
    page.value("document.querySelector('form button').click()")
    page.wait("document.querySelector('details .badge.good')?.textContent === '200'", "an answer")
    fits(page, "/interface")


def policy(page, network):
    """The policy holds: no markup is made of text, nothing inline runs, nobody else is asked."""
    page.open(network.origin + "/")
    made = page.value("(() => { try { document.createElement('p').innerHTML = '<b>x</b>'; return 'made' } catch { return 'refused' } })()")
    assert made == "refused", "text was made markup"
    page.value("(() => { const s = document.createElement('style'); s.textContent = 'body{display:none}'; document.head.append(s) })()")
    assert page.value("getComputedStyle(document.body).display") != "none", "a style of the page's own was taken"
    asked = page.value("fetch('http://127.0.0.1:%d/cosmos/base/node/v1beta1/status').then(() => 'asked', () => 'refused')" % network.rest)
    assert asked == "refused", "another origin was asked"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--pictures", type=pathlib.Path)
    options = parser.parse_args()
    program = browser.find()
    if program is None:
        print("pages: SKIPPED, there is no Chromium here (apt-get install chromium, or CHROMIUM=program)")
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cloister-pages-"))
    network = chromium = None
    try:
        network = Network(options.programs.resolve(), folder)
        stored = network.client("tx", "compute", "store", str(ROOT / "contracts/build/counter.wasm"), "--from", "a")
        made = network.client(
            "tx", "compute", "instantiate", str(stored["code_id"]), '{"count":1}', "--label", HOSTILE, "--from", "a")
        contract = made["contract_address"]
        call = network.client("tx", "compute", "execute", contract, '{"increment":{}}', "--from", "b")
        chromium = browser.Browser(program, folder / "profile")
        pages = []

        def page(*arguments, **options):
            pages.append(browser.Page(chromium, *arguments, **options))
            return pages[-1]

        inspector(page(*DESK), network, contract)
        keyboard(page(*DESK), network)
        explorer(page(*PHONE, phone=True), network, contract, call["txhash"])
        interface(page(*PHONE, phone=True), network)
        for path in ("/", "/inspector", "/interface", "/explorer", "/explorer#/tx/" + call["txhash"], "/explorer#/contracts"):
            for look, size, how in [("light", DESK, {}), ("dark", DESK, {"dark": True}), ("phone", PHONE, {"phone": True})]:
                one = page(*size, **how)
                one.open(network.origin + path)
                one.wait("!document.body.innerText.includes('asking the node')", "the content")
                colour = one.value("getComputedStyle(document.body).backgroundColor")
                assert (sum(map(int, re.findall(r"\d+", colour)[:3])) < 200) == (look == "dark"), colour
                fits(one, "%s at %d pixels" % (path, size[0]))
                if options.pictures:
                    options.pictures.mkdir(parents=True, exist_ok=True)
                    name = {"/": "home", "/inspector": "inspector", "/interface": "interface", "/explorer": "explorer"}.get(path) or re.search(r"#/(\w+)", path)[1]
                    one.picture(options.pictures / ("%s-%s.png" % (name, look)))
        for one in pages:
            outside = [url for url in one.requests() if not url.startswith((network.origin + "/", "about:"))]
            assert not outside, "asked elsewhere: %s" % outside
            # A block that is not there is answered with a status that the browser counts as an error.
            complaints = [text for text in one.complaints() if "999999999" not in text and "/rest/cosmos/bank/v1beta1/balances/nobody" not in text]
            assert not complaints, complaints
        asked = sum(len(one.requests()) for one in pages)
        policy(browser.Page(chromium, *DESK), network)
        print("pages: %d tabs, %d requests, none to another origin, no complaint" % (len(pages), asked))
    except AssertionError as error:
        print("pages: FAILED: %s" % error)
        print("       kept: %s" % folder)
        sys.exit(1)
    finally:
        if chromium:
            chromium.end()
        if network:
            network.end()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
