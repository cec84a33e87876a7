// The graph in the browser. Every change is an address: the server says which nodes it has and where they stand,
// this file draws them, keeps the undo stack (the history) and the pins (after # in the address).
// Texts reach the page through textContent only.
"use strict";
(() => {
  const frame = document.querySelector(".graph-frame");
  const tools = document.querySelector(".graph-tools");
  const box = document.getElementById("graph");
  if (!frame || !window.vis) return;
  frame.hidden = tools.hidden = false;
  const aside = document.getElementById("graph-selected");
  const status = tools.querySelector(".graph-status");
  const button = (name) => tools.querySelector(`[data-do="${name}"]`);
  const nodes = new vis.DataSet(), edges = new vis.DataSet();
  let data = read(document), chosen = null, network = null;
  const pins = readPins();

  function read(page) { return JSON.parse(page.getElementById("graph-data").textContent); }
  function readPins() {
    const told = new URLSearchParams(location.hash.slice(1)).getAll("ghim");
    const found = new Map();
    for (const text of told) {
      const at = text.lastIndexOf("@"), [x, y] = text.slice(at + 1).split(",").map(Number);
      if (at > 0 && Number.isFinite(x) && Number.isFinite(y)) found.set(text.slice(0, at), { x, y });
    }
    return found;
  }
  function pinText() {
    const told = new URLSearchParams();
    for (const [id, at] of pins) told.append("ghim", `${id}@${Math.round(at.x)},${Math.round(at.y)}`);
    return pins.size ? `#${told}` : "";
  }
  function keepPins() { history.replaceState(history.state, "", location.pathname + location.search + pinText()); }

  function placed(node) {
    const pin = pins.get(node.id);
    return pin ? { ...node, ...pin, borderWidth: 4 } : node;
  }
  function fill() {
    const wanted = new Set(data.nodes.map((node) => node.id));
    nodes.remove(nodes.getIds().filter((id) => !wanted.has(id)));
    nodes.update(data.nodes.map(placed));
    const tied = new Set(data.edges.map((edge) => edge.id));
    edges.remove(edges.getIds().filter((id) => !tied.has(id)));
    edges.update(data.edges);
    document.documentElement.dataset.graphNodes = data.nodes.length;
  }
  function bands(pen) {
    if (!data.nodes.length) return;
    const ys = data.nodes.map((node) => node.y), top = Math.min(...ys) - 80, low = Math.max(...ys) + 90;
    data.columns.forEach((column, index) => {
      pen.fillStyle = index % 2 ? "#ffffff" : "#f4f7fa";
      pen.fillRect(column.left, top - 34, column.right - column.left, low - top + 34);
      pen.fillStyle = "#14304f";
      pen.font = "600 16px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(column.label, (column.left + column.right) / 2, top - 14, column.right - column.left - 10);
    });
  }
  function fit(animation, everything) {
    // The library's own fit knows nothing of labels and column heads; below a readable scale the start is shown,
    // unless somebody asks for everything.
    const left = data.columns[0].left, right = data.columns.at(-1).right;
    const ys = data.nodes.map((node) => node.y), top = Math.min(...ys) - 120, low = Math.max(...ys) + 95;
    const wide = box.clientWidth, high = box.clientHeight;
    const whole = Math.min(wide / (right - left), high / (low - top));
    const scale = Math.min(1.15, Math.max(whole, everything ? 0.3 : wide < 500 ? 0.6 : 0.7));
    const at = nodes.get(chosen || data.starts[0]);
    const within = (from, to, room, here) => {
      const half = room / scale / 2;
      return to - from <= 2 * half ? (from + to) / 2 : Math.min(Math.max(here, from + half), to - half);
    };
    const position = { x: within(left, right, wide, at ? at.x : left), y: within(top, low, high, at ? at.y : top) };
    network.moveTo({ position, scale, animation: animation && calm() ? { duration: 300 } : false });
  }
  function calm() { return !matchMedia("(prefers-reduced-motion: reduce)").matches; }

  function select(id, move) {
    chosen = id && nodes.get(id) ? id : null;
    network.selectNodes(chosen ? [chosen] : []);
    if (chosen && move) network.moveTo({ position: network.getPosition(chosen), animation: calm() ? { duration: 200 } : false });
    for (const row of document.querySelectorAll(".graph-table tr[data-node]")) row.classList.toggle("chosen", row.dataset.node === chosen);
    button("pin").disabled = !chosen;
    button("pin").setAttribute("aria-pressed", String(pins.has(chosen)));
    panel();
  }
  function element(name, text, more) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    return Object.assign(made, more || {});
  }
  function panel() {
    const node = chosen && data.nodes.find((one) => one.id === chosen);
    aside.replaceChildren();
    if (!node) { aside.append(element("p", aside.dataset.empty)); return; }
    aside.append(element("h2", node.name));
    if (node.about) aside.append(element("p", node.about));
    const by = [node.issuer, node.date ? node.date.split("-").reverse().join("/") : "", node.held ? "" : aside.dataset.stub].filter(Boolean);
    if (by.length) aside.append(element("p", by.join(" · ")));
    if (node.url) { const p = element("p"); p.append(element("a", aside.dataset.page, { href: node.url })); aside.append(p); }
    const list = element("ul");
    for (const step of node.steps) {
      const item = element("li"), text = node.group_of ? step.label : `${step.label} (${step.count})`;
      if (step.opened) item.textContent = `${text}, ${aside.dataset.opened}`;
      else { const link = element("a", text, { href: step.href }); link.dataset.graph = ""; link.dataset.of = node.id; item.append(link); }
      list.append(item);
    }
    aside.append(list);
  }

  async function go(href, { push = true, replace = false, anchor = null } = {}) {
    status.textContent = status.dataset.busy;
    try {
      const answer = await fetch(href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("graph-data")) throw new Error(String(answer.status));
      const before = anchor && nodes.get(anchor) ? network.getPosition(anchor) : null;
      data = read(page);
      document.getElementById("graph-state").replaceWith(document.adoptNode(page.getElementById("graph-state")));
      fill();
      if (push) history.pushState({ depth: depth() + 1 }, "", href.split("#")[0] + pinText());
      else if (replace) history.replaceState(history.state, "", href.split("#")[0] + pinText());
      button("undo").disabled = depth() === 0;
      if (data.nodes.length <= 60 || !before || !nodes.get(anchor)) fit(true);
      else {
        const after = network.getPosition(anchor), view = network.getViewPosition();
        network.moveTo({ position: { x: view.x + after.x - before.x, y: view.y + after.y - before.y } });
      }
      select(chosen && nodes.get(chosen) ? chosen : anchor);
      status.textContent = document.querySelector(".graph-table caption").textContent;
    } catch (error) { status.textContent = status.dataset.failed; }
  }
  function depth() { return (history.state && history.state.depth) || 0; }
  async function open(id) {
    // A step whose documents all stand there already brings only lines: then the next one is opened with it.
    const before = data.nodes.length;
    for (let turn = 0; turn < 8; turn += 1) {
      const node = data.nodes.find((one) => one.id === id);
      const closed = node ? node.steps.filter((step) => !step.opened) : [];
      const first = closed.find((step) => step.rel === "in.implements") || closed.find((step) => step.rel === "in.follows") || closed[0];
      if (!first) { if (!turn) status.textContent = status.dataset.nothing; return; }
      await go(first.href, { push: !turn, replace: !!turn, anchor: node.group_of ? null : id });
      if (data.nodes.length !== before || document.querySelector("#graph-state [role=alert]")) return;
    }
  }
  function undo() { if (depth()) history.back(); }
  function pin() {
    if (!chosen) return;
    if (pins.delete(chosen)) nodes.update({ ...data.nodes.find((one) => one.id === chosen) });
    else { pins.set(chosen, network.getPosition(chosen)); nodes.update({ id: chosen, borderWidth: 4 }); }
    keepPins();
    select(chosen);
  }
  function picture() {
    const scale = network.getScale(), view = network.getViewPosition();
    const all = { left: data.columns[0].left, right: data.columns.at(-1).right };
    const ys = data.nodes.map((node) => node.y), top = Math.min(...ys) - 120, low = Math.max(...ys) + 95;
    network.moveTo({ position: { x: (all.left + all.right) / 2, y: (top + low) / 2 },
      scale: Math.min(1.5, box.clientWidth / (all.right - all.left), box.clientHeight / (low - top)) });
    network.redraw();
    const drawn = box.querySelector("canvas"), sheet = element("canvas", "", { width: drawn.width, height: drawn.height });
    const pen = sheet.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(drawn, 0, 0);
    network.moveTo({ position: view, scale });
    sheet.toBlob((blob) => {
      const link = element("a", "", { href: URL.createObjectURL(blob), download: "so-do-van-ban.png" });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }, "image/png");
  }
  function step(key) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    const all = network.getPositions(), from = chosen ? all[chosen] : null;
    if (!from) { select(data.starts[0] || data.nodes[0].id, true); return; }
    let best = null, least = Infinity;
    for (const [id, at] of Object.entries(all)) {
      const along = (at.x - from.x) * dx + (at.y - from.y) * dy, across = Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx);
      if (id !== chosen && along > 5 && along + 2 * across < least) { least = along + 2 * across; best = id; }
    }
    if (best) select(best, true);
  }

  fill();
  const options = structuredClone(data.options);
  network = new vis.Network(box, { nodes, edges }, options);
  network.on("beforeDrawing", bands);
  network.on("click", (event) => select(event.nodes[0] || null));
  network.on("doubleClick", (event) => { if (event.nodes.length) open(event.nodes[0]); });
  network.on("dragEnd", (event) => {
    if (event.nodes.length && pins.has(event.nodes[0])) { pins.set(event.nodes[0], network.getPosition(event.nodes[0])); keepPins(); }
  });
  fit(false);
  select(data.starts[0]);
  if (history.state === null) history.replaceState({ depth: 0 }, "");
  button("undo").disabled = depth() === 0;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-graph]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.getAttribute("href"), { anchor: link.dataset.of || null });
  });
  tools.addEventListener("click", async (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.do === "undo") undo();
    if (pressed.dataset.do === "fit") fit(true, true);
    if (pressed.dataset.do === "pin") pin();
    if (pressed.dataset.do === "png") picture();
    if (pressed.dataset.do === "share") { await navigator.clipboard.writeText(location.href); status.textContent = pressed.dataset.other; }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) { event.preventDefault(); step(event.key); }
    else if (event.key === "Enter" && chosen) { event.preventDefault(); open(chosen); }
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); undo(); }
  });
  addEventListener("popstate", () => {
    pins.clear();
    for (const [id, at] of readPins()) pins.set(id, at);
    go(location.pathname + location.search, { push: false, anchor: chosen });
  });
  window.vanbanGraph = { network, nodes, edges, select, open };
})();
