// The region of interest, drawn on the picture. The four numbers of the form are the truth: what is drawn is written into
// them, what is typed is drawn.
const SIDES = ["left", "top", "width", "height"];
const SMALLEST = 10; // hundredths, as the server demands
const HANDLES = [[0, 0], [0.5, 0], [1, 0], [1, 0.5], [1, 1], [0.5, 1], [0, 1], [0, 0.5]];
const SVG = "http://www.w3.org/2000/svg";

const stage = document.querySelector("[data-region]");
const inputs = Object.fromEntries(SIDES.map((side) => [side, document.querySelector(`[data-side=${side}]`)]));
const whole = document.querySelector("[data-whole]");
const between = (value, low, high) => Math.min(Math.max(value, low), high);

function read() {
  return Object.fromEntries(SIDES.map((side) => [side, Number.parseFloat(inputs[side].value.replace(",", ".")) || 0]));
}

function write(box) {
  for (const side of SIDES) inputs[side].value = (Math.round(box[side] * 10) / 10).toString();
  draw();
}

function draw() {
  if (!stage) return;
  const width = Number(stage.dataset.width);
  const height = Number(stage.dataset.height);
  const box = read();
  const [x, y, w, h] = [(box.left * width) / 100, (box.top * height) / 100, (box.width * width) / 100, (box.height * height) / 100];
  const rect = stage.querySelector(".setup-box");
  for (const [name, value] of Object.entries({ x, y, width: w, height: h })) rect.setAttribute(name, String(value));
  stage.querySelector(".setup-shade").setAttribute("d", `M0 0H${width}V${height}H0ZM${x} ${y}h${w}v${h}h${-w}Z`);
  stage.querySelectorAll(".setup-handles circle").forEach((dot, number) => {
    dot.setAttribute("cx", String(x + HANDLES[number][0] * w));
    dot.setAttribute("cy", String(y + HANDLES[number][1] * h));
  });
}

function makeHandles() {
  const group = stage.querySelector(".setup-handles");
  for (const _ of HANDLES) {
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("r", String(Number(stage.dataset.width) / 80));
    group.append(dot);
  }
}

function at(event) {
  const frame = stage.getBoundingClientRect();
  return {
    x: between(((event.clientX - frame.left) / frame.width) * 100, 0, 100),
    y: between(((event.clientY - frame.top) / frame.height) * 100, 0, 100),
  };
}

function spanned(one, other) {
  const left = between(Math.min(one.x, other.x), 0, 100 - SMALLEST);
  const top = between(Math.min(one.y, other.y), 0, 100 - SMALLEST);
  return {
    left,
    top,
    width: between(Math.abs(one.x - other.x), SMALLEST, 100 - left),
    height: between(Math.abs(one.y - other.y), SMALLEST, 100 - top),
  };
}

function handleNear(point, box) {
  const frame = stage.getBoundingClientRect();
  const reach = 22; // pixels: what a finger hits
  return HANDLES.find(([across, down]) => {
    const dx = ((box.left + across * box.width - point.x) / 100) * frame.width;
    const dy = ((box.top + down * box.height - point.y) / 100) * frame.height;
    return Math.hypot(dx, dy) < reach;
  });
}

// What a drag does, chosen by where it begins: a side is moved, or all of the frame, or a new one is drawn.
function gesture(start, box) {
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  const grip = handleNear(start, box);
  if (grip) {
    const [across, down] = grip;
    return (point) => spanned(
      { x: across === 0 ? point.x : box.left, y: down === 0 ? point.y : box.top },
      { x: across === 1 ? point.x : right, y: down === 1 ? point.y : bottom },
    );
  }
  const isWhole = box.width > 99 && box.height > 99;
  const isInside = start.x > box.left && start.x < right && start.y > box.top && start.y < bottom;
  if (isInside && !isWhole) {
    return (point) => ({
      ...box,
      left: between(box.left + point.x - start.x, 0, 100 - box.width),
      top: between(box.top + point.y - start.y, 0, 100 - box.height),
    });
  }
  return (point) => spanned(start, point);
}

function listen() {
  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = gesture(at(event), read());
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  stage.addEventListener("pointermove", (event) => {
    if (drag) write(drag(at(event)));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => {
      drag = null;
    });
  }
}

if (stage) {
  makeHandles();
  listen();
  draw();
}
for (const side of SIDES) inputs[side].addEventListener("input", draw);
whole.hidden = false;
whole.addEventListener("click", () => write({ left: 0, top: 0, width: 100, height: 100 }));
