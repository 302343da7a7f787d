"""A headless Chromium over its debugging pipe, with the standard library alone."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import time


def find():
    """The program, or None: CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    def __init__(self, program, folder):
        here_reads, it_writes = os.pipe()
        it_reads, here_writes = os.pipe()
        arguments = [
            program, "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
            "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
            # Root has no sandbox of this kind; what is loaded is our own, from loopback, and no name leads elsewhere.
            *(["--no-sandbox"] if os.getuid() == 0 else []),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            "--user-data-dir=%s" % folder, "--remote-debugging-pipe", "about:blank",
        ]
        self.log = open(pathlib.Path(folder).parent / "chromium.log", "w")
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec "$@" 3<&%d 4>&%d' % (it_reads, it_writes), "chromium", *arguments],
            pass_fds=(it_reads, it_writes), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        os.close(it_reads)
        os.close(it_writes)
        self.reads, self.writes, self.rest, self.last, self.events = here_reads, here_writes, b"", 0, []

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method, session=None, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writes, data):]
        until = time.monotonic() + 120
        while True:
            answer = self.message(until)
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise AssertionError("%s: %s" % (method, answer["error"]))
                return answer["result"]

    def message(self, until):
        """The next one; events are kept besides."""
        while b"\0" not in self.rest:
            if not select.select([self.reads], [], [], max(0, until - time.monotonic()))[0]:
                raise AssertionError("the browser is silent")
            data = os.read(self.reads, 1 << 20)
            if not data:
                raise AssertionError("the browser ended")
            self.rest += data
        text, self.rest = self.rest.split(b"\0", 1)
        answer = json.loads(text)
        if "method" in answer:
            self.events.append(answer)
        return answer

    def drain(self):
        """Takes what has come meanwhile."""
        while b"\0" in self.rest or select.select([self.reads], [], [], 0)[0]:
            self.message(time.monotonic() + 10)


class Page:
    """A tab, and all that it asked for and complained of."""

    def __init__(self, browser, width=1280, height=900, dark=False, phone=False):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])
        # Two tabs cannot both be in front, and a page that nobody sees does not ask.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && Number(document.body.dataset.looks) > 0", "the page %s to be drawn" % url)

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError("%s: %s" % (expression, answer["exceptionDetails"].get("exception", {}).get("description")))
        return answer["result"].get("value")

    def wait(self, expression, what, seconds=60):
        until = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > until:
                raise AssertionError("waited in vain for %s; the page says: %s" % (what, self.value("document.body.innerText")[:1500]))
            time.sleep(0.1)

    def key(self, key, code=None, text=None):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "/": 191}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key, windowsVirtualKeyCode=codes.get(key, 0),
                      **({"text": text} if text and kind == "keyDown" else {}))

    def write(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        answer = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1})
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))

    def mine(self, method):
        self.browser.drain()
        return [event["params"] for event in self.browser.events if event.get("sessionId") == self.session and event["method"] == method]

    def requests(self):
        return [event["request"]["url"] for event in self.mine("Network.requestWillBeSent")]

    def complaints(self):
        """What went wrong in the page, or was refused by its policy."""
        found = [event["exceptionDetails"].get("exception", {}).get("description", "exception") for event in self.mine("Runtime.exceptionThrown")]
        found += [str(event["args"]) for event in self.mine("Runtime.consoleAPICalled") if event["type"] in ("error", "warning", "assert")]
        return found + ["%s %s" % (event["entry"]["text"], event["entry"].get("url", "")) for event in self.mine("Log.entryAdded")
                        if event["entry"]["level"] in ("error", "warning")]
