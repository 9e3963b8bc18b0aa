"""The management page in a real browser: its contents, its buttons, its languages, and requests of other sites' pages."""

import base64
import re
import sys

from browser import Browser, wait
from service import Hook, Server, ask, order, sandbox

ORDER = "#orders tbody tr:first-child "
PUSH = "#pushes tbody tr:first-child "


def main(screenshots):
    with Hook() as hook:
        arguments = ["--policy", "review=manual", "--delay", "0", "--push-url", hook.url]
        with sandbox(*arguments) as service, Browser("en-US") as browser:
            orders_and_pushes(service, browser, hook)
            faults(service, browser)
            clock_and_policies(service, browser)
            other_sites(service, browser)
            layout(browser, screenshots)
            reset(service, browser)
    for languages, chinese in (
        ("zh-CN,zh,en", True),
        ("zh-TW", True),
        ("de,zh-CN,en", True),
        ("de,en,zh-CN", False),
        ("fr-FR", False),
    ):
        with sandbox("--delay", "0") as service, Browser(languages) as browser:
            language(service, browser, languages, chinese, screenshots)


def language(service, browser, languages, chinese, screenshots):
    """The page is Chinese if the browser prefers Chinese to English, and English otherwise."""
    browser.open(service["management_url"])
    browser.wait_text("h1", "沃通沙箱" if chinese else "WoTrus sandbox")
    browser.wait_text("#orders-empty", "暂无订单。" if chinese else "No orders yet.")
    assert browser.run("return document.documentElement.lang") == ("zh-CN" if chinese else "en"), languages
    assert browser.run("return document.title") == ("沃通沙箱" if chinese else "WoTrus sandbox")
    if not chinese:
        assert not re.search("[\u4e00-\u9fff]", browser.text("body")), browser.text("body")
        return
    create(service, commonName="example", csR_RSA="")
    create(service, commonName="example")
    ask(service["http_url"] + "/v1/Order/1")
    ask(service["management_url"] + "/api/faults", "POST", {"spec": "hang,request_id=none"})
    browser.wait_text(ORDER + ".chip", "已签发（issued）")
    browser.wait_text("#journal tbody", "缺少 token")
    browser.wait_text("#faults tbody", "停用")
    browser.click("section > details > summary")
    browser.wait_text("#policies tbody", "拒绝")
    # Apart from records, options and links, only names are left in Latin letters.
    text = browser.run(
        "const copy = document.querySelector('body').cloneNode(true);"
        "copy.querySelectorAll('#policies, code, pre, dd, a, datalist, summary > span').forEach((one) => one.remove());"
        "return copy.textContent"
    )
    words = set(re.findall("[A-Za-z]{2,}", text)) - {"HTTP", "HTTPS", "RequestID", "token", "issued", "pending", "CA"}
    assert not words, words
    meanings = browser.run("return [...document.querySelectorAll('#policies td:last-child')].map((cell) => cell.innerText)")
    assert len(meanings) > 20 and all(re.search("[\u4e00-\u9fff]", meaning) for meaning in meanings), meanings
    if screenshots:
        screenshot(browser, "%s/page-%s.png" % (screenshots, languages.replace(",", "-")))
def create(service, **changes):
    headers = {"WoTrusToken": service["token"], "RequestID": "page"}
    _, answer = ask(service["http_url"] + "/v1/Order/Create", "POST", order(**changes), headers)
    return answer["data"]["orderID"]


def status(service, order_id):
    return ask("%s/api/orders/%s" % (service["management_url"], order_id))[1]["status"]


