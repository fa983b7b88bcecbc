// Forms with data-passkey: asks the server for a challenge and the browser for a passkey, and sends the form with the answer. What
// comes then is an ordinary page.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", event => {
    event.preventDefault();
    send(form);
  });
}

async function send(form) {
  const failed = form.querySelector(".failed");
  failed.hidden = true;
  try {
    const response = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
    if (!response.ok) {
      throw new Error(`${form.dataset.options}: ${response.status}`);
    }

    const options = await response.json();
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    console.warn(error);
    failed.textContent = form.dataset.failed;
    failed.hidden = false;
  }
}
