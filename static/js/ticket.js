// Keeps the ticket on this device when its owner asks for it, and takes it off again. The page works without.
const box = document.querySelector("[data-keep]");
const SHELF = "ticket";

if (box && "serviceWorker" in navigator && "caches" in window && window.isSecureContext) {
  const keep = box.querySelector("[data-keep-button]");
  const drop = box.querySelector("[data-drop-button]");
  const status = box.querySelector("[data-keep-status]");
  const page = location.pathname;
  const scope = page.replace(/ticket$/, "");

  const show = (kept, said = "") => {
    keep.hidden = kept;
    drop.hidden = !kept;
    status.textContent = said;
    box.hidden = false;
  };

  // Everything this page needs besides itself; all of it is ours.
  const parts = () =>
    [...document.querySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon]")]
      .map((link) => link.href)
      .concat(performance.getEntriesByType("resource").map((entry) => entry.name))
      .filter((address) => address.startsWith(`${location.origin}/static/`) || address.startsWith(`${location.origin}/accent.css`));

  keep.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.serviceWorker.register(box.dataset.worker, { scope });
      await navigator.serviceWorker.ready.catch(() => null);
      const shelf = await caches.open(SHELF + scope);
      const fresh = await fetch(page, { credentials: "same-origin", cache: "no-store" });
      if (!fresh.ok) throw new Error("no ticket");
      await shelf.put(page, fresh);
      await Promise.all([...new Set(parts())].map((address) => shelf.add(address).catch(() => null)));
      show(true, box.dataset.kept);
    } catch {
      status.textContent = box.dataset.failed;
    }
  });

  drop.querySelector("button").addEventListener("click", async () => {
    await caches.delete(SHELF + scope);
    const worker = await navigator.serviceWorker.getRegistration(scope);
    await worker?.unregister();
    show(false, box.dataset.gone);
  });

  caches.has(SHELF + scope).then((kept) => show(kept));
}
