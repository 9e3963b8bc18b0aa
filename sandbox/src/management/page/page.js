"use strict";
// Shows the records of the management API, refreshed once a second. Each button sends a request to the API.

const CHINESE = {
  "WoTrus sandbox": "沃通沙箱", "Pushes to": "推送地址", "Clock": "时钟", "+1 hour": "+1 小时", "+1 day": "+1 天",
  "+30 days": "+30 天", "Reset": "重置", "Orders": "订单", "Created": "创建时间", "Order": "订单", "Status": "状态",
  "Actions": "操作", "No orders yet.": "暂无订单。", "Pushes": "推送", "Kind": "类型", "Copies": "份数",
  "Send": "发送", "No.": "编号", "Body": "内容", "Attempts": "发送记录", "No pushes yet.": "暂无推送。",
  "Faults": "故障", "Fault": "故障", "Arm": "启用", "Disarm all": "全部停用", "Hits": "触发次数",
  "No fault is armed.": "未启用故障。", "Requests": "请求", "Request": "请求", "Response": "响应",
  "No requests yet.": "暂无请求。", "Policies": "策略", "Policy": "策略", "Value": "取值", "Section": "文档章节",
  "Meaning": "含义", "approve": "审核通过", "reject": "拒绝", "validate": "域名验证通过", "issue": "立即签发",
  "approve_revocation": "吊销审核通过", "deny_revocation": "驳回吊销", "push again": "再次推送", "disarm": "停用",
  "waiting": "等待中", "sending": "发送中", "delivered": "已送达", "given_up": "已放弃", "spent": "次数已用完",
  "token wrong": "token 错误", "token absent": "缺少 token", "none": "无", "no response": "无响应", "until": "至",
  "Remove all orders, pushes and requests?": "删除所有订单、推送和请求记录？",
  "The sandbox does not respond.": "沙箱无响应。",
  "What the document leaves open. A change applies to later requests, until the sandbox ends.":
    "文档未明确的行为。修改后对之后的请求生效，沙箱退出后失效。",
  "pendingAutoIssue": "待自动签发（pendingAutoIssue）", "pending": "待审核（pending）",
  "pendingSubmitOrderToCA": "沃通审核中（pendingSubmitOrderToCA）", "pendingDCV": "待域名验证（pendingDCV）",
  "pendingCAIssued": "待 CA 签发（pendingCAIssued）", "issued": "已签发（issued）",
  "pendingRevoke": "吊销审核中（pendingRevoke）", "revoked": "已吊销（revoked）",
  "rejected": "已拒绝（rejected）", "closed": "已关闭（closed）",
};
// The first of the browser's languages that the page speaks; English if there is none.
const chinese = (navigator.languages.find((language) => /^(zh|en)\b/i.test(language)) ?? "en").toLowerCase().startsWith("zh");
const t = (text) => (chinese && CHINESE[text]) || text;
const by = (id) => document.getElementById(id);

/** Creates an element with properties and children, which are texts or elements. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Calls the API. An error is shown and thrown. */
async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch("/api/" + path, options);
  } catch {
    throw showError(t("The sandbox does not respond."));
  }
  const json = await answer.json();
  if (!answer.ok) throw showError(json.error?.message ?? json.errorMsg ?? answer.statusText);
  return json;
}

function showError(message) {
  by("error").textContent = message;
  by("error").hidden = false;
  return new Error(message);
}

/** Sends a request of a button, and shows its effect at once. */
async function act(method, path, body) {
  by("error").hidden = true;
  try {
    await call(method, path, body);
    await refresh();
  } catch {
    // call() has shown the error.
  }
}

function button(name, press) {
  const made = element("button", { type: "button" }, t(name));
  made.dataset.action = name;
  made.addEventListener("click", async () => {
    made.disabled = true;
    await press();
    made.disabled = false;
  });
  return made;
}

const chip = (text, kind) => element("span", { className: "chip " + kind }, t(text));
const time = (text) => text.slice(0, 19).replace("T", " ");
const kindOf = (status) =>
  ["issued"].includes(status) ? "good" : ["revoked", "rejected", "closed"].includes(status) ? "bad" : "";

/** Updates the rows of a table. A row whose record has not changed is kept, with what the user opened in it. */
function show(table, records, total, keyOf, cells) {
  const body = by(table).tBodies[0];
  const labels = [...by(table).tHead.rows[0].cells].map((cell) => cell.textContent);
  const old = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  const rows = records.map((record) => {
    const key = String(keyOf(record));
    const json = JSON.stringify(record);
    const known = old.get(key);
    if (known?.dataset.record === json) return known;
    const row = element("tr", {});
    Object.assign(row.dataset, { key, record: json });
    const open = known?.querySelector("details")?.open;
    cells(record).forEach((cell, index) => {
      const inner = element("div", {}, ...(Array.isArray(cell) ? cell : [cell]));
      const made = element("td", {}, inner);
      made.dataset.label = labels[index];
      if (!inner.hasChildNodes()) made.classList.add("none");
      row.append(made);
    });
    if (open) row.querySelector("details").open = true;
    return row;
  });
  if (rows.length !== body.rows.length || rows.some((row, index) => body.rows[index] !== row)) {
    body.replaceChildren(...rows);
  }
  if (by(table + "-count")) by(table + "-count").textContent = total || "";
  if (by(table + "-empty")) by(table + "-empty").hidden = rows.length > 0;
}