def orders_and_pushes(service, browser, hook):
    browser.open(service["management_url"])
    browser.wait_text("#orders-empty", "No orders yet.")
    order_id = create(service, commonName="<img src=x onerror='window.struck=1'>")
    browser.wait_text(ORDER + ".chip", "pending")
    assert "<img src=x" in browser.text(ORDER)
    assert order_id in browser.text(ORDER)
    browser.click(ORDER + "[data-action=approve]")
    browser.wait_text(ORDER + ".chip", "issued")
    assert status(service, order_id) == "issued"
    assert not browser.run("return window.struck")

    first = hook.next()
    assert first["orderID"] == order_id and first["isIssued"] is True
    browser.wait_text(PUSH + ".chip", "delivered")
    browser.click(ORDER + "[data-action='push again']")
    assert hook.next() == first
    browser.click("#push button")
    assert hook.next() == {"dataAction": "organization"}
    browser.wait_text("#pushes-count", "3")

    browser.click(ORDER + "summary")
    browser.wait_text(ORDER + "pre", "BEGIN CERTIFICATE")


def faults(service, browser):
    spec = "status=503,on=query_order,count=1"
    browser.type("#fault input", spec)
    browser.click("#fault button")
    browser.wait_text("#faults tbody", spec)
    assert ask(service["http_url"] + "/v1/Order/1", headers={"WoTrusToken": service["token"]})[0] == 503
    browser.wait_text("#faults tbody", "spent")
    browser.wait_text("#journal tbody tr:first-child", spec)
    browser.click("[data-action=disarm]")
    browser.wait_text("#faults-empty", "No fault is armed.")
    browser.run("document.querySelector('#fault input').value = ''")
    browser.type("#fault input", "explode")
    browser.click("#fault button")
    browser.wait_text("#error", "there are status=CODE")


def clock_and_policies(service, browser):
    browser.click("[data-forward='86400']")
    browser.wait_text("#ahead", "86400")
    browser.click("section > details > summary")
    browser.click("select[name=revocation] option[value=immediate]")
    policies = lambda: ask(service["management_url"] + "/api/status")[1]["policies"]
    wait(lambda: policies()["revocation"] == "immediate", "the policy")


def other_sites(service, browser):
    """A page of another site in the same browser sends the requests that it can."""
    order_id = create(service)
    target = "%s/api/orders/%s/approve" % (service["management_url"], order_id)
    script = """
      const tries = [
        fetch(%r, {method: 'POST', mode: 'no-cors'}),
        fetch(%r, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}),
      ];
      Promise.allSettled(tries).then((ends) => {
        document.body.textContent = ends.map((end) => end.status).join(' ');
        const form = Object.assign(document.createElement('form'), {method: 'post', action: %r, target: 'frame'});
        document.body.append(Object.assign(document.createElement('iframe'), {name: 'frame'}), form);
        document.querySelector('iframe').addEventListener('load', () => document.body.append(' form'));
        form.submit();
      });
    """ % (target, target, target)
    page = ("<!doctype html><body><script>%s</script>" % script).encode()
    with Server(lambda path, _: (200, "text/html", page)) as evil:
        browser.open(evil.url)
        # The first fetch is sent and rejected, the second one is not sent. The form comes last.
        browser.wait_text("body", "fulfilled rejected")
        browser.wait_text("body", "form")
    assert status(service, order_id) == "pending"
    browser.open(service["management_url"])
    browser.wait_text(ORDER + ".chip", "pending")


def layout(browser, screenshots):
    for width in (1200, 420, 320):
        browser.send("POST", "/window/rect", {"width": width, "height": 1200})
        fits = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        wait(lambda: browser.run(fits), "no horizontal scrolling at %d" % width)
        if screenshots:
            screenshot(browser, "%s/page-%d.png" % (screenshots, width))


def screenshot(browser, path):
    with open(path, "wb") as file:
        file.write(base64.b64decode(browser.send("GET", "/screenshot")))


def reset(service, browser):
    browser.click("#reset")
    browser.accept()
    browser.wait_text("#orders-empty", "No orders yet.")
    assert ask(service["management_url"] + "/api/orders")[1]["total"] == 0


main(sys.argv[1] if len(sys.argv) > 1 else None)
print("management page: passed")
