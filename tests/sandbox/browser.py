"""A headless Chromium, controlled over the WebDriver protocol with chromedriver and the standard library."""

import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# Seconds; only a failing test reaches them.
PATIENCE = 60
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1200,900"
).split()
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def wait(condition, what):
    """Calls `condition` until it returns something true, and returns that."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, "timed out: " + what
        time.sleep(0.05)


class Browser:
    def __init__(self, language):
        self.profile = tempfile.mkdtemp(prefix="wotrus-browser-")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        output = ""
        for line in self.driver.stdout:
            output += line
            port = re.search(r"started successfully on port (\d+)", line)
            if port:
                break
        else:
            raise AssertionError("chromedriver: " + output)
        self.base = "http://127.0.0.1:%s/session" % port.group(1)
        arguments = FLAGS + ["--user-data-dir=" + self.profile, "--accept-lang=" + language]
        options = {"args": arguments, "prefs": {"intl.accept_languages": language}}
        capabilities = {"browserName": "chrome", "goog:chromeOptions": options, "unhandledPromptBehavior": "ignore"}
        session = self.send("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self.base += "/" + session["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, path, body=None):
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.base + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def open(self, url):
        self.send("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        return self.send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def all(self, selector):
        found = self.send("POST", "/elements", {"using": "css selector", "value": selector})
        return [element[ELEMENT] for element in found]

    def find(self, selector):
        return wait(lambda: self.all(selector), selector)[0]

    def click(self, selector):
        self.send("POST", "/element/%s/click" % self.find(selector))

    def type(self, selector, text):
        self.send("POST", "/element/%s/value" % self.find(selector), {"text": text})

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def wait_text(self, selector, text):
        return wait(lambda: text in self.text(selector), "%r in %s" % (text, selector))

    def accept(self):
        wait(self.prompt, "a dialog")
        self.send("POST", "/alert/accept")

    def prompt(self):
        try:
            return self.send("GET", "/alert/text")
        except AssertionError:
            return None
