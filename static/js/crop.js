// A frame on the photo that follows the sliders, and the other way round. Without this file the sliders alone do it.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function crop(box) {
  const form = box.closest("form");
  const stage = box.querySelector("[data-cropper-stage]");
  const [zoom, across, down] = ["zoom", "across", "down"].map((name) => form.elements[name]);
  let picture = stage.querySelector("img");

  const frame = document.createElement("div");
  frame.className = "cropper-frame";

  // The square in pixels of the shown picture; the server reckons the same way.
  function square() {
    const side = (Math.min(picture.clientWidth, picture.clientHeight) * 100) / zoom.value;
    return { side, x: picture.clientWidth - side, y: picture.clientHeight - side };
  }

  function draw() {
    if (!picture?.clientWidth) return;
    const { side, x, y } = square();
    frame.style.setProperty("--side", `${side}px`);
    frame.style.setProperty("--x", `${(x * across.value) / 100}px`);
    frame.style.setProperty("--y", `${(y * down.value) / 100}px`);
    if (!frame.isConnected) stage.append(frame);
  }

  function show(address) {
    if (!picture) {
      picture = document.createElement("img");
      picture.alt = "";
      stage.prepend(picture);
    }
    picture.addEventListener("load", draw, { once: true });
    picture.src = address;
  }

  stage.addEventListener("pointerdown", (start) => {
    if (!picture) return;
    start.preventDefault();
    const { side, x, y } = square();
    const bounds = stage.getBoundingClientRect();
    const grip = { x: start.clientX - bounds.left, y: start.clientY - bounds.top };
    const from = { x: (x * across.value) / 100, y: (y * down.value) / 100 };
    const inside = grip.x >= from.x && grip.x <= from.x + side && grip.y >= from.y && grip.y <= from.y + side;
    if (!inside) Object.assign(from, { x: grip.x - side / 2, y: grip.y - side / 2 });
    const move = (event) => {
      const to = { x: from.x + event.clientX - start.clientX, y: from.y + event.clientY - start.clientY };
      if (x > 0) across.value = clamp((to.x / x) * 100, 0, 100);
      if (y > 0) down.value = clamp((to.y / y) * 100, 0, 100);
      draw();
    };
    move(start);
    stage.setPointerCapture(start.pointerId);
    stage.addEventListener("pointermove", move);
    const end = () => {
      stage.removeEventListener("pointermove", move);
      across.dispatchEvent(new Event("input", { bubbles: true }));
    };
    stage.addEventListener("pointerup", end, { once: true });
    stage.addEventListener("pointercancel", end, { once: true });
  });

  for (const slider of [zoom, across, down]) slider.addEventListener("input", draw);
  addEventListener("resize", draw);
  form.elements.photo?.addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (!file?.type.startsWith("image/")) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => show(reader.result));
    reader.readAsDataURL(file);
  });
  if (picture) picture.complete ? draw() : picture.addEventListener("load", draw, { once: true });
}

for (const box of document.querySelectorAll("[data-cropper]")) crop(box);
