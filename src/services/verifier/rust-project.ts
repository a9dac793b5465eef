// Rust crates and workspaces: Cargo.toml in the top folder. Clippy's warnings do not fail it, as they do not on its own.
import { has, textOf } from './checkout-files.ts';
import type { Detector, VerifyCommand } from './verify-command.ts';

const tool = { name: 'cargo', get: 'Install Rust from https://rustup.rs.' };
const clippy = {
  name: 'cargo clippy',
  get: 'Install it with `rustup component add clippy`.',
  check: { program: 'cargo', args: ['clippy', '--version'] },
  optional: true as const,
};

const cargo = (kind: VerifyCommand['kind'], ...args: string[]): VerifyCommand => ({
  kind,
  program: 'cargo',
  args,
  display: ['cargo', ...args].join(' '),
  tool,
});

export const rustProject: Detector = async ({ base, head }) => {
  if (!(await has(base, 'Cargo.toml'))) return [];
  const isLocked = /^source = /m.test((await textOf(head, 'Cargo.lock')) ?? '');
  const hasDependencies = /^\s*\[.*dependencies.*\]/m.test((await textOf(head, 'Cargo.toml')) ?? '');
  return [
    ...(isLocked || hasDependencies ? [cargo('install', 'fetch')] : []),
    cargo('build', 'build', '--workspace'),
    { ...cargo('lint', 'clippy', '--workspace'), tool: clippy },
    { ...cargo('test', 'test', '--workspace'), runner: 'cargo' },
  ];
};
