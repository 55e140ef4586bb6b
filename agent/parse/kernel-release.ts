// Reads what a kernel's names tell: the order of releases, and the package version in its build line.
import { compareVersions } from './version-order.ts'

/**
 * Whether a release is newer than another. Flavours are of equal age: `6.1.0-56-amd64` and `6.1.0-56-cloud-amd64`.
 * Candidates come before what they become: `6.12.0-rc3`.
 */
export function isNewerRelease(release: string, than: string): boolean {
  const [a, b] = [numbersOf(release), numbersOf(than)]
  return compareVersions(a, b) > 0
}

function numbersOf(release: string): string {
  const numbers = /^\d+(?:[.-]\d+)*/.exec(release)?.[0] ?? release
  const candidate = /^-rc\d+/.exec(release.slice(numbers.length))?.[0] ?? ''
  return `${numbers}${candidate.replace('-', '~')}`
}

/** `#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-11-20)` → `6.1.176-1`; empty for kernels that do not say. */
export function packageVersionOfBuild(build: string): string {
  return / Debian (\d\S{0,80}) \(\d{4}-\d\d-\d\d\)/.exec(build)?.[1] ?? ''
}
