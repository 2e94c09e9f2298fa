import { askForProof } from './proof';
import { offerAuthenticator } from './session';

/** A key for an authenticator app; the person is asked for the password first when the last time is long ago. */
export async function fetchOffer() {
  const result = await offerAuthenticator();
  return !result.ok && result.refusal?.code === 'prove-again' && (await askForProof()) ? offerAuthenticator() : result;
}
