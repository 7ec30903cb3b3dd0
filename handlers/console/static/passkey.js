// Passkeys, and the code of a link. Pages are complete without either: a form that needs
// this is hidden until it runs.

const make = (options) => navigator.credentials.create({
  publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
});
const show = (options) => navigator.credentials.get({
  publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
});

// ask has the browser make or show a key, as the desk begins it.
async function ask(form) {
  const body = new URLSearchParams();
  const token = form.elements.namedItem("token");
  if (token) body.set("token", token.value);
  const begun = await fetch(form.dataset.begin, { method: "POST", body });
  if (!begun.ok || begun.redirected) throw new Error(`begin: ${begun.status}`);
  const { publicKey } = await begun.json();
  const key = await (form.dataset.passkey === "create" ? make(publicKey) : show(publicKey));
  return JSON.stringify(key.toJSON());
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  form.hidden = false;
  const fault = form.querySelector(".fault");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      form.elements.namedItem("credential").value = await ask(form);
      form.submit();
    } catch {
      fault.textContent = form.dataset.failed;
      fault.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}

// The code of a link comes after its #, which a browser tells nobody; it leaves the
// address, so that the next page is not come back to with it.
const code = document.querySelector("input[data-fragment]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
