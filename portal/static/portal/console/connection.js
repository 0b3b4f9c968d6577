// The line to the server. It is live while heartbeats come; a watchdog says when they do not.

// The server's heart beats once a second: after two missed beats nothing of what is shown is known any more.
const SILENCE = 2200;
const WATCH = 200;
// A line that was refused is tried again soon; one that is only slow is given its time.
const REFUSED = 1000;
const SLOW = 6000;

export class Connection {
  // `hear` has: part(key, html), screen(keys), beat(now), state("connecting" | "live" | "lost" | "over").
  constructor(address, hear) {
    this.address = address;
    this.hear = hear;
    this.state = "connecting";
  }

  get live() {
    return this.state === "live";
  }

  start() {
    this.heard = this.tried = Date.now();
    this.open();
    setInterval(() => this.watch(), WATCH);
    // Timers of a hidden page are slow: what it shows is checked before anybody looks at it.
    document.addEventListener("visibilitychange", () => this.watch());
    window.addEventListener("pageshow", () => this.watch());
    window.addEventListener("offline", () => this.lose());
  }

  open() {
    this.source?.close();
    this.tried = Date.now();
    const source = (this.source = new EventSource(this.address));
    const on = (name, act) => source.addEventListener(name, (event) => source === this.source && act(JSON.parse(event.data)));
    on("part", ({ key, html }) => this.hear.part(key, html));
    on("screen", ({ keys }) => this.hear.screen(keys));
    on("beat", ({ now }) => this.beat(now));
    on("over", () => this.end());
    source.addEventListener("error", () => source === this.source && this.lose());
  }

  beat(now) {
    this.heard = Date.now();
    this.say("live");
    this.hear.beat(now);
  }

  watch() {
    if (this.state === "over") return;
    // The wall's clock, since it goes on while the machine sleeps; set back, it counts as silence, too.
    if (Math.abs(Date.now() - this.heard) > SILENCE) this.lose();
    const patience = this.source.readyState === EventSource.CLOSED ? REFUSED : SLOW;
    if (!this.live && Math.abs(Date.now() - this.tried) > patience) this.retry();
  }

  lose() {
    if (this.live || (this.state === "connecting" && Date.now() - this.heard > SILENCE)) this.say("lost");
  }

  // A browser gives up where the server answers anything but a stream: then we ask what it says.
  async retry() {
    this.tried = Date.now();
    const asking = new AbortController();
    setTimeout(() => asking.abort(), SLOW);
    try {
      const answer = await fetch(this.address, { signal: asking.signal, cache: "no-store" });
      asking.abort();
      if (answer.status === 403) this.end();
      else if (!this.live) this.open();
    } catch {
      // Nobody answers: the watchdog tries again.
    }
  }

  end() {
    this.source?.close();
    this.say("over");
  }

  say(state) {
    if (this.state === state || this.state === "over") return;
    this.state = state;
    this.hear.state(state);
  }
}
