/** 1 for Monday to 7 for Sunday, in UTC. */
export function weekday(date) {
  return date.getUTCDay() || 7;
}

/** The ISO 8601 week number of a date, in UTC. */
export function isoWeek(date) {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  const days = (date.getTime() - start) / 86_400_000;
  return Math.floor(days / 7) + 1;
}
