// Passkeys: a form with data-passkey="create" or "get" asks the browser, and is sent with what it answers.
// What is asked stands in the page (a JSON script named by data-options), or is fetched from the form's own address.
const { create, get } = window.webauthnJSON;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.classList.remove("hidden");
  form.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    ask(form).catch((problem) => tell(form, problem.name));
  });
}

async function ask(form) {
  tell(form, "");
  const options = await wanted(form);
  const answer = form.dataset.passkey === "create" ? await create(alone(options.creation_options)) : await get(options.request_options);
  form.querySelector("[name=credential]").value = JSON.stringify(answer);
  form.submit();
}

async function wanted(form) {
  const inPage = document.getElementById(form.dataset.options);
  if (inPage) return JSON.parse(inPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

// A key that can sign in alone: it knows its account, and asks its owner for finger, face or PIN.
function alone(options) {
  const selection = options.publicKey.authenticatorSelection;
  Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  return options;
}

function tell(form, name) {
  const lines = [...form.querySelectorAll("[data-error]")];
  const said = lines.find((line) => line.dataset.error === name) || lines.find((line) => line.dataset.error === "other");
  for (const line of lines) line.classList.toggle("hidden", !name || line !== said);
}
