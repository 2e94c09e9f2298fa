type Prover = () => Promise<boolean>;

let prover: Prover | null = null;

/** Who shows the question; one at a time. */
export function setProver(ask: Prover): () => void {
  prover = ask;
  return () => {
    if (prover === ask) prover = null;
  };
}

/** Asks the person for the password once more; false when they will not. */
export const askForProof: Prover = () => prover?.() ?? Promise.resolve(false);

/** As `fetch`; where the server wants to know once more who it is, the person is asked and the request sent again. */
export async function fetchProven(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init);
  if (response.status !== 401) return response;
  const said = (await response.clone().json().catch(() => null)) as { code?: unknown } | null;
  return said?.code === 'prove-again' && (await askForProof()) ? fetch(path, init) : response;
}
