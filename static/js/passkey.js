// Passkeys. A hidden field takes what an authenticator answers, and its form is sent with it. `data-passkey` is where what
// is to be signed comes from; with `data-passkey-make` a passkey is made, with `data-passkey-only` the form's own button asks,
// with `data-passkey-filled` the whole form is looked at before.
const inBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const inText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_")
  .replaceAll("=", "");
const named = (list = []) => list.map((one) => ({ ...one, id: inBytes(one.id) }));

export function enhance(field) {
  const { form, dataset } = field;
  const place = form.querySelector("[data-passkey-said]");
  const say = (sentence) => { place.textContent = sentence; };
  const makes = "passkeyMake" in dataset;
  let asking = false;

  async function ask() {
    if (asking) return;
    asking = true;
    say("");
    const told = "passkeyFilled" in dataset ? new FormData(form) : { csrf_token: form.elements.csrf_token?.value ?? "" };
    try {
      const answer = await fetch(dataset.passkey, {
        method: "POST", body: new URLSearchParams(told),
        headers: { Accept: "application/json" }, redirect: "error",
      });
      if (answer.ok) {
        const options = await answer.json();
        field.value = JSON.stringify(plain(makes ? await made(options) : await used(options)));
      } else if (!makes) {
        say((await answer.json()).detail);
        return;
      } else if ("passkeyFilled" in dataset) {
        field.value = "none";
      }
      form.submit(); // without an answer too: the page says why it was not given one
    } catch (fault) {
      say(fault.name === "InvalidStateError" ? dataset.known : dataset.stopped);
    } finally {
      asking = false;
    }
  }

  const works = Boolean(window.PublicKeyCredential);
  if ("passkeyOnly" in dataset) {
    if (!works) say(dataset.missing);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (works) ask();
    });
  } else if (works) {
    for (const button of form.querySelectorAll("[data-passkey-ask]")) {
      button.hidden = false;
      button.addEventListener("click", ask);
    }
  }
}

function made(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? {
    ...options, challenge: inBytes(options.challenge), user: { ...options.user, id: inBytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  return navigator.credentials.create({ publicKey });
}

function used(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? {
    ...options, challenge: inBytes(options.challenge), allowCredentials: named(options.allowCredentials),
  };
  return navigator.credentials.get({ publicKey });
}

function plain(credential) {
  if (credential.toJSON) return credential.toJSON();
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const found = names.filter((name) => credential.response[name]).map((name) => [name, inText(credential.response[name])]);
  return {
    id: credential.id, rawId: inText(credential.rawId), type: credential.type, clientExtensionResults: {},
    response: Object.fromEntries(found),
  };
}
