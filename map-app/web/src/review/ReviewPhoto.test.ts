import { describe, expect, it } from 'vitest';
import type { PhotoDetail } from '../api/types';
import { findingIn } from './ReviewPhoto';

const photo = (...findings: [id: string, mergedInto: string | null][]) =>
  ({ findings: findings.map(([findingId, mergedInto]) => ({ properties: { findingId, mergedInto } })) }) as unknown as PhotoDetail;

describe('findingIn', () => {
  it('is the finding itself, whichever piece of the same damage comes first', () => {
    expect(findingIn(photo(['piece', 'whole'], ['whole', null]), 'whole')).toBe('whole');
  });

  it('is on another photo what was merged into it, and nothing where the damage is not seen', () => {
    expect(findingIn(photo(['other', null], ['piece', 'whole']), 'whole')).toBe('piece');
    expect(findingIn(photo(['other', null]), 'whole')).toBeNull();
  });
});
