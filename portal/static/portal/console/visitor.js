// The unit of a visitor, found while it is typed.

const PAUSE = 120;

export class Visitor {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.field = dialog.querySelector("[role=combobox]");
    this.list = dialog.querySelector("[role=listbox]");
    this.template = document.getElementById("unit");
    dialog.addEventListener("about", ({ detail }) => this.begin(detail));
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => this.point(event));
  }

  begin(lane) {
    this.address = this.dialog.dataset.units.replace("/0/", `/${lane.dataset.lane}/`);
    this.choose(null);
    this.show([]);
  }

  typed() {
    this.choose(null);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  // The last question's answer counts, whichever comes last.
  async look() {
    clearTimeout(this.timer);
    const typed = this.field.value;
    this.asked = typed;
    if (!typed.trim()) return this.show([]);
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(typed)}`);
      const { units } = answer.ok ? await answer.json() : { units: [] };
      if (this.asked === typed) this.show(units);
    } catch {
      this.show([]);
    }
  }

  show(units) {
    this.list.replaceChildren(...units.map((unit, index) => this.option(unit, index)));
    this.list.hidden = !units.length;
    this.field.setAttribute("aria-expanded", String(units.length > 0));
    this.mark(this.list.firstElementChild);
  }

  option(unit, index) {
    const option = this.template.content.firstElementChild.cloneNode(true);
    option.id = `unit-option-${index}`;
    option.dataset.id = unit.id;
    option.dataset.unit = unit.unit;
    option.querySelector("strong").textContent = unit.unit;
    option.querySelector("span").textContent = unit.people;
    return option;
  }

  mark(option) {
    for (const each of this.list.children) each.setAttribute("aria-selected", String(each === option));
    this.marked = option ?? null;
    this.field.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  async key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const way = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      this.mark(this.marked?.[way] ?? this.marked);
    } else if (event.key === "Enter") {
      event.preventDefault();
      await this.settle();
      if (this.form.elements.unit.value) this.form.elements.holder.focus();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.show([]);
    }
  }

  // What is marked is taken; who types fast is waited for.
  async settle() {
    if (!this.form.elements.unit.value && this.asked !== this.field.value) await this.look();
    if (this.marked) this.choose(this.marked);
  }

  leave() {
    if (this.field.value && !this.form.elements.unit.value) this.settle();
  }

  point(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    this.choose(option);
    this.form.elements.holder.focus();
  }

  choose(option) {
    this.form.elements.unit.value = option?.dataset.id ?? "";
    if (!option) return;
    this.field.value = option.dataset.unit;
    this.asked = this.field.value;
    this.show([]);
  }
}
