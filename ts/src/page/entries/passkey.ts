/**
 * Passkeys on organisers' pages: what the browser makes or proves goes into the form's hidden field, and the form is sent
 * as any other. Without this script the forms stay hidden, and links keep working.
 */

const form = document.querySelector<HTMLFormElement>('form[data-passkey]');

function reveal(name: string, visible: boolean): void {
  const element = document.querySelector<HTMLElement>(`[data-passkey="${name}"]`);
  if (element !== null) element.hidden = !visible;
}

async function answer(asked: HTMLFormElement): Promise<Credential | null> {
  const options: unknown = JSON.parse(asked.dataset['options'] ?? '{}');
  if (asked.dataset['passkey'] === 'create') {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    );
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return navigator.credentials.get({ publicKey });
}

async function press(asked: HTMLFormElement): Promise<void> {
  reveal('failed', false);
  try {
    const credential = await answer(asked);
    const field = asked.elements.namedItem('response');
    if (!(credential instanceof PublicKeyCredential) || !(field instanceof HTMLInputElement)) throw new TypeError();
    field.value = JSON.stringify(credential.toJSON());
  } catch {
    // Refused by the person, or by the device: both are said alike.
    reveal('failed', true);
    return;
  }
  asked.submit();
}

if (form !== null) {
  const able = typeof PublicKeyCredential !== 'undefined' && 'parseCreationOptionsFromJSON' in PublicKeyCredential;
  form.hidden = !able;
  reveal('missing', !able);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void press(form);
  });
}
