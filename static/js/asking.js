// Questions that are asked only after another answer appear and go with that answer.
// Without this file their condition stands in words, and the server decides anyway.
const asked = [...document.querySelectorAll("[data-shown-if]")];

const answers = (name) => [...document.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
  .filter((input) => !input.closest("[data-shown-if][hidden]"))
  .filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : true))
  .map((input) => input.value);

const show = () => {
  // one round for each link of a chain: a question may depend on one that depends on another
  for (let round = 0; round < asked.length; round += 1) {
    for (const box of asked) {
      const wanted = box.dataset.shownValues.split(" ");
      box.hidden = !answers(box.dataset.shownIf).some((value) => wanted.includes(value));
    }
  }
};

for (const box of asked) {
  for (const words of box.querySelectorAll(".asked-condition")) words.hidden = true;
}
document.addEventListener("change", show);
show();
