// Without a connection: says which page it would be, and comes back when there is one.

const tab = [...document.querySelectorAll("[data-path]")]
  .filter((each) => window.location.pathname.startsWith(each.dataset.path))
  .sort((one, other) => other.dataset.path.length - one.dataset.path.length)[0];

if (tab) {
  tab.setAttribute("aria-current", "page");
  document.querySelector("[data-page]").textContent = tab.textContent.trim();
}

// By its address, so that no form is sent a second time.
function again() {
  window.location.assign(window.location.pathname);
}

// A phone says that it is online before anything can be reached, and says so only once: so we ask now and then.
async function look() {
  try {
    await fetch(window.location.pathname, { cache: "no-store", redirect: "manual" });
    again();
  } catch {
    // Still nobody there.
  }
}

document.querySelector("[data-retry]").addEventListener("click", again);
window.addEventListener("online", look);
setInterval(look, 3000);
