import { lookAtSession } from '../access/look';
import { fetchProven } from '../access/proof';
import { ApiError, getJson } from '../api/client';
import type { Battery, Booking, DoorEntry, Facility, ImportAnswer, IssuedPin } from './types';

/** Why it was not done, in the server's words. */
export interface Fault {
  code: string;
  ja: string;
  en: string;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; fault: Fault | null };

export const getFacilities = async (signal?: AbortSignal) => (await getJson<{ facilities: Facility[] }>('/api/v1/facilities', signal)).facilities;

export async function getBookings(facilityId: string, from: string, to: string, signal?: AbortSignal): Promise<Booking[]> {
  const query = new URLSearchParams({ facility: facilityId, from, to });
  return (await getJson<{ bookings: Booking[] }>(`/api/v1/bookings?${query}`, signal)).bookings;
}

export const getBatteries = async (signal?: AbortSignal) => (await getJson<{ doors: Battery[] }>('/api/v1/doors/batteries', signal)).doors;

export const logQuery = (facilityId: string, from: string, to: string) => new URLSearchParams({ ...(facilityId ? { facility: facilityId } : {}), from, to }).toString();

export const getDoorLog = async (query: string, signal?: AbortSignal) => (await getJson<{ entries: DoorEntry[] }>(`/api/v1/doors/log?${query}`, signal)).entries;

export const doorLogCsv = (query: string) => `/api/v1/doors/log/csv?${query}`;

export interface BookingValues {
  facilityId: string;
  roomId: string;
  start: string;
  end: string;
  name: string;
  contact: string;
  purpose: string;
  oneTime: boolean;
}

const pathOf = (bookingId: string) => `/api/v1/bookings/${encodeURIComponent(bookingId)}`;
const whoOf = (who: string) => (who ? { who } : {});

/** `revision` is the one that was seen, 0 for a new booking. */
export const putBooking = (bookingId: string, values: BookingValues, revision: number, who: string) => send<Booking>('PUT', pathOf(bookingId), { ...values, revision, ...whoOf(who) });
export const cancelBooking = (bookingId: string, revision: number, who: string) => send<Booking>('POST', `${pathOf(bookingId)}/cancel`, { revision, ...whoOf(who) });
export const issuePin = (bookingId: string, who: string) => send<IssuedPin>('POST', `${pathOf(bookingId)}/pin`, whoOf(who));

/** The slip as a file: a page to print, or a PDF. */
export async function getSlip(bookingId: string, format: 'html' | 'pdf', who: string): Promise<Answer<Blob>> {
  const response = await ask('POST', `${pathOf(bookingId)}/slip`, JSON.stringify({ format, ...whoOf(who) }), 'application/json');
  return response?.ok ? { ok: true, value: await response.blob() } : { ok: false, fault: await faultOf(response) };
}

export async function importBookings(file: File, trial: boolean, who: string): Promise<Answer<ImportAnswer>> {
  const query = new URLSearchParams({ trial: String(trial), ...whoOf(who) });
  return read(await ask('POST', `/api/v1/bookings/import?${query}`, file, 'text/csv'));
}

export type Outcome = 'sent' | 'done' | 'refused' | 'failed' | 'expired';

/** Tells a lock to open or close; what becomes of it comes with the event `command:ID`. */
export const sendLock = (device: string, name: 'lock.open' | 'lock.close', reason: string, who: string) =>
  send<{ commandId: string }>('POST', `/api/v1/devices/${encodeURIComponent(device)}/commands`, { name, reason, expiresInSeconds: 60, ...whoOf(who) });

export const getOutcome = (device: string, commandId: string) =>
  getJson<{ outcome: Outcome; detail?: string | null }>(`/api/v1/devices/${encodeURIComponent(device)}/commands/${encodeURIComponent(commandId)}`);

async function send<T>(method: string, path: string, body: object): Promise<Answer<T>> {
  return read(await ask(method, path, JSON.stringify(body), 'application/json'));
}

async function ask(method: string, path: string, body: BodyInit, type: string): Promise<Response | null> {
  try {
    const response = await fetchProven(path, { method, headers: { 'content-type': type, 'accept-language': document.documentElement.lang }, body });
    if (response.status === 401) lookAtSession();
    return response;
  } catch {
    return null;
  }
}

async function read<T>(response: Response | null): Promise<Answer<T>> {
  return response?.ok ? { ok: true, value: (await response.json()) as T } : { ok: false, fault: await faultOf(response) };
}

async function faultOf(response: Response | null): Promise<Fault | null> {
  const said = (await response?.json().catch(() => null)) as (Partial<Fault> & { error?: unknown }) | null | undefined;
  if (said && typeof said.ja === 'string' && typeof said.en === 'string') return { code: said.code ?? '', ja: said.ja, en: said.en };
  return typeof said?.error === 'string' ? { code: '', ja: said.error, en: said.error } : null;
}

export { ApiError };
