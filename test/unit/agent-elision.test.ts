import { describe, expect, it } from 'vitest';
import { elisionIn } from '../../src/services/agent/elision.ts';

const lines = [
  '// ... rest of the code ...',
  '  # ... existing code unchanged ...',
  '// … remaining functions …',
  '<!-- ... other rows ... -->',
  '/* ... rest ... */',
  '... existing code ...',
  '// rest of the file remains the same...',
];

describe('a comment that stands for the rest of a file', () => {
  it.each(lines)('is recognised: %s', (line) => {
    expect(elisionIn('a\nb\n', `a\n${line}\n`)).toBe(line.trim());
  });

  it.each([
    'const copy = { ...rest };',
    '  ...existing,',
    'return [...previous, next];',
    'console.log("Loading the rest...");',
    '# Wait for the other side.',
    'def f(*args): ...',
  ])('is not code that has an ellipsis of its own: %s', (line) => {
    expect(elisionIn('', `${line}\n`)).toBeUndefined();
  });

  it('was in the file before', () => {
    expect(elisionIn('// ... rest omitted ...\nx', '// ... rest omitted ...\ny')).toBeUndefined();
  });
});
