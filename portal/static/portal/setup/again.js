// What is marked with data-again is asked for anew each second and put in place of the old, for as long as the answer
// is marked too. While nobody looks at the page nothing is asked.
const PAUSE = 1000;

async function fresh(part) {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return part;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById(part.id);
  if (!found) return part;
  if (found.innerHTML.trim() !== part.innerHTML.trim()) part.replaceChildren(...document.importNode(found, true).childNodes);
  part.toggleAttribute("data-again", found.hasAttribute("data-again"));
  return part;
}

async function follow(part) {
  while (part.hasAttribute("data-again")) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (document.hidden) continue;
    try {
      await fresh(part);
    } catch {
      // The connection is gone for a moment; the next turn asks again.
    }
  }
}

document.querySelectorAll("[data-again]").forEach(follow);
