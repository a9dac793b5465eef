// Git over HTTP by git's own `http-backend`, behind the same tokens as the REST calls.
import { execa } from 'execa';
import { isolatedGitEnvironment } from './bare-repository.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { GitHubState, Token } from './state.ts';

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export const isGitPath = (path: string): boolean => gitPath.test(path);

const plain = (status: number, text: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: `${text}\n`,
});

/** 401 without a good token, 404 for what the token cannot see, 403 for a push that it may not do; the rest is git's answer. */
export async function answerGit(state: GitHubState, exchange: Exchange): Promise<Reply> {
  const [, owner = '', name = '', service = ''] = gitPath.exec(exchange.path) ?? [];
  const token = tokenOf(state, exchange.headers.authorization);
  if (token === undefined) {
    const said = exchange.headers.authorization === undefined ? 'No credentials' : 'Invalid username or token';
    return plain(401, said, { 'www-authenticate': 'Basic realm="GitHub"' });
  }
  const repository = state.find(`${owner}/${name}`);
  if (repository === undefined || token.permission === 'none') return plain(404, 'Repository not found.');
  const pushes = service === 'git-receive-pack' || exchange.query.get('service') === 'git-receive-pack';
  if (pushes && token.permission === 'read') {
    return plain(403, `Permission to ${repository.fullName}.git denied to ${token.account.login}.`);
  }
  return backend(repository.directory, service, exchange, token);
}

/** The token is the password, whatever the user's name, as on GitHub. */
function tokenOf(state: GitHubState, authorization: string | undefined): Token | undefined {
  const encoded = /^basic (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  return state.tokens.get(credentials.slice(credentials.indexOf(':') + 1));
}

async function backend(directory: string, service: string, exchange: Exchange, token: Token): Promise<Reply> {
  const header = (name: string): string => {
    const value = exchange.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const env = {
    ...isolatedGitEnvironment,
    GIT_PROJECT_ROOT: directory,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${service}`,
    QUERY_STRING: exchange.query.toString(),
    REQUEST_METHOD: exchange.method,
    REMOTE_USER: token.account.login,
    REMOTE_ADDR: '127.0.0.1',
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: String(exchange.body.length),
    // http-backend itself inflates a gzip body, and hands the protocol version on.
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    HTTP_GIT_PROTOCOL: header('git-protocol'),
    GIT_PROTOCOL: header('git-protocol'),
  };
  const input = new Uint8Array(exchange.body);
  const options = { env, extendEnv: false, input, encoding: 'buffer', reject: false } as const;
  const { stdout, exitCode } = await execa('git', ['http-backend'], options);
  // It fails after a refusal, too, of an object that it does not have for one; the refusal is its answer.
  if (exitCode !== 0 && stdout.length === 0) throw new Error(`git http-backend ended with ${exitCode}.`);
  return cgiReply(Buffer.from(stdout));
}

/** A CGI answer: headers, an empty line, the body; the status is a header. */
function cgiReply(output: Buffer): Reply {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString('latin1').split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const { status = '200', ...headers } = Object.fromEntries(pairs);
  return { status: Number.parseInt(status, 10), headers, body: output.subarray(end + 4) };
}
