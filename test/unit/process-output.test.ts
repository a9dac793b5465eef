import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { outputLogMaxBytes, outputTailMaxChars } from '../../src/events/bounds.ts';
import { maskOf } from '../../src/services/process/mask.ts';
import { BoundedOutput } from '../../src/services/process/output.ts';

const folder = mkdtempSync(join(tmpdir(), 'output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'ghp_canary0123456789';
const mask = maskOf([secret]);
let files = 0;

/** Feeds the chunks, each to the stream it names, as separate events. */
async function outputOf(
  ...chunks: ['out' | 'err', string | Buffer][]
): Promise<{ tail: string; log: string; logFile: string }> {
  files += 1;
  const logFile = join(folder, `${files}.log`);
  const output = new BoundedOutput(mask, logFile);
  const streams = { out: new PassThrough(), err: new PassThrough() };
  output.follow(streams.out);
  output.follow(streams.err);
  for (const [name, chunk] of chunks) {
    streams[name].write(chunk);
    await new Promise(setImmediate);
  }
  await output.end();
  return { tail: output.tail(), log: readFileSync(logFile, 'utf8'), logFile };
}

describe('the output of a program', () => {
  it('keeps a character whole that is split between chunks, also when the other stream comes between', async () => {
    const bytes = Buffer.from('日本語\n');
    const { tail, log } = await outputOf(['out', bytes.subarray(0, 4)], ['err', 'é\n'], ['out', bytes.subarray(4)]);
    expect(tail).toBe('é\n日本語\n');
    expect(log).toBe(tail);
  });

  it('masks a secret that is split over chunks of a line, also when the other stream comes between', async () => {
    const { tail, log } = await outputOf(
      ['out', `token ${secret.slice(0, 9)}`],
      ['err', 'warning\n'],
      ['out', `${secret.slice(9)} end\n`],
    );
    expect(tail).toBe('warning\ntoken [secret] end\n');
    expect(log).toBe(tail);
  });

  it('masks a secret in a line that never ends, wherever it is split', async () => {
    for (const offset of [1, 5, secret.length - 1]) {
      const { tail, log } = await outputOf(
        ['out', '.'.repeat(10_000) + secret.slice(0, offset)],
        ['out', secret.slice(offset) + '.'.repeat(500)],
      );
      expect(log).toContain('.[secret].');
      expect(log).not.toContain(secret);
      expect(tail).not.toContain(secret);
    }
  });

  it('masks a secret that lies where such a line is cut', async () => {
    for (const behind of [990, 995, 999]) {
      const { tail, log } = await outputOf(['out', '.'.repeat(9_000) + secret + '.'.repeat(behind)], ['out', 'end']);
      expect(log.replaceAll('.', '')).toBe('[secret]end');
      expect(tail.replaceAll('.', '')).toBe('[secret]end');
    }
  });

  it('masks a secret that a colour code interrupts', async () => {
    const { tail } = await outputOf(['out', `${secret.slice(0, 6)}\u001B[31m${secret.slice(6)}\n`]);
    expect(tail).toBe('[secret]\n');
  });

  it('masks a secret in the last line without an end', async () => {
    const { tail, log } = await outputOf(['out', `token ${secret}`]);
    expect([tail, log]).toEqual(['token [secret]', 'token [secret]']);
  });

  it('shows the tail as plain text: no colours, no control characters, no carriage returns', async () => {
    const { tail } = await outputOf(['out', '\u001B[1mbold\u001B[0m\r\n10 %\r20 %\r\nbell\u0007nul\u0000tab\t|\n']);
    expect(tail).toBe('bold\n10 %\n20 %\nbellnultab\t|\n');
  });

  it('keeps only the last part in memory, and no half of a character', async () => {
    const { tail } = await outputOf(['out', `first\n${'😀'.repeat(outputTailMaxChars)}!\n`]);
    expect(tail).toHaveLength(outputTailMaxChars);
    expect(tail).not.toContain('first');
    expect(tail.endsWith('😀!\n')).toBe(true);
    expect(tail.isWellFormed()).toBe(true);
    const odd = await outputOf(['out', `${'😀'.repeat(outputTailMaxChars)}!!\n`]);
    expect(odd.tail.isWellFormed()).toBe(true);
  });

  it('keeps the whole in the log up to its bound, and says that the rest is missing', async () => {
    const megabyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    const chunks = Array.from({ length: 25 }, (): ['out', string] => ['out', megabyte]);
    const { logFile, log } = await outputOf(...chunks);
    expect(statSync(logFile).size).toBeLessThan(outputLogMaxBytes + 2 * megabyte.length);
    expect(log.endsWith('the rest of the output was not kept\n')).toBe(true);
  });

  it('is readable by its owner only', async () => {
    const { logFile } = await outputOf(['out', 'x\n']);
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
  });

  it.runIf(existsSync('/dev/full'))('fails as a disk that is full when it is', async () => {
    const output = new BoundedOutput(mask, '/dev/full');
    const stream = new PassThrough();
    output.follow(stream);
    stream.end('some output\n');
    await finished(stream);
    await expect(output.end()).rejects.toMatchObject({ failure: { code: 'CW-WORKSPACE-DISK' } });
  });

  it('fails when the log cannot be written, instead of ending the worker', async () => {
    const output = new BoundedOutput(mask, join(folder, 'missing', 'x.log'));
    await expect(output.end()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
