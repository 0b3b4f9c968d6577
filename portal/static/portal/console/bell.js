// The sound for who needs the guard: two tones, again every few seconds, until somebody attends or a minute is over.

const AGAIN = 5000;
const MOST = 12;
const KEPT = "cancela-console-sound";

export class Bell {
  constructor(button, hint) {
    this.button = button;
    this.hint = hint;
    this.on = localStorage.getItem(KEPT) !== "off";
    this.context = new AudioContext();
    this.rung = new Map();
    // Browsers let no page sound before somebody has touched it.
    for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => this.wake());
    this.context.addEventListener("statechange", () => this.show());
    this.show();
  }

  async wake() {
    if (this.context.state === "suspended") await this.context.resume();
  }

  toggle() {
    this.on = !this.on;
    localStorage.setItem(KEPT, this.on ? "on" : "off");
    this.show();
    if (this.on) this.sound();
  }

  show() {
    this.button.setAttribute("aria-pressed", String(this.on));
    this.hint.hidden = !this.on || this.context.state === "running";
  }

  // Who needs somebody now, by passage; silent while the guard is answering.
  callFor(passages, busy) {
    for (const known of [...this.rung.keys()]) if (!passages.includes(known)) this.rung.delete(known);
    const calling = passages.filter((each) => (this.rung.get(each) ?? 0) < MOST);
    const fresh = calling.some((each) => !this.rung.has(each));
    if (!calling.length || busy || (!fresh && Date.now() - this.last < AGAIN)) return;
    for (const each of calling) this.rung.set(each, (this.rung.get(each) ?? 0) + 1);
    this.last = Date.now();
    if (this.on) this.sound();
  }

  hush() {
    this.rung.clear();
  }

  sound() {
    if (this.context.state !== "running") return;
    document.documentElement.dataset.rang = String(Date.now());
    this.tone(880, 0);
    this.tone(660, 0.22);
  }

  tone(pitch, after) {
    const begins = this.context.currentTime + after;
    const volume = this.context.createGain();
    volume.gain.setValueAtTime(0.0001, begins);
    volume.gain.exponentialRampToValueAtTime(0.3, begins + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begins + 0.35);
    const tone = new OscillatorNode(this.context, { frequency: pitch });
    tone.connect(volume).connect(this.context.destination);
    tone.start(begins);
    tone.stop(begins + 0.4);
  }
}
