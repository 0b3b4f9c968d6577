// A guest's link: handed to whatever the phone shares with, or copied.

const box = document.querySelector(".share");
const share = box.querySelector("[data-share]");
const copy = box.querySelector("[data-copy]");
const { text, address, after } = box.dataset;

if (navigator.share) {
  share.classList.remove("hidden");
  share.addEventListener("click", () => navigator.share({ text, url: address }).catch(() => {}));
}
if (navigator.clipboard) {
  copy.classList.remove("hidden");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(`${text} ${address}`);
    copy.textContent = copy.dataset.done;
  });
}
// To load this page again would make another link.
window.history.replaceState(null, "", after);
