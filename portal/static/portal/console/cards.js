// The parts of the screen: put in as they come from the server, one lane of them chosen.

export class Cards {
  constructor(desk) {
    this.desk = desk;
    this.shift = 0; // the server's clock less ours
    this.id = null;
    this.words = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });
  }

  get all() {
    return [...this.desk.querySelectorAll(".lane")];
  }

  get chosen() {
    return this.all.find((lane) => lane.id === this.id);
  }

  start() {
    this.number();
    this.choose(this.needing()[0] ?? this.all[0]);
    this.tell();
    setInterval(() => this.tell(), 1000);
  }

  needing() {
    return this.all.filter((lane) => lane.dataset.needs);
  }

  put(key, html, live) {
    const old = document.getElementById(key);
    if (!old) return;
    const made = document.createElement("template");
    made.innerHTML = html;
    const fresh = made.content.firstElementChild;
    keepPictures(old, fresh);
    const focused = old.contains(document.activeElement) && document.activeElement;
    old.replaceWith(fresh);
    enable(fresh, live);
    this.number();
    this.mark();
    this.tell(fresh);
    if (focused) (fresh.querySelector(`[data-do="${focused.dataset.do}"]`) ?? fresh).focus();
  }

  // Other lanes than those of this page: the manager changed something.
  check(keys, busy) {
    const known = keys.every((key) => document.getElementById(key));
    const lanes = keys.filter((key) => key.startsWith("lane-")).length;
    if (!busy && (!known || lanes !== this.all.length)) location.reload();
  }

  choose(lane) {
    if (!lane) return;
    this.id = lane.id;
    this.mark();
  }

  step(by) {
    const all = this.all;
    this.show(all[(all.indexOf(this.chosen) + by + all.length) % all.length]);
  }

  show(lane) {
    this.choose(lane);
    lane?.scrollIntoView({ block: "nearest" });
  }

  mark() {
    for (const lane of this.all) {
      lane.classList.toggle("chosen", lane.id === this.id);
      lane.toggleAttribute("aria-current", lane.id === this.id);
    }
  }

  number() {
    this.all.forEach((lane, index) => (lane.querySelector(".digit").textContent = index < 9 ? index + 1 : ""));
  }

  enable(live) {
    enable(this.desk, live);
  }

  setClock(now) {
    this.shift = now - Date.now();
  }

  // How long ago each thing was.
  tell(within = this.desk) {
    const now = (Date.now() + this.shift) / 1000;
    for (const time of within.querySelectorAll("time[data-since]")) {
      time.title ||= time.textContent;
      time.textContent = this.ago(Math.max(0, now - Number(time.dataset.since)));
    }
  }

  ago(seconds) {
    if (seconds < 100) return this.words.format(-Math.round(seconds), "second");
    if (seconds < 6000) return this.words.format(-Math.round(seconds / 60), "minute");
    return seconds < 172800
      ? this.words.format(-Math.round(seconds / 3600), "hour")
      : this.words.format(-Math.round(seconds / 86400), "day");
  }
}

// Without the line nothing can be done; pictures can be looked at.
function enable(within, live) {
  for (const button of within.querySelectorAll("[data-do]")) {
    if (button.dataset.do !== "picture") button.disabled = !live;
  }
}

// A picture that stays is moved, not loaded again: it shall not flicker.
function keepPictures(old, fresh) {
  for (const image of fresh.querySelectorAll("img")) {
    const same = [...old.querySelectorAll("img")].find((each) => each.src === image.src);
    if (same) image.replaceWith(same);
  }
}
