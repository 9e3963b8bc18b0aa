"""load.py WAY FPM [EXTENSION | SCAN]: real nginx and php-fpm with 8 workers, and the library in them
by one way: extension, scope (SCAN is a folder with the recipe's ini) or ffi.

Every body is checked by its own id; no worker may be lost to a signal; the workers' memory may not
grow. The sandbox is told of by packaging/with-sandbox.
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
    """The answer with its body, over a connection that each thread keeps."""
    path = "/?" + urllib.parse.urlencode(query)
    connection = getattr(connections, "open", None)
    if connection is None or connection.port != port:
        connection = connections.open = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer, answer.read().decode(errors="replace")


def one(servers, orders, way):
    """One request; returns its worker, or says what is wrong with its body."""
    with ids_lock:
        number = next(ids)
    unknown = number % 10 == 0
    order, name = ("no-such-order", "") if unknown else orders[number % len(orders)]
    answer, body = get(servers.port, id=number, order=order)
    try:
        said = json.loads(body)
        wanted = {"id": str(number), "way": way, "request_id": f"load-{number}"}
        wanted.update({"kind": "refused"} if unknown else {"order": order, "org": name})
        wrong = {key: said.get(key) for key in wanted if said.get(key) != wanted[key]}
        assert answer.status == 200 and not wrong
    except (ValueError, AssertionError):
        raise SystemExit(f"request {number} of order {order}: HTTP {answer.status}: {body[:500]}") from None
    return said["pid"]


def load(servers, orders, way, requests, halfway=lambda: None):
    """Makes that many requests; returns how many each worker answered."""
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
    """Pages that end badly, and as they should; returns the workers that had them."""
    def end(number):
        answer, body = get(servers.port, id=number, order=orders[0][0], fatal=kind)
        wanted = (200, "exit") if kind == "exit" else (500, "")
        assert (answer.status, body) == wanted, f"fatal {kind}: HTTP {answer.status}: {body[:500]}"
        return int(answer.getheader("X-Worker"))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return set(pool.map(end, range(times)))


def fatal_everywhere(servers, orders, kind):
    """Each worker has ended badly once: what that does to PHP's own heap is no growth."""
    had = set()
    for _ in range(50):
        had |= fatal(servers, orders, kind, WORKERS)
        if had == set(servers.workers()):
            return
    raise SystemExit(f"some workers get no requests: {had}")


def settled(servers, orders, way):
    """The workers' memory, when each has had good requests, which bring PHP's own heap back to size."""
    served = collections.Counter()
    for _ in range(20):
        served += load(servers, orders, way, 100)
        if all(served[pid] >= 8 for pid in servers.workers()):
            return servers.memory()
    raise SystemExit(f"some workers get no requests: {served}")


def make_orders(count):
    """Orders to ask for, each of an organisation of its own; made by the command."""
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
    servers = Servers(fpm, os.path.join(HERE, "page.php"), pool, flags, extra if way == "scope" else None)
    try:
        run(servers, orders, way)
    except BaseException:
        print(servers.log("fpm.log"), servers.log("php.log")[-2000:], servers.log("nginx.log")[-2000:], file=sys.stderr)
        raise
    finally:
        servers.stop()


def run(servers, orders, way):
    before = servers.workers()
    # What a worker takes for its first requests is no growth.
    load(servers, orders, way, 600)
    start = settled(servers, orders, way)
    answered = load(servers, orders, way, REQUESTS)
    growth = settled(servers, orders, way) - start
    print(f"{way}: {REQUESTS} requests, every body its own; PSS of {WORKERS} workers "
          f"{start / 1e6:.1f} MB, grown by {growth / 1024:.0f} KiB")
    assert set(answered) == set(before) == set(servers.workers()), "not all workers answered, or one was lost"
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
    assert len(now) == WORKERS and not set(now) & set(before), "no reload has been"
    assert set(answered) & set(now), "no new worker answered"
    print(f"{way}: a reload amid {REQUESTS} requests lost none")
    assert not servers.killed(), servers.killed()


main(*sys.argv[1:])
