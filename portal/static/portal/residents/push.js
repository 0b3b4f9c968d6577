// Notifications of this browser, on and off.

const box = document.querySelector(".push");
const said = box.querySelector("[data-said]");
const on = box.querySelector("[data-turn-on]");
const off = box.querySelector("[data-turn-off]");
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

function show(state) {
  said.textContent = said.dataset[state];
  on.classList.toggle("hidden", state !== "isOff" && state !== "failed");
  off.classList.toggle("hidden", state !== "isOn");
}

function send(address, body) {
  const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
}

async function turnOn() {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") {
    show(permission === "denied" ? "denied" : "isOff");
    return;
  }
  try {
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: box.dataset.key });
    const answer = await send(box.dataset.on, subscription.toJSON());
    show(answer.ok ? "isOn" : "failed");
  } catch {
    show("failed");
  }
}

async function turnOff() {
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.getSubscription();
  if (subscription) {
    await send(box.dataset.off, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show("isOff");
}

async function begin() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    show("impossible");
    return;
  }
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.getSubscription();
  if (Notification.permission === "denied") {
    show("denied");
    return;
  }
  show(subscription ? "isOn" : "isOff");
}

on.addEventListener("click", turnOn);
off.addEventListener("click", turnOff);
begin();
