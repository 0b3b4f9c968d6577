// The keyboard: function keys act on the chosen lane, digits choose; in a dialog digits choose an answer.

const STEPS = { F2: "open", F3: "correct", F4: "visitor", F7: "picture", F8: "away" };

export function listen({ cards, dialogs, act }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const dialog = dialogs.current;
    const done = dialog ? inDialog(event, dialog) : onDesk(event, cards, act);
    if (done) event.preventDefault();
  });
}

function onDesk(event, cards, act) {
  if (event.key in STEPS || event.key === "F9") {
    if (!event.repeat) act(button(event.key, cards.chosen));
    return true;
  }
  if (event.target.matches("input, select, textarea")) return false;
  if (/^[1-9]$/.test(event.key)) cards.show(cards.all[Number(event.key) - 1]);
  else if (event.key === "ArrowRight" || event.key === "ArrowDown") cards.step(1);
  else if (event.key === "ArrowLeft" || event.key === "ArrowUp") cards.step(-1);
  else if (event.key.toLowerCase() === "m") act(document.getElementById("sound"));
  else return false;
  return true;
}

function button(key, lane) {
  if (key !== "F9") return lane?.querySelector(`[data-do="${STEPS[key]}"]`);
  // The shift of the chosen lane's condominium.
  const own = document.getElementById(`duty-${lane?.dataset.condominium}`) ?? document.querySelector(".duty");
  return own?.querySelector('[data-do="shift"]');
}

function inDialog(event, dialog) {
  const types = event.target.matches("input, textarea, select");
  const choices = dialog.querySelectorAll(".choices button");
  if (/^[1-9]$/.test(event.key) && !types) {
    if (!event.repeat) choices[Number(event.key) - 1]?.click();
    return true;
  }
  if (event.key === "Enter" && event.target.name === "note" && dialog.id === "open") {
    dialog.querySelector("button[value=other]").click();
    return true;
  }
  if (event.key === "F9" && dialog.id === "shift") {
    if (!event.repeat) dialog.querySelector("button.main").click();
    return true;
  }
  if (dialog.id === "correct" && !types && /^[a-z]$/i.test(event.key)) dialog.querySelector("[name=typed]").focus();
  return event.key in STEPS;
}
