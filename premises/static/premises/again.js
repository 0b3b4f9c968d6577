// What is marked with data-again is asked for anew every so many seconds (one, where it says none) and put in place of the
// old, for as long as the answer is marked too. data-from may name where to ask; without a name the page itself is asked,
// once for all of its parts. While nobody looks at the page nothing is asked; who comes back to it is shown at once how
// things are. [data-lost] is shown while the server does not answer.
const SECOND = 1000;
const LOST_AFTER = 3 * SECOND;
// What an element was made of, since other scripts may have named or marked it afterwards.
const made = new WeakMap();

const from = (part) => part.dataset.from ?? "";
const partsOf = (address) => [...document.querySelectorAll("[data-again]")].filter((part) => from(part) === address);
const paceOf = (address) => Math.min(...partsOf(address).map((part) => Number(part.dataset.again) || 1)) * SECOND;

async function look(address) {
  const answer = await fetch(address || location.href, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("no such page");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of partsOf(address)) renew(part, page.getElementById(part.id));
}

function renew(part, found) {
  if (!found) throw new Error("no such part");
  put(part, found);
  if (found.hasAttribute("data-again")) part.dataset.again = found.dataset.again;
  else part.removeAttribute("data-again");
}

// Piece by piece where the pieces are the same ones, so that nobody loses the place where they read.
function put(part, found) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const olds = [...part.children];
  const news = [...found.children];
  if (olds.length && olds.length === news.length && olds.every((old, at) => old.id && old.id === news[at].id)) {
    olds.forEach((old, at) => replace(old, news[at]));
  } else if (isNews(part, found.innerHTML, part.innerHTML) && !isKept(part, found)) {
    made.set(part, found.innerHTML);
    unfold(part, () => part.replaceChildren(...document.importNode(found, true).childNodes));
  }
  if (focused?.id && document.activeElement !== focused) document.getElementById(focused.id)?.focus();
}

function replace(old, found) {
  if (!isNews(old, found.outerHTML, old.outerHTML) || isKept(old, found)) return;
  const piece = document.importNode(found, true);
  made.set(piece, found.outerHTML);
  unfold(old, () => {
    old.replaceWith(piece);
    return piece;
  });
}

const isNews = (old, source, shown) => (made.get(old) ?? shown).trim() !== source.trim();

// Where somebody is at work with the keyboard nothing is pulled away that could not be given back.
function isKept(old, found) {
  const focused = document.activeElement;
  return old.contains(focused) && !(focused.id && (found.id === focused.id || found.querySelector(`[id="${focused.id}"]`)));
}

// What was unfolded stays so.
function unfold(old, change) {
  const open = [...old.querySelectorAll("details")].map((each) => each.open);
  const shown = change() ?? old;
  shown.querySelectorAll("details").forEach((each, number) => {
    each.open = open[number] ?? each.open;
  });
}

// Over when the time is, or when somebody comes back to the page.
function pause(milliseconds) {
  return new Promise((resolve) => {
    const over = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    document.addEventListener("visibilitychange", over);
  });
}

async function follow(address) {
  let silent = 0;
  while (partsOf(address).length) {
    const pace = paceOf(address);
    await pause(pace);
    try {
      await look(address);
      silent = 0;
    } catch {
      silent += pace; // the connection is gone for a moment; the next turn asks again
    }
    for (const box of document.querySelectorAll("[data-lost]")) box.hidden = silent < LOST_AFTER;
  }
}

new Set([...document.querySelectorAll("[data-again]")].map(from)).forEach(follow);
document.documentElement.dataset.followed = "yes";
