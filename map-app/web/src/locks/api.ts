import { send } from '../api/answer';
import { getJson } from '../api/client';
import type { Battery, Booking, DoorLogPage, Facility, FacilityChange, ImportAnswer, IssuedPin } from './types';

export const getFacilities = async (signal?: AbortSignal) => (await getJson<{ facilities: Facility[] }>('/api/v1/facilities', signal)).facilities;

/** Those that were removed. */
export const getRemovedFacilities = async (signal?: AbortSignal) => (await getJson<{ facilities: Facility[] }>('/api/v1/facilities?removed=true', signal)).facilities.filter((f) => f.removedAt);

export async function getBookings(facilityId: string, from: string, to: string, signal?: AbortSignal): Promise<Booking[]> {
  const query = new URLSearchParams({ facility: facilityId, from, to });
  return (await getJson<{ bookings: Booking[] }>(`/api/v1/bookings?${query}`, signal)).bookings;
}

export const getBatteries = async (signal?: AbortSignal) => (await getJson<{ doors: Battery[] }>('/api/v1/doors/batteries', signal)).doors;

/** Of one door; null: it has no lock that tells of its battery. */
export const getBattery = async (device: string, signal?: AbortSignal) => (await getJson<{ doors: Battery[] }>(`/api/v1/doors/batteries?${new URLSearchParams({ device })}`, signal)).doors[0] ?? null;

export const logQuery = (facilityId: string, from: string, to: string) => new URLSearchParams({ ...(facilityId ? { facility: facilityId } : {}), from, to }).toString();

/** One page, the newest first; `next` asks for what came before. */
export const getDoorLog = (query: string, signal?: AbortSignal) => getJson<DoorLogPage>(`/api/v1/doors/log?${query}`, signal);

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
export const getSlip = (bookingId: string, format: 'html' | 'pdf', who: string) => send('POST', `${pathOf(bookingId)}/slip`, { format, ...whoOf(who) }, { read: (response) => response.blob() });

export const importBookings = (file: File, trial: boolean, who: string) =>
  send<ImportAnswer>('POST', `/api/v1/bookings/import?${new URLSearchParams({ trial: String(trial), ...whoOf(who) })}`, new Blob([file], { type: 'text/csv' }));

export type Outcome = 'sent' | 'done' | 'refused' | 'failed' | 'expired';

/** Tells a lock to open or close; what becomes of it comes with the event `command:ID`. */
export const sendLock = (device: string, name: 'lock.open' | 'lock.close', reason: string, who: string) =>
  send<{ commandId: string }>('POST', `/api/v1/devices/${encodeURIComponent(device)}/commands`, { name, reason, expiresInSeconds: 60, ...whoOf(who) });

export const getOutcome = (device: string, commandId: string) =>
  getJson<{ outcome: Outcome; detail?: string | null }>(`/api/v1/devices/${encodeURIComponent(device)}/commands/${encodeURIComponent(commandId)}`);

const facilityPath = (facilityId: string) => `/api/v1/facilities/${encodeURIComponent(facilityId)}`;

/** `revision` is the one that was seen, 0 for a new facility. */
export const putFacility = (facilityId: string, values: object, revision: number, who: string) => send<Facility>('PUT', facilityPath(facilityId), { ...values, revision, ...whoOf(who) });

/** It stays on the server, and can be brought back. */
export const removeFacility = (facilityId: string, revision: number, who: string) =>
  send<Facility>('DELETE', `${facilityPath(facilityId)}?${new URLSearchParams({ revision: String(revision), ...whoOf(who) })}`);

/** Takes back the newest change, also a removal; refused when somebody was later than `revision`. */
export const undoFacility = (facilityId: string, revision: number, who: string) => send<Facility>('POST', `${facilityPath(facilityId)}/undo`, { revision, ...whoOf(who) });

export const getFacilityHistory = async (facilityId: string, signal?: AbortSignal) => (await getJson<{ changes: FacilityChange[] }>(`${facilityPath(facilityId)}/history`, signal)).changes;

/** Somebody has seen the alarm. */
export const acknowledge = (alarmId: string, who: string) => send<null>('POST', `/api/v1/alarms/${encodeURIComponent(alarmId)}/acknowledge`, whoOf(who));
