// What every verify command gets besides the allow-listed environment: no prompts, no colours, no progress bars, no telemetry.

export const commandEnvironment: Readonly<Record<string, string>> = {
  CI: 'true',
  NO_COLOR: '1',
  // GNU programs' messages in English, whatever the machine speaks: some are read (gettext manual, "The LANGUAGE variable").
  LANGUAGE: 'en',
  CLICOLOR: '0',
  TERM: 'dumb',
  DO_NOT_TRACK: '1',
  // A test that opens a page must not open it on the owner's screen.
  BROWSER: 'true',
  GIT_TERMINAL_PROMPT: '0',
  npm_config_color: 'false',
  npm_config_progress: 'false',
  npm_config_update_notifier: 'false',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  // Git hooks are none of a checkout's that is only verified.
  HUSKY: '0',
  YARN_ENABLE_PROGRESS_BARS: 'false',
  YARN_ENABLE_TELEMETRY: '0',
  CARGO_TERM_COLOR: 'never',
  PIP_NO_INPUT: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_PROGRESS_BAR: 'off',
  // What a killed program had printed would otherwise be lost in its buffer.
  PYTHONUNBUFFERED: '1',
};
