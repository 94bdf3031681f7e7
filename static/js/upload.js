// Uploads that survive a shaky line: tus 1.0.0 (https://tus.io/protocols/resumable-upload), a part at a time.
// Without this file the plain form sends everything at once. Nothing personal is kept in the browser: under the hash of
// a file's name, size and age stands the random id of its upload, until it has arrived.

const LEAST = 256 * 1024, MOST = 8 * 1024 * 1024; // octets of one part: what a broken line costs at most
const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds between tries; any progress starts them anew
const KINDS = /\.(pdf|pptx|odp|key)$/i;
const ASIDE = new Set(["csrf_token", "file", "url"]);

const shorter = (name) => name.replace(/\.[^.]*$/, "");
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function fingerprint(file, address) {
  if (!crypto.subtle) return "";
  const text = [address.replace(/[^/]*\/uploads\//, ""), file.name, file.size, file.lastModified].join("\n");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `upload-${Array.from(new Uint8Array(hash).slice(0, 16), (octet) => octet.toString(16).padStart(2, "0")).join("")}`;
}

const kept = {
  get: (key) => { try { return key && localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { if (key) value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* it works without */ } },
};

class Refused extends Error {}

class Sending {
  constructor(file, box) {
    Object.assign(this, { file, box, offset: 0, part: LEAST * 2, tries: 0, state: "waiting", told: 0 });
    this.row = document.createElement("li");
    this.row.innerHTML = '<p class="uploader-name"><bdi></bdi> <span class="quiet"></span></p><progress max="100" value="0"></progress><div class="uploader-buttons"></div>';
    this.row.querySelector("bdi").textContent = file.name;
    this.bar = this.row.querySelector("progress");
    this.bar.setAttribute("aria-label", file.name);
    this.pauseButton = this.button("pause", () => (this.state === "paused" ? this.goOn() : this.pause()));
    this.button("cancel", () => this.cancel());
    box.list.append(this.row);
    this.show("waiting");
  }

  button(word, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-quiet";
    made.textContent = this.box.words[word];
    made.setAttribute("aria-label", `${made.textContent}: ${this.file.name}`);
    made.addEventListener("click", act);
    this.row.querySelector(".uploader-buttons").append(made);
    return made;
  }

  show(state, sentence = "") {
    this.state = state;
    const percent = Math.floor((100 * this.offset) / this.file.size);
    const words = sentence || this.box.words[state];
    this.bar.value = percent;
    this.row.querySelector(".quiet").textContent = state === "sending" ? `${percent} %` : words;
    this.row.dataset.state = state;
    if (state !== "sending" || percent >= this.told + 25) this.box.tell(`${this.file.name}: ${state === "sending" ? `${percent} %` : words}`);
    this.told = state === "sending" ? Math.max(this.told, percent - (percent % 25)) : this.told;
    const over = ["arrived", "refused", "cancelled"].includes(state);
    this.row.querySelector(".uploader-buttons").hidden = over;
    this.bar.hidden = state === "refused";
    this.pauseButton.textContent = this.box.words[state === "paused" ? "go_on" : "pause"];
  }

  async ask(method, address, headers = {}, body = undefined) {
    this.abort = new AbortController();
    const answer = await fetch(address, {
      method, body, redirect: "manual", cache: "no-store", credentials: "same-origin",
      signal: AbortSignal.any ? AbortSignal.any([this.abort.signal, AbortSignal.timeout(90_000)]) : this.abort.signal,
      headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": this.box.token, ...headers },
    });
    if (answer.type === "opaqueredirect") throw new Refused(this.box.words.login);
    if (answer.ok || [404, 409, 410, 423].includes(answer.status)) return answer;
    if (answer.status >= 500 && answer.status !== 507) throw new Error(String(answer.status));
    const said = await answer.json().catch(() => ({}));
    throw new Refused(said.error || this.box.words.failed);
  }

  async run() {
    this.key ??= await fingerprint(this.file, this.box.address + this.box.purpose());
    while (!["paused", "arrived", "refused", "cancelled"].includes(this.state)) {
      try {
        if (await this.step()) { kept.set(this.key, ""); this.offset = this.file.size; this.show("arrived"); }
      } catch (fault) {
        if (this.state === "paused" || this.state === "cancelled") return;
        if (fault instanceof Refused) { kept.set(this.key, ""); this.show("refused", fault.message); return; }
        this.known = false;
        this.part = LEAST;
        this.show("again");
        await this.rest(PAUSES[Math.min(this.tries++, PAUSES.length - 1)]);
      }
    }
  }

  // One request: begin, ask how much is there, or send the next part. True when all has arrived.
  async step() {
    const id = kept.get(this.key) || this.id;
    if (!id) return this.begin();
    this.id = id;
    this.place = this.box.address + id;
    if (!this.known) {
      const answer = await this.ask("HEAD", this.place);
      if (answer.status >= 400 && answer.status !== 423) { kept.set(this.key, ""); this.id = ""; this.offset = 0; return false; }
      this.offset = Number(answer.headers.get("Upload-Offset"));
      this.known = answer.ok;
    }
    this.show(this.offset + this.part >= this.file.size && this.offset > 0 ? "checking" : "sending");
    const began = performance.now();
    const answer = await this.ask("PATCH", this.place,
      { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(this.offset) },
      this.file.slice(this.offset, this.offset + this.part));
    if (!answer.ok) throw new Error(String(answer.status));
    this.offset = Number(answer.headers.get("Upload-Offset"));
    this.tries = 0;
    const took = performance.now() - began;
    this.part = took < 1500 ? Math.min(MOST, this.part * 2) : took > 6000 ? Math.max(LEAST, this.part / 2) : this.part;
    if (this.offset < this.file.size) this.show("sending");
    return this.offset >= this.file.size;
  }

  async begin() {
    this.show("sending");
    const said = { filename: this.file.name, ...this.box.fields(this.file) };
    const pairs = Object.entries(said).filter(([, value]) => value).map(([name, value]) => `${name} ${base64(value)}`);
    const answer = await this.ask("POST", this.box.address, { "Upload-Length": String(this.file.size), "Upload-Metadata": pairs.join(",") });
    if (!answer.ok) throw new Refused((await answer.json().catch(() => ({}))).error || this.box.words.failed);
    this.id = answer.headers.get("Location").split("/").pop();
    this.known = true;
    kept.set(this.key, this.id);
    return false;
  }

  rest(seconds) {
    return new Promise((wake) => {
      this.wake = wake;
      setTimeout(wake, seconds * 1000);
      addEventListener("online", wake, { once: true });
    });
  }

  pause() { this.show("paused"); this.abort?.abort(); this.wake?.(); this.known = false; }

  goOn() { this.tries = 0; this.show("sending"); this.box.send(); }

  cancel() {
    this.show("cancelled", "–");
    this.abort?.abort();
    this.wake?.();
    kept.set(this.key, "");
    if (this.id) this.ask("DELETE", this.box.address + this.id).catch(() => {});
    this.row.remove();
    this.box.send();
  }
}

class Uploader {
  constructor(root) {
    Object.assign(this, { root, form: root.closest("form"), address: root.dataset.address, words: JSON.parse(root.dataset.words), rows: [], running: false });
    this.input = root.querySelector("input[type=file]");
    this.input.multiple = "several" in this.input.dataset;
    this.list = root.querySelector(".uploader-list");
    this.status = root.querySelector("[data-uploader-status]");
    this.token = this.form.elements.csrf_token.value;
    this.now = root.dataset.start === "now";
    const zone = root.querySelector(".uploader-drop");
    zone.classList.add("is-ready");
    zone.dataset.drop = this.words.drop;
    for (const kind of ["dragover", "dragenter"]) zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => { event.preventDefault(); this.take(event.dataTransfer.files); });
    this.input.addEventListener("change", () => { this.take(this.input.files); this.input.value = ""; });
    if (this.now) for (const plain of this.form.querySelectorAll("[data-without-script]")) plain.hidden = true;
    else this.form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("beforeunload", (event) => { if (this.running) event.preventDefault(); });
  }

  take(files) {
    this.list.hidden = false;
    for (const file of this.input.multiple ? files : [...files].slice(0, 1)) {
      if (!this.input.multiple) { for (const row of this.rows) row.row.remove(); this.rows = []; }
      const row = new Sending(file, this);
      this.rows.push(row);
      if (!KINDS.test(file.name)) row.show("refused", this.words.kind);
      else if (file.size > Number(this.root.dataset.limit)) row.show("refused", this.words.too_big);
    }
    if (this.now) this.send();
  }

  // What the form says of a file. One title is for one file only: several are called like their files.
  fields(file) {
    const said = {};
    for (const [name, value] of new FormData(this.form)) if (!ASIDE.has(name) && typeof value === "string") said[name] = value;
    if (this.rows.length > 1) for (const name of ["title_de", "title_en"]) if (name in said) said[name] = shorter(file.name);
    return said;
  }

  purpose() { return [this.form.elements.item_id?.value, this.form.elements.material?.value].join("/"); }

  tell(words) { this.status.textContent = words; }

  async send() {
    if (this.running) { this.again = true; return; }
    this.running = true;
    do {
      this.again = false;
      for (const row of this.rows.filter((each) => each.state === "waiting" || each.state === "sending")) await row.run();
    } while (this.again);
    this.running = false;
    const left = this.rows.filter((row) => row.state !== "arrived" && row.state !== "cancelled");
    if (this.rows.length && !left.length && this.root.dataset.done) this.leave();
  }

  submitted(event) {
    const waiting = this.rows.filter((row) => !["cancelled", "refused"].includes(row.state));
    if (!waiting.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.form.removeAttribute("aria-busy");
    if (this.form.reportValidity()) this.send();
  }

  // What describes an existing download is saved by the form itself, now without the file.
  leave() {
    const there = new URL(this.root.dataset.done, location);
    if ("saves" in this.root.dataset) { this.input.disabled = true; this.form.submit(); }
    else if (there.pathname === location.pathname) { history.replaceState(null, "", there); location.reload(); }
    else location.assign(there);
  }
}

for (const root of document.querySelectorAll("[data-uploader]:not([data-ready])")) {
  root.dataset.ready = "";
  new Uploader(root);
}