const more = (summary, value) =>
  element("details", {}, element("summary", {}, summary),
    element("pre", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)));

function orderCells(order) {
  const { certificate, actions, ...plain } = order;
  const path = "orders/" + encodeURIComponent(order.order_id);
  const buttons = actions.map((action) => button(action, () => act("POST", path + "/" + action)));
  if (status.push_url) {
    buttons.push(button("push again", () => act("POST", "pushes", { order_id: order.order_id })));
  }
  const summary = element("span", {}, order.common_name, element("br", {}),
    element("code", {}, order.order_id), element("br", {}), order.product);
  const details = JSON.stringify({ ...plain, certificate: certificate && { ...certificate, pem: undefined } }, null, 2);
  return [
    element("span", { className: "when" }, time(order.created)),
    more(summary, certificate ? details + "\n" + certificate.pem : details),
    [chip(order.status, kindOf(order.status)),
      order.due && element("div", { className: "when" }, t("until") + " " + time(order.due))],
    element("div", { className: "buttons" }, ...buttons),
  ];
}

function pushCells(push) {
  const kind = { delivered: "good", given_up: "bad" }[push.state] ?? "";
  return [
    String(push.push_id),
    element("code", {}, push.body),
    [chip(push.state, kind),
      push.due && element("div", { className: "when" }, t("until") + " " + time(push.due))],
    push.attempts.map((attempt) =>
      element("div", {}, time(attempt.at) + " " + (attempt.status ?? attempt.error ?? "…"))),
  ];
}

const faultCells = (fault) => [
  String(fault.fault_id),
  element("code", {}, fault.spec),
  [String(fault.struck), " ", fault.spent ? chip("spent", "") : null],
  element("div", { className: "buttons" }, button("disarm", () => act("DELETE", "faults/" + fault.fault_id))),
];

function requestCells(entry) {
  const line = element("code", {}, entry.method + " " + entry.path);
  const good = entry.status !== null && entry.status < 400;
  return [
    String(entry.number),
    entry.body === null ? line : more(line, entry.body),
    [chip(entry.status === null ? "no response" : String(entry.status), good ? "good" : "bad"), " ",
      entry.token === "right" ? null : chip("token " + entry.token, "bad"), " ",
      entry.fault === null ? null : element("code", {}, entry.fault)],
    entry.request_id === null ? [] : element("code", {}, entry.request_id),
  ];
}

function policyCells(policy) {
  const choice = element("select", {}, ...policy.values.map((value) => element("option", { value }, value)));
  choice.value = policy.value;
  choice.name = policy.name;
  choice.addEventListener("change", () => act("POST", "policies", { name: policy.name, value: choice.value }));
  return [element("code", {}, policy.name), choice, policy.section,
    chinese ? policy.meaning_zh : policy.meaning];
}

let status = {};

async function refresh() {
  const [now, orders, pushes, faults, journal, policies] = await Promise.all(
    ["status", "orders", "pushes", "faults", "journal?limit=50", "policies"].map((path) => call("GET", path)));
  status = now;
  by("http-url").textContent = now.http_url;
  by("https-url").textContent = now.https_url;
  by("push-url").textContent = now.push_url ?? t("none");
  by("push").hidden = !now.push_url;
  by("now").textContent = time(now.now);
  by("ahead").textContent = now.ahead ? "(+" + Math.round(now.ahead) + " s)" : "";
  show("orders", orders.orders, orders.total, (order) => order.order_id, orderCells);
  show("pushes", pushes.pushes, pushes.total, (push) => push.push_id, pushCells);
  show("faults", faults.faults, faults.faults.length, (fault) => fault.fault_id, faultCells);
  show("journal", journal.journal, journal.total, (entry) => entry.number, requestCells);
  show("policies", policies.policies, 0, (policy) => policy.name, policyCells);
}

function translate() {
  if (!chinese) return;
  document.documentElement.lang = "zh-CN";
  document.title = t("WoTrus sandbox");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    if (text) walk.currentNode.data = walk.currentNode.data.replace(text, t(text));
  }
}

function listen() {
  for (const forward of document.querySelectorAll("[data-forward]")) {
    forward.addEventListener("click", () => act("POST", "clock", { forward: Number(forward.dataset.forward) }));
  }
  by("reset").addEventListener("click", () => {
    if (confirm(t("Remove all orders, pushes and requests?"))) act("POST", "reset");
  });
  by("disarm-all").addEventListener("click", () => act("DELETE", "faults"));
  by("fault").addEventListener("submit", (event) => {
    event.preventDefault();
    act("POST", "faults", { spec: new FormData(event.target).get("spec") });
  });
  by("push").addEventListener("submit", (event) => {
    event.preventDefault();
    const { data_action, copies } = Object.fromEntries(new FormData(event.target));
    act("POST", "pushes", { data_action, copies: Number(copies) });
  });
}

async function loop() {
  try {
    if (!document.hidden) {
      await refresh();
      if (by("error").textContent === t("The sandbox does not respond.")) by("error").hidden = true;
    }
  } catch {
    // call() has shown the error.
  }
  setTimeout(loop, 1000);
}

translate();
listen();
loop();
