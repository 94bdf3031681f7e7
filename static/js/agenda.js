// The editor of the programme: drag, resize and keys. All of it sends the same forms that the buttons send;
// the answer is the whole page, of which the editor is put in the old one's place.

const editor = () => document.getElementById("editor");
const ROW = 5; // minutes
const EDGE = 60; // where a drag scrolls the window, in pixels
let waiting = Promise.resolve();
let drag = null;

// ---------- sending ----------

// One after the other: each step needs the marks that came with the answer to the one before.
function send(action, fields) {
  waiting = waiting.then(async () => {
    const before = editor();
    before.setAttribute("aria-busy", "true");
    const body = new URLSearchParams(typeof fields === "function" ? fields() : fields);
    body.set("csrf_token", before.querySelector("[name=csrf_token]").value);
    try {
      await show(await fetch(action, { method: "POST", body }));
    } catch {
      before.removeAttribute("aria-busy");
      say(before.dataset.failed, true);
      settle();
    }
  });
  return waiting;
}

async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("editor");
  if (!fresh) { // the session is over, or nothing can be written just now
    if (!answer.redirected) throw new Error(answer.status);
    location.assign(answer.url);
    return;
  }
  const held = hold();
  editor().replaceWith(document.adoptNode(fresh));
  for (const old of document.querySelectorAll(".flashes")) old.remove();
  const [head, headNow] = [document, page].map((d) => d.getElementById("page-head"));
  if (head && headNow) head.replaceWith(document.adoptNode(headNow));
  if (answer.redirected) history.replaceState(null, "", answer.url);
  const said = page.querySelector("#editor > .notice, .flashes .notice");
  enliven();
  release(held, answer.url);
  say(said ? said.querySelector(".notice-text").textContent.trim() : "");
}

// What the reader was at: the focus, what was open, how far the board was scrolled.
function hold() {
  const at = document.activeElement;
  return {
    id: at?.id || at?.closest("[data-item]")?.id,
    form: at?.closest("form")?.id,
    chosen: at?.closest("[data-item], #panel") && document.querySelector(".slot-chosen")?.id,
    more: document.querySelector(".panel-more")?.open,
    left: document.querySelector(".board")?.scrollLeft ?? 0,
  };
}

function release(held, url) {
  const more = document.querySelector(".panel-more");
  if (more) more.open = Boolean(held.more);
  document.querySelector(".board").scrollLeft = held.left;
  if (document.querySelector("#error-summary")) { document.getElementById("error-summary").focus(); return; }
  if (held.form === "quick") { document.querySelector("#quick [name=title]").focus(); return; }
  const item = new URL(url).searchParams.get("item");
  const target = held.id && document.getElementById(held.id)?.hasAttribute("disabled") === false && document.getElementById(held.id);
  const link = (target || document.getElementById(`item-${item}`));
  const left = held.chosen && (document.getElementById(held.chosen) || document.getElementById("undo")); // closed, or taken out
  const next = link || left;
  (next?.matches?.("li") ? next.querySelector("a") : next)?.focus?.({ preventScroll: true });
}

// Spoken for those who don't see the board; what went wrong is shown to all.
function say(words, wrong = false) {
  const status = document.getElementById("editor-status");
  if (!status) return;
  status.textContent = words;
  status.className = wrong ? "editor-failed" : "visually-hidden";
}

// ---------- the items ----------

const stepOf = (slot) => `${location.pathname.replace(/\/$/, "")}/items/${slot.dataset.item}/step`;

// The fields are read when it is their turn, so that several quick steps follow each other.
function step(slot, fields) {
  const id = slot.id;
  return send(stepOf(slot), () => {
    const now = document.getElementById(id);
    return { ...fields, seen: now ? now.dataset.mark : "" };
  });
}

function choose(link) {
  waiting = waiting.then(async () => {
    const url = link.href;
    try {
      const answer = await fetch(url);
      history.replaceState(null, "", url);
      await show(answer);
    } catch { location.assign(url); } // as the link would; the steps after it must not hang on it
  });
}

function enliven() {
  document.querySelector(".board")?.classList.add("is-live");
  for (const slot of document.querySelectorAll(".slot")) {
    const grip = document.createElement("span");
    grip.className = "slot-grip";
    slot.append(grip);
  }
}

// ---------- drag and resize ----------

