// Preloaded by Node (`--import`): the time of day is as many milliseconds later as LATER_MS says, as for a worker that was started hours later.
const laterMs = Number(process.env['LATER_MS']);
const now = Date.now.bind(Date);
Date.now = () => now() + laterMs;
