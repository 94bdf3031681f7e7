// Small kindnesses. Every page works without this file.

// Errors: take the reader to the summary.
document.getElementById("error-summary")?.focus();

// Copy an address with one click.
for (const box of document.querySelectorAll("[data-copy]")) {
  const slot = box.querySelector("[data-copy-button]");
  const input = box.querySelector("input");
  const status = box.querySelector("[data-copy-status]");
  if (!slot || !navigator.clipboard) continue;
  slot.hidden = false;
  slot.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(input.value);
      status.textContent = slot.dataset.copied;
      slot.classList.add("is-done");
      setTimeout(() => { slot.classList.remove("is-done"); status.textContent = ""; }, 3000);
    } catch {
      input.select();
    }
  });
}

// A form is sent once: a second click within some seconds is ignored. (The server answers a repeat the same way anyway.)
for (const form of document.querySelectorAll("form[method=post]")) {
  let sentAt = 0;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return; // only a look, in a frame of this page
    const now = Date.now();
    if (now - sentAt < 4000) { event.preventDefault(); return; }
    sentAt = now;
    form.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// Typed but not saved: the browser asks before leaving. Forms opt in with data-unsaved.
const unsaved = new Set();
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  form.addEventListener("input", () => unsaved.add(form));
  form.addEventListener("submit", (event) => { if (!event.submitter?.formTarget) unsaved.delete(form); });
}
addEventListener("beforeunload", (event) => { if (unsaved.size > 0) event.preventDefault(); });

// A filter that applies itself: select elements with data-autosubmit.
for (const select of document.querySelectorAll("select[data-autosubmit]")) {
  select.addEventListener("change", () => select.form?.requestSubmit());
}
