/** Bookings are of Japan's days and hours, wherever the screen stands; Japan has no summer time. */
const offsetMs = 9 * 3_600_000;

/** 2026-05-12 of a moment. */
export const dayOf = (at: Date | string) => new Date(new Date(at).getTime() + offsetMs).toISOString().slice(0, 10);

/** 09:30 of a moment. */
export const timeOf = (at: Date | string) => new Date(new Date(at).getTime() + offsetMs).toISOString().slice(11, 16);

/** The moment of a day and a time; 24:00 is the next day's begin. */
export const momentOf = (day: string, time: string) => new Date(Date.parse(`${day}T00:00:00+09:00`) + minutesOf(time) * 60_000).toISOString();

export const minutesOf = (time: string) => {
  const [h, m] = time.split(':');
  return Number(h) * 60 + Number(m ?? 0);
};

/** Another day, so many later. */
export const addDays = (day: string, days: number) => dayOf(new Date(Date.parse(`${day}T00:00:00+09:00`) + days * 86_400_000));

/** Minutes since the day's begin; before it negative. */
export const minutesInto = (day: string, at: string) => (Date.parse(at) - Date.parse(`${day}T00:00:00+09:00`)) / 60_000;
