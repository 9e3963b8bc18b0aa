"""load.py BACKEND FPM [EXTENSION]: nginx and php-fpm with 8 workers that use the library by one backend,
extension or ffi.

Every body is checked by the id of its request; no worker may be ended by a signal; the workers' memory
must not grow. packaging/with-sandbox sets the environment.
"""
import collections
import concurrent.futures
import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import urllib.parse

from servers import WORKERS, Servers

REQUESTS = 2000
AT_ONCE = 16
GROWTH = 1024 * 1024
HERE = os.path.dirname(os.path.abspath(__file__))
ids = itertools.count(1)
ids_lock = threading.Lock()
connections = threading.local()


def get(port, **query):
    """The response and its body. Each thread keeps its connection."""
    path = "/?" + urllib.parse.urlencode(query)
    connection = getattr(connections, "open", None)
    if connection is None or connection.port != port:
        connection = connections.open = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer, answer.read().decode(errors="replace")


def one(servers, orders, way):
    """Makes one request and checks its body; returns the process id of the worker."""
    with ids_lock:
        number = next(ids)
    unknown = number % 10 == 0
    order, name = ("no-such-order", "") if unknown else orders[number % len(orders)]
    answer, body = get(servers.port, id=number, order=order)
    try:
        result = json.loads(body)
        expected = {"id": str(number), "way": way, "request_id": f"load-{number}"}
        expected.update({"kind": "refused"} if unknown else {"order": order, "org": name})
        wrong = {key: result.get(key) for key in expected if result.get(key) != expected[key]}
        assert answer.status == 200 and not wrong
    except (ValueError, AssertionError):
        raise SystemExit(f"request {number} of order {order}: HTTP {answer.status}: {body[:500]}") from None
    return result["pid"]


def load(servers, orders, way, requests, halfway=lambda: None):
    """Makes `requests` requests; returns the number that each worker answered."""
    done = itertools.count(1)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        tasks = [pool.submit(one, servers, orders, way) for _ in range(requests)]
        workers = collections.Counter()
        for task in concurrent.futures.as_completed(tasks):
            workers[task.result()] += 1
            if next(done) == requests // 2:
                halfway()
    return workers


def fatal(servers, orders, kind, times):
    """Requests pages that end with this fatal error; returns the workers that served them."""
    def request(number):
        answer, body = get(servers.port, id=number, order=orders[0][0], fatal=kind)
        expected = (200, "exit") if kind == "exit" else (500, "")
        assert (answer.status, body) == expected, f"fatal {kind}: HTTP {answer.status}: {body[:500]}"
        return int(answer.getheader("X-Worker"))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return set(pool.map(request, range(times)))


def fatal_everywhere(servers, orders, kind):
    """Gives each worker the fatal error once, so that the first change of PHP's own heap is not measured."""
    had = set()
    for _ in range(50):
        had |= fatal(servers, orders, kind, WORKERS)
        if had == set(servers.workers()):
            return
    raise SystemExit(f"some workers get no requests: {had}")


def settled(servers, orders, way):
    """The workers' memory after each has served good requests, which shrink PHP's own heap again."""
    served = collections.Counter()
    for _ in range(20):
        served += load(servers, orders, way, 100)
        if all(served[pid] >= 8 for pid in servers.workers()):
            return servers.memory()
    raise SystemExit(f"some workers get no requests: {served}")


def make_orders(count):
    """Creates orders of different organisations with the command; returns their ids and organisations."""
    orders = []
    for number in range(count):
        name = f"公司{number}"
        made = subprocess.run(
            [os.environ["WOTRUS_COMMAND"], "--json", "order", "create", "--product", "organization", "--common-name", name,
             "--org-name", name, "--months", "12", "--idempotence-id", f"load-{number}"],
            check=True, capture_output=True)
        orders.append((json.loads(made.stdout)["order_id"], name))
    return orders


def main(way, fpm, extra=None):
    options = {
        "token": os.environ["WOTRUS_TOKEN"], "base_url": os.environ["WOTRUS_BASE_URL"],
        "ca_file": os.environ["WOTRUS_CA_FILE"], "backend": way, "timeout": 60,
    }
    if way == "ffi":
        options["library"] = os.environ["WOTRUS_TEST_LIBRARY"]
    os.environ["WOTRUS_TEST_OPTIONS"] = json.dumps(options)
    orders = make_orders(20)
    pool = "php_admin_value[ffi.enable] = 1" if way == "ffi" else ""
    flags = ["-d", f"extension={extra}"] if way == "extension" else []
    servers = Servers(fpm, os.path.join(HERE, "page.php"), pool, flags)
    try:
        run(servers, orders, way)
    except BaseException:
        print(servers.log("fpm.log"), servers.log("php.log")[-2000:], servers.log("nginx.log")[-2000:], file=sys.stderr)
        raise
    finally:
        servers.stop()


def run(servers, orders, way):
    before = servers.workers()
    # The memory that a worker takes for its first requests is not growth.
    load(servers, orders, way, 600)
    start = settled(servers, orders, way)
    answered = load(servers, orders, way, REQUESTS)
    growth = settled(servers, orders, way) - start
    print(f"{way}: {REQUESTS} requests, every body as expected; PSS of {WORKERS} workers "
          f"{start / 1e6:.1f} MB, grown by {growth / 1024:.0f} KiB")
    assert set(answered) == set(before) == set(servers.workers()), "a worker did not answer, or was lost"
    assert growth < GROWTH, "the workers' memory grows"

    for kind, times in {"memory": 80, "exit": 80, "exception": 80, "time": 8}.items():
        fatal_everywhere(servers, orders, kind)
        start = settled(servers, orders, way)
        fatal(servers, orders, kind, times)
        growth = settled(servers, orders, way) - start
        print(f"{way}: fatal {kind}, {times} times with 51 clients: grown by {growth / 1024:.0f} KiB")
        assert growth < GROWTH, f"fatal {kind} leaks"
    assert set(before) == set(servers.workers()), "a worker was lost"

    answered = load(servers, orders, way, REQUESTS, servers.reload)
    now = servers.workers()
    assert len(now) == WORKERS and not set(now) & set(before), "the reload did not happen"
    assert set(answered) & set(now), "no new worker answered"
    print(f"{way}: a reload during {REQUESTS} requests lost none")
    assert not servers.killed(), servers.killed()


main(*sys.argv[1:])
