// The foyer's screen: a clock that goes, fresh content without flicker, and the last state when the network drops.
const REFRESH = 20000;
let shown = document.querySelector("[data-screen]");
let offset = Date.parse(shown.dataset.now) - Date.now(); // the server's clock counts, not this machine's
let told = shown.dataset.now;

const time = (at) => new Intl.DateTimeFormat("de", { timeZone: shown.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

function tick() {
  const clock = shown.querySelector("[data-clock]");
  const said = time(Date.now() + offset);
  if (clock.textContent !== said) clock.textContent = said;
}

function stale() {
  const line = shown.querySelector("[data-stale]");
  line.textContent = line.dataset.words.replace("{time}", time(Date.parse(told)));
  line.hidden = false;
}

async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(REFRESH - 2000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-screen]");
    if (!fresh) throw new Error("another page");
    told = fresh.dataset.now;
    offset = Date.parse(told) - Date.now();
    const same = (screen) => screen.innerHTML.replace(/<time data-clock[^]*?<\/time>/, "");
    if (same(fresh) !== same(shown)) {
      shown.replaceWith(fresh);
      shown = fresh;
    }
    tick();
  } catch {
    stale();
  }
}

tick();
setInterval(tick, 1000);
setInterval(refresh, REFRESH);
