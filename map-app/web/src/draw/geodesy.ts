/** GRS 80, the ellipsoid of JGD2011. */
const a = 6_378_137;
const f = 1 / 298.257222101;
const b = a * (1 - f);
const e2 = f * (2 - f);
const e = Math.sqrt(e2);
const rad = Math.PI / 180;

export type Position = [lon: number, lat: number];

/**
 * Metres along the ellipsoid between two places (Vincenty 1975, the inverse formula). For nearly opposite ends of the earth, where it does not
 * settle, the great circle.
 */
export function distanceM([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  if (lon1 === lon2 && lat1 === lat2) return 0;
  const l = (lon2 - lon1) * rad;
  const u1 = Math.atan((1 - f) * Math.tan(lat1 * rad));
  const u2 = Math.atan((1 - f) * Math.tan(lat2 * rad));
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = l;
  for (let i = 0; i < 100; i++) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (cos1 * cos2 * sinL) / sinS;
    const cos2A = 1 - sinA * sinA;
    const cos2M = cos2A === 0 ? 0 : cosS - (2 * sin1 * sin2) / cos2A;
    const c = (f / 16) * cos2A * (4 + f * (4 - 3 * cos2A));
    const next = l + (1 - c) * f * sinA * (sigma + c * sinS * (cos2M + c * cosS * (2 * cos2M * cos2M - 1)));
    if (Math.abs(next - lambda) < 1e-12) {
      const k = (cos2A * (a * a - b * b)) / (b * b);
      const big = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
      const small = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
      const delta = small * sinS * (cos2M + (small / 4) * (cosS * (2 * cos2M * cos2M - 1) - (small / 6) * cos2M * (4 * sinS * sinS - 3) * (4 * cos2M * cos2M - 3)));
      return b * big * (sigma - delta);
    }
    lambda = next;
  }
  return a * Math.acos(Math.min(1, Math.sin(lat1 * rad) * Math.sin(lat2 * rad) + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.cos(l)));
}

/** Metres along a line. */
export const lengthM = (line: Position[]) => line.slice(1).reduce((sum, to, i) => sum + distanceM(line[i]!, to), 0);

/** q of the authalic latitude (Snyder 1987, 3-12): the surface between the equator and a parallel is proportional to it. */
function q(latDeg: number): number {
  const s = Math.sin(latDeg * rad);
  return (1 - e2) * (s / (1 - e2 * s * s) - (1 / (2 * e)) * Math.log((1 - e * s) / (1 + e * s)));
}

/** Square metres inside a ring that need not be closed: exact surface between meridians, with edges straight in longitude and that surface; for rings of a city. */
export function areaM2(ring: Position[]): number {
  if (ring.length < 3) return 0;
  let sum = 0;
  ring.forEach(([lon1, lat1], i) => {
    const [lon2, lat2] = ring[(i + 1) % ring.length]!;
    sum += (lon2 - lon1) * rad * (q(lat1) + q(lat2));
  });
  return Math.abs((sum * a * a) / 4);
}
