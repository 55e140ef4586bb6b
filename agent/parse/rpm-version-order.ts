// Orders versions as rpm does: digits and letters in turn, `~` before the end and `^` behind it.

/** Negative when a is older, positive when newer, 0 when neither. Takes `version-release`; epochs are the caller's. */
export function compareRpmVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)]
  return compareLabels(left[0], right[0]) || compareLabels(left[1], right[1])
}

function parts(text: string): readonly [version: string, release: string] {
  const dash = text.lastIndexOf('-')
  return dash < 0 ? [text, ''] : [text.slice(0, dash), text.slice(dash + 1)]
}

/** rpmvercmp(): everything that is no letter, no digit, `~` or `^` only separates. */
function compareLabels(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)]
  for (let index = 0; index < left.length || index < right.length; index += 1) {
    const difference = compareSegments(left[index] ?? '', right[index] ?? '')
    if (difference !== 0) return difference
  }
  return 0
}

function segments(label: string): readonly string[] {
  return label.match(/\d+|[A-Za-z]+|[~^]/g) ?? []
}

/** What stands for nothing is between `~` and `^`, and older than letters; letters are older than numbers. */
function compareSegments(a: string, b: string): number {
  const difference = rank(a) - rank(b)
  if (difference !== 0) return difference
  const [left, right] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
  if (rank(a) === numberRank && left.length !== right.length) return left.length - right.length
  return left < right ? -1 : left > right ? 1 : 0
}

const numberRank = 4

function rank(segment: string): number {
  if (segment === '~') return 0
  if (segment === '') return 1
  if (segment === '^') return 2
  return /^\d/.test(segment) ? numberRank : 3
}
