import { describe, expect, it } from 'vitest';
import { fileName } from './download';

describe('the name of a downloaded form', () => {
  it('is the one in UTF-8 when there is one', () => {
    expect(fileName('attachment; filename="form.pdf"; filename*=UTF-8\'\'%E6%A9%8B%E6%A2%81%E7%82%B9%E6%A4%9C%E8%AA%BF%E6%9B%B8.pdf')).toBe('橋梁点検調書.pdf');
  });

  it('is left to the browser when it is broken or absent', () => {
    expect(fileName("attachment; filename*=UTF-8''%E6%A9%8")).toBe('');
    expect(fileName('')).toBe('');
  });
});
