/** 1 for Monday to 7 for Sunday, in UTC. */
export function weekday(date) {
  return date.getUTCDay() || 7;
}
