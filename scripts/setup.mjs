// Sets up what the npm scripts need, each time they start: does only what is missing, and takes no time when nothing is.
// Plain JavaScript without dependencies, for Node 20 and an empty checkout.
import { aiderPart } from './setup/aider.mjs';
import { withLock } from './setup/lock.mjs';
import { nodePart } from './setup/node-packages.mjs';
import { missingPrograms, SetupFailure } from './setup/system.mjs';

const usage = 'usage: node scripts/setup.mjs [--quiet] [--check] [--only node|aider]';

/** Reads the flags; undefined when they make no sense. */
function readFlags(args) {
  const flags = { quiet: false, check: false, only: undefined };
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--quiet') flags.quiet = true;
    else if (args[at] === '--check') flags.check = true;
    else if (args[at] === '--only' && ['node', 'aider'].includes(args[at + 1])) flags.only = args[(at += 1)];
    else return undefined;
  }
  return flags;
}

async function main(args) {
  const flags = readFlags(args);
  if (flags === undefined) throw new SetupFailure(usage);
  const say = (line) => {
    if (!flags.quiet) console.log(line);
  };
  const parts = [nodePart, aiderPart].filter((part) => flags.only === undefined || part.name === flags.only);
  const open = parts.filter((part) => part.missing() !== undefined);
  const lacking = missingPrograms();
  if (flags.check) {
    const all = [...lacking, ...open.map((part) => part.missing())];
    for (const line of all) console.log(line);
    if (all.length === 0) say('Everything is set up.');
    return all.length === 0 ? 0 : 1;
  }
  if (lacking.length > 0) throw new SetupFailure(lacking.join('\n'));
  if (open.length === 0) return 0;
  await withLock(say, () => {
    // Another set-up may have done it while this one waited.
    for (const part of open) if (part.missing() !== undefined) part.install(say);
  });
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
