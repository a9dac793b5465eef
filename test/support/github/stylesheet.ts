// How the stand-in's pages look: close enough to GitHub that a person knows where to read.

export const stylesheet = `
:root { color-scheme: light dark; --line: #8885; --soft: #8881; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 small, time { color: #888; font-weight: normal; }
.badge { border-radius: 1rem; padding: .2rem .7rem; color: #fff; font-size: 12px; }
.open { background: #1a7f37; } .closed { background: #cf222e; } .merged { background: #8250df; }
.label { border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .6rem; font-size: 12px; }
article { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; overflow: auto; }
article header { background: var(--soft); border-bottom: 1px solid var(--line); padding: .4rem 1rem; }
article div { padding: 0 1rem; }
pre, code { font: 12px/1.45 ui-monospace, monospace; background: var(--soft); border-radius: 4px; }
pre { padding: .8rem; overflow: auto; } code { padding: .1rem .3rem; } pre code { padding: 0; background: none; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .3rem .7rem; }
.list { list-style: none; padding: 0; } .list li { border-top: 1px solid var(--line); padding: .6rem 0; }
.diff .added { background: #2da44e33; } .diff .removed { background: #cf222e33; }
.diff .hunk { color: #888; } .diff .file { font-weight: bold; }
`;
