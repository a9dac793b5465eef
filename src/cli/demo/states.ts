// Where the demo keeps its journals: a state directory for each run, below the one that a worker started here would have.
import { join } from 'node:path';

export const demoStates = (): string => join(process.cwd(), 'state', 'demo');
