// Where the stand-in for Aider is. It costs a few milliseconds where Aider costs two seconds and more to start.
import { fileURLToPath } from 'node:url';

/** Value for `agent.command`. An issue's text may ask it for something else by a line `agent: hang` (see the script). */
export const fakeAider = fileURLToPath(new URL('./aider', import.meta.url));
