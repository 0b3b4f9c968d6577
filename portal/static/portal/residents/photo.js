// A photo of a plate is made smaller here, sent, read, and what was read is put into the form.

const LONGEST = 1600;
const QUALITY = 0.85;
const photo = document.querySelector("[data-reads]");
const input = photo.querySelector("[data-photo]");
const said = photo.querySelector("[data-said]");
const choices = photo.querySelector("[data-choices]");
const plate = document.querySelector("[data-plate]");
const token = document.querySelector("[name=csrfmiddlewaretoken]");
let turn = 0;

function say(text, isBad = false) {
  said.textContent = text;
  said.classList.toggle("bad", isBad);
}

function fill(text, chosen) {
  plate.value = text;
  plate.removeAttribute("aria-invalid");
  choices.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === chosen)));
}

function offer(plates) {
  choices.replaceChildren(...plates.map((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-pressed", String(text === plates[0]));
    button.addEventListener("click", () => fill(text, button));
    return button;
  }));
}

function show(read) {
  if (!read.plates.length) {
    say(read.problem, true);
    return;
  }
  plate.value = read.plates[0];
  say(read.sure ? said.dataset.sure : said.dataset.unsure);
  offer(read.sure || read.plates.length < 2 ? [] : read.plates);
}

// Upright and smaller: what is sent over a poor connection. What the browser cannot open is sent as it is.
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const part = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * part);
    canvas.height = Math.round(picture.height * part);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
    return made ?? file;
  } catch {
    return file;
  }
}

async function read(file) {
  const mine = ++turn;
  say(said.dataset.reading);
  offer([]);
  const body = new FormData();
  body.append("photo", await smaller(file), "plate.jpg");
  try {
    const answer = await fetch(photo.dataset.reads, { method: "POST", body, headers: { "X-CSRFToken": token.value } });
    if (!answer.ok || answer.redirected) {
      throw new Error(String(answer.status));
    }
    const told = await answer.json();
    if (mine === turn) {
      show(told);
    }
  } catch {
    if (mine === turn) {
      say(said.dataset.failed, true);
    }
  }
}

photo.classList.add("reads");
input.addEventListener("change", () => {
  const [file] = input.files;
  if (file) {
    // It is read now; the form need not send it once more.
    read(file);
    input.value = "";
  }
});
