// The gatehouse's screen: what the server says is shown as it comes, and what the guard does is sent.
import { Cards } from "./console/cards.js";
import { Connection } from "./console/connection.js";
import { Dialogs } from "./console/dialogs.js";
import { listen } from "./console/keys.js";
import { Bell } from "./console/bell.js";
import { Visitor } from "./console/visitor.js";

const desk = document.getElementById("desk");
const bell = new Bell(document.getElementById("sound"), document.getElementById("silent"));
const cards = new Cards(desk);
const dialogs = new Dialogs({ live: () => connection.live, over: () => connection.end() });
const connection = new Connection(desk.dataset.stream, {
  part: (key, html) => cards.put(key, html, connection.live),
  screen: (keys) => cards.check(keys, dialogs.current),
  beat: (now) => {
    cards.setClock(now);
    attend();
  },
  state: show,
});
new Visitor(document.getElementById("visitor"));

function show(state) {
  document.body.dataset.connection = state;
  document.getElementById("lost").hidden = state !== "lost";
  document.getElementById("over").hidden = state !== "over";
  cards.enable(state === "live");
  if (state !== "live") bell.hush();
}

// Who needs the guard is chosen, unless the guard is busy with somebody else.
function attend() {
  const needing = cards.needing();
  if (!dialogs.current && needing.length && !needing.includes(cards.chosen)) cards.show(needing[0]);
  document.title = `${needing.length ? `(${needing.length}) ` : ""}${document.title.replace(/^\(\d+\) /, "")}`;
  bell.callFor(needing.map((lane) => lane.dataset.needs), dialogs.current);
}

const steps = {
  open: (lane) => dialogs.open("open", lane),
  correct: (lane) => dialogs.correct(lane),
  visitor: (lane) => dialogs.open("visitor", lane),
  picture: (lane, button) => dialogs.picture(lane, button.dataset.picture),
  away: (lane, button) => dialogs.send(button.dataset.url),
  shift: (lane, button) => dialogs.open("shift", button.closest(".duty")),
  "note-done": (lane, button) => dialogs.send(button.dataset.url),
  sound: () => bell.toggle(),
  close: (lane, button) => button.closest("dialog").close(),
};

function act(button) {
  if (!button || button.disabled) return;
  const lane = button.closest(".lane");
  if (lane) cards.choose(lane);
  steps[button.dataset.do](lane, button);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) act(button);
  else if (event.target.closest(".lane")) cards.choose(event.target.closest(".lane"));
});
listen({ cards, dialogs, act });
show("connecting");
cards.start();
connection.start();
