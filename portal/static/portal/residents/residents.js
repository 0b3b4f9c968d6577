// What every page of the residents does: says when the connection is gone, and sends no form into the void.

const box = document.getElementById("connection");
const loaded = new Date();

function showConnection(isUnsent = false) {
  if (!box) {
    return;
  }
  const gone = !navigator.onLine;
  box.classList.toggle("hidden", !gone);
  box.querySelector("[data-unsent]").classList.toggle("hidden", !(gone && isUnsent));
  box.querySelector("time").textContent = loaded.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

function guard(form) {
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      showConnection(true);
      return;
    }
    // A second tap while the first is under way would send it twice. Not at once: the button's own value is sent too.
    setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => { button.disabled = true; }));
  });
}

// A page that the browser brings back as it was may be old, and its buttons still off.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
window.addEventListener("online", () => showConnection());
window.addEventListener("offline", () => showConnection());
document.querySelectorAll("form[method=post]").forEach(guard);
showConnection();

if ("serviceWorker" in navigator && box) {
  navigator.serviceWorker.register(box.dataset.worker).catch(() => {});
}
