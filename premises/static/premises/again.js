// What is marked with data-again is asked for anew and put in place of the old, for as long as the answer is marked
// too. data-again may name where to ask; without a name the page itself is asked. While nobody looks at the page
// nothing is asked. Where no answer comes, the element whose id is that of the part with "-lost" at its end is shown.
const PAUSE = 1000;
const LOST_AFTER = 3;
// What an element was made of, since other scripts may have named or marked it afterwards.
const made = new WeakMap();

async function fresh(part) {
  const answer = await fetch(part.dataset.again || location.href, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
  const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
  const found = page.getElementById(part.id);
  if (!found) throw new Error("no such part");
  put(part, found);
  if (found.hasAttribute("data-again")) part.dataset.again = found.dataset.again;
  else part.removeAttribute("data-again");
}

// Piece by piece where the pieces are the same ones, so that nobody loses the place where they read.
function put(part, found) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const olds = [...part.children];
  const news = [...found.children];
  if (olds.length && olds.length === news.length && olds.every((old, at) => old.id && old.id === news[at].id)) {
    olds.forEach((old, at) => replace(old, news[at]));
  } else if (made.get(part) !== found.innerHTML && found.innerHTML.trim() !== part.innerHTML.trim()) {
    made.set(part, found.innerHTML);
    part.replaceChildren(...document.importNode(found, true).childNodes);
  }
  if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus();
}

function replace(old, found) {
  const source = found.outerHTML;
  if (made.get(old) === source || (!made.has(old) && old.outerHTML === source)) return;
  const piece = document.importNode(found, true);
  made.set(piece, source);
  old.replaceWith(piece);
}

async function follow(part) {
  let failed = 0;
  while (part.hasAttribute("data-again")) {
    await new Promise((resolve) => setTimeout(resolve, Number(part.dataset.pause) || PAUSE));
    if (document.hidden) continue;
    try {
      await fresh(part);
      failed = 0;
    } catch {
      failed += 1; // the connection is gone for a moment; the next turn asks again
    }
    const lost = document.getElementById(`${part.id}-lost`);
    if (lost) lost.hidden = failed < LOST_AFTER;
  }
}

document.querySelectorAll("[data-again]").forEach(follow);
