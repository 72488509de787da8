/** Milliseconds of CPU that `work` took in this process: what others do on the machine meanwhile does not count, as it would by the clock. */
export function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