const wide = () => getComputedStyle(document.querySelector(".board-grid")).display === "grid";
const clock = (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const part = (slot, name) => Number([...slot.classList].find((c) => new RegExp(`^${name}-\\d+$`).test(c)).slice(name.length + 1));

function begin(event) {
  const slot = event.target.closest(".slot");
  if (!slot || event.button !== 0 || !wide()) return;
  const box = slot.getBoundingClientRect();
  drag = {
    slot, x: event.pageX, y: event.pageY, moved: false, resize: event.target.matches(".slot-grip"),
    from: part(slot, "from"), rows: part(slot, "rows"), left: box.left + box.width / 2,
    height: document.querySelector(".board-hour").getBoundingClientRect().height / 12,
    rooms: [...document.querySelectorAll(".board-room")].map((el) => ({ el, box: el.getBoundingClientRect() })),
  };
}

function move(event) {
  if (!drag) return;
  const [dx, dy] = [event.pageX - drag.x, event.pageY - drag.y];
  if (!drag.moved && Math.hypot(dx, dy) < 5) return;
  if (!drag.moved) {
    drag.moved = true;
    drag.slot.setPointerCapture(event.pointerId);
    drag.slot.classList.add("is-dragged");
    drag.slot.dataset.words = [...drag.slot.querySelectorAll("time")].map((el) => el.textContent).join(" ");
  }
  const edge = event.clientY < EDGE ? -1 : event.clientY > innerHeight - EDGE ? 1 : 0;
  if (edge) scrollBy(0, edge * EDGE / 4);
  const steps = Math.round(dy / drag.height);
  const { slot } = drag;
  if (drag.resize) {
    drag.now = Math.max(1, drag.rows + steps);
    slot.style.gridRowEnd = `span ${drag.now}`;
    slot.querySelector(".slot-end time").textContent = clock(Number(slot.dataset.minute) + drag.now * ROW);
    return;
  }
  drag.steps = Math.max(2 - drag.from, steps);
  slot.style.gridRowStart = drag.from + drag.steps;
  slot.querySelector("time").textContent = clock(Number(slot.dataset.minute) + drag.steps * ROW);
  const over = drag.rooms.find(({ box }) => event.clientX >= box.left && event.clientX < box.right);
  const sideways = Math.abs(dx) > 30;
  drag.room = sideways && over ? over.el : null;
  slot.style.gridColumn = drag.room ? `${part(drag.room, "col")} / span 1` : "";
  drag.day?.classList.remove("is-target");
  drag.day = dayUnder(event);
  drag.day?.classList.add("is-target");
}

function dayUnder(event) {
  if (!drag.slot.hasPointerCapture(event.pointerId)) return null;
  for (const tab of document.querySelectorAll("#editor > .filters a")) {
    const box = tab.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (inside) return tab;
  }
  return null;
}

function drop() {
  if (!drag) return;
  const { slot, moved, resize, now, steps, room, day, rows } = drag;
  if (!moved) { drag = null; return; }
  document.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, { capture: true }), 0);
  const minute = Number(slot.dataset.minute) + (steps || 0) * ROW;
  if (resize && now !== rows) step(slot, { do: now > rows ? "longer" : "shorter", by: Math.abs(now - rows) * ROW });
  else if (day) step(slot, { do: "place", on: new URL(day.href).searchParams.get("day") });
  else if (!resize && (steps || room)) {
    const fields = { do: "place", on: document.querySelector(".board").dataset.day, minute };
    if (room) fields.room = room.dataset.room;
    step(slot, fields);
  } else settle();
  drag = null;
}

function stop(event) { event.preventDefault(); event.stopPropagation(); }

// Everything as it was before the drag.
function settle() {
  for (const slot of document.querySelectorAll(".slot.is-dragged")) {
    slot.classList.remove("is-dragged");
    slot.style.gridRowStart = slot.style.gridRowEnd = slot.style.gridColumn = "";
    slot.dataset.words?.split(" ").forEach((words, n) => { slot.querySelectorAll("time")[n].textContent = words; });
  }
  document.querySelector(".is-target")?.classList.remove("is-target");
}

// ---------- keys: only at the chosen item, so that arrows scroll everywhere else ----------

function press(event) {
  if (event.key === "Escape" && drag) { settle(); drag = null; return; }
  const typing = event.target.matches("input, select, textarea");
  if ((event.ctrlKey || event.metaKey) && !typing && ["z", "y"].includes(event.key.toLowerCase())) {
    const again = event.key.toLowerCase() === "y" || event.shiftKey;
    const button = document.getElementById(again ? "redo" : "undo");
    if (button && !button.disabled) { event.preventDefault(); button.form.requestSubmit(); }
    return;
  }
  const slot = event.target.closest?.(".slot-chosen");
  if (!slot || event.ctrlKey || event.metaKey || event.altKey) return;
  const done = keyed(slot, event.key, event.shiftKey);
  if (done) event.preventDefault();
}

function keyed(slot, key, shift) {
  if (key === "ArrowUp") return step(slot, { do: shift ? "shorter" : "earlier", by: 5 });
  if (key === "ArrowDown") return step(slot, { do: shift ? "longer" : "later", by: 5 });
  if (key === "Delete") return step(slot, { do: "remove", day: document.querySelector(".board").dataset.day });
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const rooms = [...document.querySelectorAll(".board-room")].map((el) => el.dataset.room);
  const next = rooms[rooms.indexOf(slot.dataset.room) + (key === "ArrowRight" ? 1 : -1)];
  return next === undefined ? null : step(slot, { do: "place", room: next });
}

// ---------- all together ----------

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", () => { settle(); drag = null; });
document.addEventListener("dragstart", (event) => { if (event.target.closest(".slot")) event.preventDefault(); });
document.addEventListener("keydown", press);
document.addEventListener("click", (event) => {
  const link = event.target.closest(".slot-title a, .panel-close, #editor > .filters a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  choose(link);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.closest("#editor")) return;
  event.preventDefault();
  send(form.action, new FormData(form, event.submitter));
});
enliven();
