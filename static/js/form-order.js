// Questions put in order by dragging. The buttons "up" and "down" do the same without this file.
for (const list of document.querySelectorAll("[data-order]")) {
  let held = null;

  const save = () => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = list.dataset.order;
    const fields = { csrf_token: list.dataset.token, order: [...list.children].map((li) => li.dataset.key).join(",") };
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  };

  for (const row of list.children) {
    const grip = row.querySelector(".form-grip");
    grip.classList.add("is-ready");
    grip.addEventListener("pointerdown", () => { row.draggable = true; });
    grip.addEventListener("pointerup", () => { row.draggable = false; });
    row.addEventListener("dragstart", (event) => {
      held = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.key);
      row.classList.add("is-held");
    });
    row.addEventListener("dragover", (event) => {
      if (!held || held === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      row[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
    });
    row.addEventListener("drop", (event) => { event.preventDefault(); });
    row.addEventListener("dragend", () => {
      row.draggable = false;
      row.classList.remove("is-held");
      if (held) save();
      held = null;
    });
  }
}
