// What is asked before something is done, and the sending of it. An answer is one sentence for the guard.

const PATIENCE = 8000;
const text = (id) => document.getElementById(id).textContent.trim();

export class Dialogs {
  // `line` has live() and over().
  constructor(line) {
    this.line = line;
    this.said = document.getElementById("said");
    for (const form of document.querySelectorAll("dialog form")) {
      form.addEventListener("submit", (event) => this.submit(event, form));
    }
  }

  get current() {
    return document.querySelector("dialog[open]");
  }

  // `about`: the card that it is about, a lane's or a shift's.
  open(name, about) {
    const dialog = document.getElementById(name);
    const form = dialog.querySelector("form");
    form.reset();
    this.address(form, about);
    dialog.querySelector(".about").textContent = [about.dataset.gate, about.dataset.plate].filter(Boolean).join(" · ");
    dialog.querySelector(".errors").textContent = "";
    if (form.elements.passage) form.elements.passage.value = about.dataset.passage ?? "";
    if (form.elements.plate) form.elements.plate.value = about.dataset.plate ?? "";
    this.said.textContent = "";
    dialog.dispatchEvent(new CustomEvent("about", { detail: about }));
    dialog.showModal();
    return dialog;
  }

  address(form, about) {
    const { lane, passage, condominium } = about.dataset;
    const number = form.closest("#shift") ? condominium : lane;
    for (const each of [form, ...form.querySelectorAll("button[data-action]")]) {
      const made = each.dataset.action.replace("/0/", `/${number}/`).replace(/0{8}-[0-]+/, passage ?? "");
      if (each === form) form.action = made;
      else each.formAction = made;
    }
  }

  async correct(lane) {
    const dialog = this.open("correct", lane);
    const list = dialog.querySelector("#candidates");
    list.replaceChildren();
    list.focus();
    const address = document.getElementById("desk").dataset.plates.replace(/0{8}-[0-]+/, lane.dataset.passage);
    const answer = await ask(address);
    if (this.current === dialog) this.offer(dialog, list, answer?.body?.plates ?? []);
  }

  offer(dialog, list, plates) {
    const template = document.getElementById("candidate");
    for (const [index, { plate, words }] of plates.entries()) {
      const button = template.content.firstElementChild.cloneNode(true);
      button.value = plate;
      button.querySelector("kbd").textContent = index + 1;
      button.querySelector("span").textContent = words;
      list.append(button);
    }
    dialog.querySelector(".none").hidden = plates.length > 0;
    if (!plates.length) dialog.querySelector("input[name=typed]").focus();
  }

  picture(lane, address) {
    const dialog = document.getElementById("picture");
    dialog.querySelector("img").src = address;
    dialog.querySelector(".about").textContent = lane.dataset.plate ?? "";
    dialog.showModal();
  }

  async submit(event, form) {
    event.preventDefault();
    const dialog = form.closest("dialog");
    const errors = form.querySelector(".errors");
    if (form.dataset.busy) return;
    if (!this.line.live()) {
      errors.textContent = text("lost");
      return;
    }
    form.dataset.busy = "yes";
    errors.textContent = "";
    const button = event.submitter;
    const answer = await ask(button?.dataset.action ? button.formAction : form.action, new FormData(form, button));
    delete form.dataset.busy;
    if (answer.status === 401) this.line.over();
    if (answer.ok) {
      dialog.close();
      this.say(answer);
    } else {
      errors.textContent = answer.said;
      form.querySelector("[name=note], [name=typed]")?.focus();
    }
  }

  // A step that asks nothing.
  async send(address) {
    if (!this.line.live()) return;
    const data = new FormData(document.querySelector("dialog form"));
    const answer = await ask(address, data);
    if (answer.status === 401) this.line.over();
    this.say(answer);
  }

  say({ said, ok, body }) {
    this.said.textContent = said;
    this.said.classList.toggle("failed", !ok || Boolean(body?.failed));
  }
}

// POST with data, else GET. Whatever goes wrong is an answer, too.
async function ask(address, data) {
  const how = data ? { method: "POST", body: data } : {};
  try {
    const answer = await fetch(address, { ...how, signal: AbortSignal.timeout(PATIENCE), headers: { Accept: "application/json" } });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    const body = json ? await answer.json() : null;
    return { ok: answer.ok && json, status: answer.status, said: body?.said ?? text("unreachable"), body };
  } catch {
    return { ok: false, status: 0, said: text("unreachable"), body: null };
  }
}
