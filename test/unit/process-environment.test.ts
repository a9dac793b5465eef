import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../src/services/process/environment.ts';

describe('the environment of a child', () => {
  it('has no folder of npm on its PATH, nor a relative one', () => {
    const path = [
      '/work/app/node_modules/.bin',
      '/work/node_modules/.bin/',
      '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin',
      '/usr/bin',
      '',
      '.',
      'node_modules/.bin',
      '/opt/node_modules/.binary',
    ].join(':');
    expect(childEnvironment({}, { PATH: path })).toEqual({ PATH: '/usr/bin:/opt/node_modules/.binary' });
  });

  it('passes only what is on the list, and what is given', () => {
    const from = {
      HOME: '/home/me',
      LC_ALL: 'C.UTF-8',
      https_proxy: 'http://proxy:3128',
      GITHUB_TOKEN: 'x',
      AWS_PROFILE: 'x',
      NODE_OPTIONS: '--require ./x.js',
      npm_config_registry: 'x',
      SSH_AUTH_SOCK: 'x',
      LD_PRELOAD: 'x',
    };
    expect(childEnvironment({ GIVEN: '1', HOME: '/elsewhere' }, from)).toEqual({
      HOME: '/elsewhere',
      LC_ALL: 'C.UTF-8',
      https_proxy: 'http://proxy:3128',
      GIVEN: '1',
    });
  });
});
