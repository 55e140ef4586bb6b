// Orders versions of programs as releases follow each other: 1.9.0 before 1.10.0, 2.0.0-rc.1 before 2.0.0.

/**
 * Negative when a is older, positive when newer, 0 when neither. What stands after a `+` has no part in it.
 * @source https://semver.org/spec/v2.0.0.html §11
 */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  const difference = compareLists(left.numbers, right.numbers)
  if (difference !== 0) return difference
  // A release comes after everything that led to it.
  if (left.before.length === 0 || right.before.length === 0) return right.before.length - left.before.length
  return compareLists(left.before, right.before)
}

function partsOf(version: string) {
  const [precedence = ''] = version.split('+')
  const dash = precedence.indexOf('-')
  if (dash < 0) return { numbers: precedence.split('.'), before: [] }
  return { numbers: precedence.slice(0, dash).split('.'), before: precedence.slice(dash + 1).split('.') }
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = compareParts(a[index] ?? '', b[index] ?? '')
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Numbers come before words. */
function compareParts(a: string, b: string): number {
  const [left, right] = [isNumber(a), isNumber(b)]
  if (left !== right) return left ? -1 : 1
  if (!left) return a < b ? -1 : Number(a > b)
  const difference = BigInt(a) - BigInt(b)
  return difference < 0n ? -1 : Number(difference > 0n)
}

const isNumber = (text: string): boolean => /^\d{1,20}$/.test(text)
