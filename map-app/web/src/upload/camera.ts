import ExifReader from 'exifreader';
import type { AerialBody } from '../edge/types';

/** Metadata lies at the beginning; what is behind this is pixels. */
export const headBytes = 1 << 20;

type Tags = Record<string, { value?: unknown } | undefined>;
interface Groups {
  file?: Tags;
  exif?: Tags;
  gps?: { Latitude?: number; Longitude?: number; Altitude?: number };
  xmp?: Tags;
}

const none: AerialBody = { place: null, capturedAt: null, capturedAtAssumed: false, camera: {} };

/** What the EXIF and XMP of a JPEG say (SPEC section 5), as the drone's own agent reads it. What is damaged or absurd is left out: it must not keep the photo here. */
export function readCamera(head: ArrayBuffer): AerialBody {
  let groups: Groups;
  try {
    groups = ExifReader.load(head, { expanded: true }) as unknown as Groups;
  } catch {
    return none;
  }
  const file = groups.file ?? {};
  const exif = groups.exif ?? {};
  const dji = groups.xmp ?? {};
  const xmp = (name: string) => number(dji[name]);
  const altitude = within(gpsAltitude(exif), -12_000, 100_000);
  const camera = {
    make: text(exif['Make']),
    model: text(exif['Model']),
    widthPx: whole(file['Image Width']),
    heightPx: whole(file['Image Height']),
    exifWidthPx: whole(exif['PixelXDimension']),
    focalMm: positive(number(exif['FocalLength']), 10_000),
    focal35Mm: positive(number(exif['FocalLengthIn35mmFilm']), 10_000),
    focalPlaneXResolution: positive(number(exif['FocalPlaneXResolution']), 1e9),
    focalPlaneUnitMm: { 2: 25.4, 3: 10, 4: 1 }[number(exif['FocalPlaneResolutionUnit']) ?? 0],
    calibratedFocalPx: positive(xmp('CalibratedFocalLength'), 1_000_000),
    gpsAltitudeM: altitude,
    relativeAltitudeM: within(xmp('RelativeAltitude'), -12_000, 100_000),
    gimbalYawDeg: degrees(xmp('GimbalYawDegree')),
    gimbalPitchDeg: degrees(xmp('GimbalPitchDegree')),
    gimbalRollDeg: degrees(xmp('GimbalRollDegree')),
    flightYawDeg: degrees(xmp('FlightYawDegree')),
    flightPitchDeg: degrees(xmp('FlightPitchDegree')),
    flightRollDeg: degrees(xmp('FlightRollDegree')),
    gpsTrackDeg: text(exif['GPSTrackRef']) === 'M' ? undefined : degrees(number(exif['GPSTrack'])),
    rtkFlag: rtk(xmp('RtkFlag')),
    altitudeType: text(dji['AltitudeType']),
    rtkStdLonM: within(xmp('RtkStdLon'), 0, 1000),
    rtkStdLatM: within(xmp('RtkStdLat'), 0, 1000),
    rtkStdHeightM: within(xmp('RtkStdHgt'), 0, 1000),
    laserDistanceM: text(dji['LRFStatus']) === 'Normal' ? positive(xmp('LRFTargetDistance'), 10_000) : undefined,
  };
  const known = Object.fromEntries(Object.entries(camera).filter(([, value]) => value !== undefined));
  const lon = groups.gps?.Longitude ?? xmp('GpsLongitude') ?? xmp('GpsLongtitude'); // older firmware misspells it
  const lat = groups.gps?.Latitude ?? xmp('GpsLatitude');
  return { place: place(lon, lat, altitude), ...capturedAt(exif), camera: known };
}

function place(lon: number | undefined, lat: number | undefined, altitude: number | undefined): AerialBody['place'] {
  if (lon === undefined || lat === undefined || !(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90) || (lon === 0 && lat === 0)) return null;
  return altitude === undefined ? [lon, lat] : [lon, lat, altitude];
}

function gpsAltitude(exif: Tags): number | undefined {
  const altitude = number(exif['GPSAltitude']);
  return altitude === undefined ? undefined : number(exif['GPSAltitudeRef']) === 1 ? -altitude : altitude;
}

/** The camera's time; one that names no offset is taken for this computer's, and said to be. */
function capturedAt(exif: Tags): Pick<AerialBody, 'capturedAt' | 'capturedAtAssumed'> {
  const parts = /^([0-9]{4}):([0-9]{2}):([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})$/.exec(text(exif['DateTimeOriginal']) ?? '')?.slice(1).map(Number);
  const unknown = { capturedAt: null, capturedAtAssumed: false };
  if (!parts) return unknown;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const fraction = text(exif['SubSecTimeOriginal']) ?? '';
  const ms = /^[0-9]+$/.test(fraction) ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const check = new Date(utc);
  if (year < 1000 || check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return unknown;
  const offset = /^([+-])([0-9]{2}):([0-9]{2})$/.exec(text(exif['OffsetTimeOriginal']) ?? '');
  const time = offset ? utc - (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 : new Date(year, month - 1, day, hour, minute, second, ms).getTime();
  return { capturedAt: new Date(time).toISOString(), capturedAtAssumed: offset === null };
}

/** A tag's number: plain, rational, or the text of one. */
function number(tag: { value?: unknown } | undefined): number | undefined {
  const raw: unknown = Array.isArray(tag?.value) && tag.value.length === 1 ? (tag.value as unknown[])[0] : tag?.value;
  const value = typeof raw === 'number' ? raw
    : Array.isArray(raw) && raw.length === 2 && raw.every((n) => typeof n === 'number') ? raw[0]! / raw[1]!
    : typeof raw === 'string' && /^\s*[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?\s*$/.test(raw) ? Number(raw)
    : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function text(tag: { value?: unknown } | undefined): string | undefined {
  const raw: unknown = Array.isArray(tag?.value) ? (tag.value as unknown[])[0] : tag?.value;
  if (typeof raw !== 'string') return undefined;
  const trimmed = raw.replace(/^[\0 \t\r\n]+|[\0 \t\r\n]+$/g, '').slice(0, 128);
  return trimmed === '' ? undefined : trimmed;
}

const within = (value: number | undefined, least: number, most: number) => (value !== undefined && value >= least && value <= most ? value : undefined);
const degrees = (value: number | undefined) => within(value, -720, 720);
const positive = (value: number | undefined, most: number) => (value !== undefined && value > 0 && value <= most ? value : undefined);
const whole = (tag: { value?: unknown } | undefined) => {
  const value = within(number(tag), 0, 1_000_000);
  return value === undefined ? undefined : Math.trunc(value);
};
const rtk = (value: number | undefined) => {
  const flag = within(value, 0, 255);
  return flag === undefined ? undefined : Math.trunc(flag);
};
