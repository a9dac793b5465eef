import { describe, expect, it } from 'vitest';
import { maskOf } from '../../src/services/process/mask.ts';

const secret = 'ghp_canary+0123/456';

describe('masking', () => {
  it('replaces a secret as it is, URL-encoded, in base64 and as git’s basic credentials', () => {
    const mask = maskOf([secret]);
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(`x-access-token:${secret}`).toString('base64'),
    ];
    expect(forms.map((form) => mask(`a ${form} b`).replaceAll('=', ''))).toEqual(forms.map(() => 'a [secret] b'));
  });

  it('replaces each line of a secret of several lines', () => {
    const mask = maskOf(['-----BEGIN KEY-----\nMIIEcanaryline1\nMIIEcanaryline2\n']);
    expect(mask('log: MIIEcanaryline2!')).toBe('log: [secret]!');
  });

  it('replaces the longer of two secrets that share a beginning', () => {
    expect(maskOf(['canary-1', 'canary-1-long'])('canary-1-long canary-1')).toBe('[secret] [secret]');
  });

  it('leaves the text alone when there is nothing, or something too short, to mask', () => {
    expect(maskOf([undefined, '', 'short', ' \n '])('a short text')).toBe('a short text');
  });
});
