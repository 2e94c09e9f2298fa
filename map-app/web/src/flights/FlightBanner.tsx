import { X } from 'lucide-react';
import { useT } from '../i18n';
import { FlawMark } from './marks';
import { Said } from './FlightDetail';
import { flaws, type FlightReview } from './types';

interface Props {
  review: FlightReview;
  onDetails: () => void;
  onClose: () => void;
}

/** Over the map while a flight is open and its panel is not: what to do, and what the marks mean. */
export function FlightBanner({ review, onDetails, onClose }: Props) {
  const t = useT();
  const there = flaws.filter((flaw) => review.photos.some((p) => p.quality.includes(flaw)));
  return (
    <section className="flight-banner" aria-label={t.flights.banner}>
      <Said review={review} />
      <div className="flight-banner-foot">
        {review.gaps.length > 0 && (
          <span>
            <span className="gap-swatch" aria-hidden /> {t.flights.legendGap}
          </span>
        )}
        {there.map((flaw) => (
          <span key={flaw}>
            <FlawMark flaw={flaw} /> {t.flights.flaw[flaw]}
          </span>
        ))}
        <div className="flight-banner-actions">
          <button type="button" className="button" onClick={onDetails}>
            {t.flights.details}
          </button>
          <button type="button" className="tool icon" onClick={onClose} aria-label={t.flights.close} title={t.flights.close}>
            <X aria-hidden />
          </button>
        </div>
      </div>
    </section>
  );
}
