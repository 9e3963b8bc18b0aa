"""Executes bindings/scenario; its README describes the steps and what is printed."""
import json
import os
import re
import sys
import threading
import time

import wotrus


def main():
    with open(os.environ["WOTRUS_SCENARIO"], encoding="utf-8") as file:
        scenario = json.load(file)
    texts = dict(scenario["texts"])
    with connect(scenario["options"]) as client:
        results = [Step(step, scenario["options"], client, texts).run() for step in scenario["steps"]]
    json.dump(results, sys.stdout)


def connect(options):
    """A client; the options have the names of the library, which need not be parameters of the class."""
    options = dict(options)
    return wotrus.Client(token=options.pop("token"), options=options)


class Step:
    def __init__(self, step, options, client, texts):
        self.name = step["name"]
        self.step = replaced(step, texts)
        self.options = options
        self.client = client
        self.texts = texts

    def run(self):
        if self.step["do"] == "abi":
            wotrus.load_library()
            return {"name": self.name, "abi": True}
        if self.step["do"] == "concurrent_orders":
            return {"name": self.name, "kinds": self.concurrent_orders()}
        events = []
        try:
            result = self.success(self.call(events))
        except wotrus.WotrusError as error:
            result = failure(error)
        if self.step.get("events"):
            result["events"] = [event for event in events if event != "uploading"]
        return {"name": self.name, **result}

    def call(self, events):
        client = self.client
        if "client" in self.step:
            client = connect({**self.options, **self.step["client"]})
        if self.step["do"] == "check":
            return None
        if self.step["do"] == "read_push":
            return wotrus.read_push(self.step["body"].encode())
        options = dict(self.step.get("with", {}))
        if "cancel_after_ms" in self.step:
            options["cancel"] = "own"

        def on_event(event):
            events.append(event["event"])
            if event["event"] == self.step.get("stop_at"):
                raise RuntimeError("stopped")

        client = client.with_options(on_event=on_event, **options)
        if "cancel_after_ms" in self.step:
            threading.Timer(self.step["cancel_after_ms"] / 1000, client.cancel).start()
        return self.perform(client)

    def perform(self, client):
        step, do = self.step, self.step["do"]
        if do == "create_order":
            return client.create_order(self.order(step["fields"]))
        if do == "reissue_certificate":
            proof = document(step["proof"]) if "proof" in step else None
            return client.reissue_certificate(wotrus.Reissue(proof, **step["fields"]))
        if do == "cancel_order":
            return client.cancel_order(step["order_id"], step["reason"])
        if do == "revoke_certificate":
            return client.revoke_certificate(step["order_id"], step["reason"], document(step["proof"]))
        if do == "notify_by_email":
            return client.notify_by_email(step["order_id"], step["collect_url"])
        if do == "wait_for_certificate":
            return client.wait_for_certificate(step["order_id"], step["timeout_ms"] / 1000)
        if do == "call":
            return client.call(step["operation"], step["json"] or None)
        return getattr(client, do)(step["order_id"])

    def order(self, fields):
        order = wotrus.Order(**fields)
        for item in self.step.get("documents", []):
            order.add_document(item["documentType"], document(item))
        return order

    def concurrent_orders(self):
        kinds = [None] * self.step["orders"]
        clients, threads = [], []
        for index in range(len(kinds)):
            number = {"NUMBER": str(index + 1)}
            clients.append(self.client.with_options(cancel="own", **replaced(self.step["with"], number)))
            threads.append(threading.Thread(target=self.one_order, args=(clients[index], number, kinds, index)))
        for thread in threads:
            thread.start()
        time.sleep(self.step["cancel_after_ms"] / 1000)
        clients[self.step["cancel"] - 1].cancel()
        for thread in threads:
            thread.join()
        return kinds

    def one_order(self, client, number, kinds, index):
        try:
            client.create_order(self.order(replaced(self.step["fields"], number)))
            kinds[index] = "ok"
        except wotrus.WotrusError as error:
            kinds[index] = error.kind

    def success(self, reply):
        if reply is None:
            return {"kind": "ok"}
        if "save" in self.step:
            self.texts[self.step["save"]] = reply.order_id
        result = {
            "kind": "ok", "http_status": reply.http_status, "request_id": reply.request_id,
            "idempotence_id": reply.idempotence_id, "attempts": reply.attempts,
        }
        if "show" in self.step:
            result["shown"] = {item: shown(reply, *item.split(":"), texts=self.texts) for item in self.step["show"]}
        return result


def shown(reply, what, *arguments, texts):
    if what == "order_id":
        return reply.order_id
    if what == "get":
        return reply.get(arguments[0])
    if what == "warning":
        return dict(enumerate(reply.warnings)).get(int(arguments[0]))
    if what == "json":
        return json.dumps(reply.json(), separators=(",", ":"), ensure_ascii=False)
    if what == "body":
        return reply.body().decode()
    if what == "chain_status":
        return reply.chain_status(*arguments)
    if what == "matches_csr":
        return reply.matches_csr(texts[arguments[1]], arguments[0])
    if what == "chain":
        pem = dict(enumerate(reply.chain(arguments[0]))).get(int(arguments[1]))
    else:
        pem = getattr(reply, what)(*arguments)
    return None if pem is None else pem.count("BEGIN CERTIFICATE")


def failure(error):
    names = ("kind", "cause", "delivery", "message", "http_status", "request_id", "idempotence_id", "attempts", "field",
             "service_message")
    result = {name: getattr(error, name) for name in names}
    result["retry_after_ms"] = None if error.retry_after is None else round(error.retry_after * 1000)
    return result


def document(item):
    if "path" in item:
        return wotrus.Document(item["path"])
    return wotrus.Document(bytes=item["bytes"].encode(), file_type=item["fileType"])


def replaced(value, texts):
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: texts.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [replaced(item, texts) for item in value]
    if isinstance(value, dict):
        return {name: replaced(item, texts) for name, item in value.items()}
    return value


if __name__ == "__main__":
    main()
