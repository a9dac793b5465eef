// The forge adapters as the contract suite runs them: Octokit over HTTP, gh over HTTPS.
import type { Forge } from '../../../src/services/forge/forge.ts';
import { ghForge } from '../../../src/services/forge/gh.ts';
import { octokitForge } from '../../../src/services/forge/octokit.ts';
import { maskOf } from '../../../src/services/process/mask.ts';
import type { GitHub } from '../github/github.ts';
import { lacksGh } from '../lacks.ts';

type Wish = { token?: string; callMaxMs?: number; spaceWrites?: boolean };
export type ForgeAdapter = {
  name: string;
  make(github: GitHub, wish?: Wish): Forge;
  /** A forge for a server that is not there. */
  makeUnreachable(): Forge;
};

// The discard port: nothing listens there.
const nobody = '127.0.0.1:9';

const octokit: ForgeAdapter = {
  name: 'octokit',
  make(github, { token = github.token, spaceWrites = false, ...limits } = {}) {
    const options = { apiUrl: github.apiUrl, token, userAgent: 'codingworker-test', mask: maskOf([token]), ...limits };
    return octokitForge({ ...options, spaceWrites });
  },
  makeUnreachable: () =>
    octokitForge({ apiUrl: `http://${nobody}`, token: 'none', userAgent: 'codingworker-test', mask: maskOf([]) }),
};

const gh: ForgeAdapter = {
  name: 'gh',
  make(github, { token = github.token, callMaxMs } = {}) {
    if (github.tls === undefined) throw new Error('gh needs a stand-in with TLS.');
    const { host, caFile } = github.tls;
    return ghForge({ host, caFile, token, mask: maskOf([token]), ...(callMaxMs !== undefined && { callMaxMs }) });
  },
  makeUnreachable: () => ghForge({ host: nobody, token: 'none', mask: maskOf([]) }),
};

/** Every adapter that can be tried here. */
export const forgeAdapters: readonly ForgeAdapter[] = lacksGh() ? [octokit] : [octokit, gh];
