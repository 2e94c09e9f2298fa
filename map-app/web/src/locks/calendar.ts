import { minutesInto } from './times';
import type { Booking, Room } from './types';

export interface Block {
  booking: Booking;
  /** index of the room's column */
  column: number;
  /** share of the shown hours, 0 to 1 */
  top: number;
  height: number;
}

/** The hours that a day shows: those of an office day, and more where something is booked. */
export function hoursOf(day: string, bookings: Booking[]): [first: number, last: number] {
  const held = bookings.filter((b) => b.state === 'booked');
  const first = Math.min(8, ...held.map((b) => Math.floor(Math.max(0, minutesInto(day, b.start)) / 60)));
  const last = Math.max(22, ...held.map((b) => Math.ceil(Math.min(1440, minutesInto(day, b.end)) / 60)));
  return [first, last];
}

/** Where each booking of a day stands. Cancelled ones are in the list only. */
export function blocksOf(day: string, rooms: Room[], bookings: Booking[], [first, last]: [number, number]): Block[] {
  const span = (last - first) * 60;
  return bookings.flatMap((booking) => {
    const column = rooms.findIndex((r) => r.roomId === booking.roomId);
    const from = Math.max(first * 60, minutesInto(day, booking.start));
    const to = Math.min(last * 60, minutesInto(day, booking.end));
    return booking.state !== 'booked' || column < 0 || to <= from ? [] : [{ booking, column, top: (from - first * 60) / span, height: (to - from) / span }];
  });
}
