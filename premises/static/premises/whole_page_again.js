// What is marked with data-again is asked for anew every so many seconds (one, where it says none) and put in place of the old,
// for as long as the answer is marked too. One request for all of it. While nobody looks at the page nothing is asked; who
// comes back to it is shown at once how things are now. [data-lost] is shown while the server does not answer.
const SECOND = 1000;

const parts = () => [...document.querySelectorAll("[data-again]")];
const rest = () => Math.min(...parts().map((part) => Number(part.dataset.again) || 1)) * SECOND;

function say(isLost) {
  for (const box of document.querySelectorAll("[data-lost]")) box.hidden = !isLost;
}

// Where somebody is at work with the keyboard nothing is pulled away; what was unfolded stays so.
function renew(part, found) {
  if (!found) return;
  if (found.hasAttribute("data-again")) part.dataset.again = found.dataset.again;
  else part.removeAttribute("data-again");
  if (found.innerHTML.trim() === part.dataset.shown || part.contains(document.activeElement)) return;
  part.dataset.shown = found.innerHTML.trim();
  const unfolded = [...part.querySelectorAll("details")].map((each) => each.open);
  part.replaceChildren(...document.importNode(found, true).childNodes);
  part.querySelectorAll("details").forEach((each, number) => {
    each.open = unfolded[number] ?? false;
  });
}

async function look() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  const page = answer.ok && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page) for (const part of parts()) renew(part, page.getElementById(part.id));
  say(!page);
}

// Over when the time is, or when somebody comes back to the page.
function pause() {
  return new Promise((resolve) => {
    const over = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", over);
      resolve();
    };
    const timer = setTimeout(over, rest());
    document.addEventListener("visibilitychange", over);
  });
}

async function follow() {
  while (parts().length) {
    await pause();
    try {
      await look();
    } catch {
      say(true); // the next turn asks again
    }
  }
}

// Included twice in a page it would ask twice.
if (!document.documentElement.dataset.followed) {
  document.documentElement.dataset.followed = "yes";
  for (const part of parts()) part.dataset.shown = part.innerHTML.trim();
  follow();
}
