import { describe, expect, it } from 'vitest';
import { ollamaBaseUrl } from '../../src/services/agent/ollama-host.ts';

describe('OLLAMA_HOST', () => {
  it.each([
    ['', 'http://127.0.0.1:11434'],
    ['localhost', 'http://localhost:11434'],
    ['127.0.0.1:1234', 'http://127.0.0.1:1234'],
    [':1234', 'http://127.0.0.1:1234'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:5', 'http://127.0.0.1:5'],
    ['http://0.0.0.0:5', 'http://127.0.0.1:5'],
    ['[::]:5', 'http://[::1]:5'],
    ['::', 'http://[::1]:11434'],
    ['::1', 'http://[::1]:11434'],
    ['[fe80::1]:80', 'http://[fe80::1]:80'],
    ['http://gpu.local', 'http://gpu.local'],
    ['https://gpu.local/', 'https://gpu.local'],
    ['https://gpu.local:8443/ollama/', 'https://gpu.local:8443/ollama'],
    ['gpu.local/ollama', 'http://gpu.local:11434/ollama'],
    [' "gpu.local" ', 'http://gpu.local:11434'],
  ])('%j is reached at %s', (host, url) => {
    expect(ollamaBaseUrl(host)).toBe(url);
  });

  it.each(['ftp://x', 'http://user:secret@x', 'a b', 'x:port', 'x:70000', 'http://x?y', '[::1'])(
    '%j is none',
    (host) => {
      expect(ollamaBaseUrl(host)).toBeUndefined();
    },
  );
});
