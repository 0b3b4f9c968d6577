/* What the theme leaves to the mouse, reached by the keyboard too, and named for who hears the page.
   Its words come from the page: <template id="cancela-words" data-…>. */
"use strict";
(() => {
  const NATIVE = "a[href], button, input, select, textarea, label, summary";
  const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, [tabindex='0']";
  const OPENS = /^\s*(\w+) = (?:!\1|true)\s*(?:;|$)/;
  const PLACES = { filterOpen: "changelist-filter", sidebarMobileOpen: "nav-sidebar", sidebarDesktopOpen: "nav-sidebar" };
  const openers = new Map();

  const each = (selector, done) => document.querySelectorAll(selector).forEach(done);
  const isSeen = (element) => element.getClientRects().length > 0;
  const inside = (place) => [...place.querySelectorAll(FOCUSABLE)].filter(isSeen);

  /* --- names --- */

  function textOf(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".material-symbols-outlined, template").forEach((icon) => icon.remove());
    return copy.matches(".material-symbols-outlined") ? "" : copy.textContent.trim();
  }

  /* An icon is a word in a font of pictures: "more_horiz" is not to be read out. */
  function name(element) {
    const icon = element.matches(".material-symbols-outlined") ? element : element.querySelector(".material-symbols-outlined");
    const word = icon && document.getElementById("cancela-words")?.getAttribute(`data-${icon.textContent.trim()}`);
    if (word && !textOf(element) && !element.ariaLabel && !element.title) element.ariaLabel = word;
  }

  function nameChoice(box) {
    const select = box.closest(".select2")?.previousElementSibling;
    const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const words = (label?.textContent ?? select?.ariaLabel ?? "").trim();
    if (!words) return;
    const shown = box.querySelector(".select2-selection__rendered");
    box.removeAttribute("aria-labelledby");
    box.ariaLabel = shown?.title ? `${words}: ${shown.title}` : words;
    box.querySelectorAll("[role=textbox], .select2-search__field").forEach((part) => { part.ariaLabel = words; });
  }

  /* --- what opens something --- */

  function placeOf(opener, variable) {
    if (PLACES[variable]) return document.getElementById(PLACES[variable]);
    const scope = opener.closest("[x-data]");
    return scope?.querySelector("template[x-teleport]")?._x_teleport ?? scope?.querySelector(`[x-show="${variable}"]`);
  }

  function whenSeen(place, done, frames = 30) {
    if (isSeen(place) && inside(place).length) done();
    else if (frames) requestAnimationFrame(() => whenSeen(place, done, frames - 1));
  }

  function follow(opener, variable) {
    openers.set(opener, variable);
    Alpine.effect(() => { opener.ariaExpanded = String(Boolean(Alpine.evaluate(opener, variable))); });
    opener.addEventListener("click", (event) => {
      const place = placeOf(opener, variable);
      // detail is 0 where no mouse clicked; who came by mouse keeps the focus where it is.
      if (place && event.detail === 0) whenSeen(place, () => inside(place)[0].focus());
    });
  }

  function close(opener, variable) {
    Alpine.evaluate(opener, `${variable} = false`);
    opener.focus();
  }

  function opened(target) {
    for (const [opener, variable] of openers) {
      if (!opener.isConnected || !isSeen(opener) || opener.ariaExpanded !== "true" || variable === "sidebarDesktopOpen") continue;
      const place = placeOf(opener, variable);
      if (place?.contains(opener)) continue; // the cross that closes it
      if (opener.contains(target) || place?.contains(target)) return { opener, variable, place };
    }
    return null;
  }

  /* --- keys --- */

  function press(event) {
    const button = event.target.closest("[data-cancela-button]");
    if (button === event.target && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      button.click();
      return;
    }
    const found = opened(event.target);
    if (!found) return;
    const parts = found.place ? inside(found.place) : [];
    const index = parts.indexOf(event.target);
    if (event.key === "Escape") close(found.opener, found.variable);
    else if (event.key === "Tab" && index >= 0) leave(event, found, parts, index);
    else if (event.key.startsWith("Arrow") && index >= 0 && found.place.matches("nav")) move(event, parts, index);
  }

  /* Past its ends a menu closes, and the way goes on from what opened it. */
  function leave(event, { opener, variable }, parts, index) {
    if (event.shiftKey ? index !== 0 : index !== parts.length - 1) return;
    close(opener, variable);
    if (event.shiftKey) event.preventDefault();
  }

  function move(event, parts, index) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    parts[(index + step + parts.length) % parts.length].focus();
  }

  /* --- all of it, again for what is added later --- */

  function reachByKey(element) {
    const said = element.getAttribute("x-on:click");
    const variable = OPENS.exec(said)?.[1];
    if (!element.matches(NATIVE)) {
      if (!variable && !textOf(element) && !element.querySelector(".material-symbols-outlined")) return;
      element.tabIndex = 0;
      element.role = "button";
      element.dataset.cancelaButton = "";
    }
    name(element);
    if (variable) follow(element, variable);
    const theme = /^(?:switchTheme\(|adminTheme = )'(\w+)'/.exec(said)?.[1];
    if (theme) Alpine.effect(() => { element.ariaPressed = String(Alpine.evaluate(element, "adminTheme") === theme); });
  }

  function adopt() {
    each("[x-on\\:click]:not([data-cancela-reached])", (element) => {
      element.dataset.cancelaReached = "";
      reachByKey(element);
    });
    each("a[href], button, label", name);
    each(".material-symbols-outlined:not([aria-hidden], [role=button])", (icon) => { icon.ariaHidden = "true"; });
    each(".select2-selection[role=combobox]", nameChoice);
    each("#nav-sidebar-apps a.active:not([aria-current])", (link) => { link.ariaCurrent = "page"; });
  }

  function begin() {
    document.getElementById("main")?.setAttribute("role", "main");
    adopt();
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; adopt(); });
    }).observe(document.body, { childList: true, subtree: true });
    document.addEventListener("keydown", press, true);
  }

  document.addEventListener("alpine:initialized", begin);
})();
