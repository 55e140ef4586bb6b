// Waits for a condition of something that runs: it is asked again and again, and the test's own timeout ends it.

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5))
}
