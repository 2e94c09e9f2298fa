import { fetchProven } from '../access/proof';
import { ApiError } from './client';

/** What the server says is wrong, in its own words, with the whole answer. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly answer: unknown,
  ) {
    super(message);
  }
}

/** Somebody else changed it before. */
export class Stale extends Refused {}

/** Sends and reads JSON; where the server wants to know once more who it is, the person is asked. */
export async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetchProven(path, init);
  } catch {
    throw new ApiError(path, null);
  }
  if (response.status === 204) return undefined as T;
  const body = (await response.json().catch(() => null)) as { error?: string } | null;
  if (!response.ok) {
    if (body?.error) throw new (response.status === 409 ? Stale : Refused)(body.error, body);
    throw new ApiError(path, response.status);
  }
  return body as T;
}

/** Files and what is said of them; what is empty is not sent. */
export function formOf(parts: Record<string, File | string | null>): FormData {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) if (part) body.append(name, part);
  return body;
}
