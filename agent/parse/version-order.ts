// Orders versions as dpkg does (deb-version(7)): numbers as numbers, `~` before everything, letters before signs.

/** Negative when a is older, positive when newer, 0 when neither. Epochs and revisions are compared as they stand. */
export function compareVersions(a: string, b: string): number {
  let left = 0
  let right = 0
  while (left < a.length || right < b.length) {
    while ((left < a.length && !isDigit(a[left])) || (right < b.length && !isDigit(b[right]))) {
      const difference = weight(a[left]) - weight(b[right])
      if (difference !== 0) return difference
      left += 1
      right += 1
    }
    const [leftNumber, rightNumber] = [numberAt(a, left), numberAt(b, right)]
    const difference = compareNumbers(leftNumber.digits, rightNumber.digits)
    if (difference !== 0) return difference
    left = leftNumber.end
    right = rightNumber.end
  }
  return 0
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9'

/** A number and the end of the text weigh nothing, `~` less than nothing. */
function weight(char: string | undefined): number {
  if (char === undefined || isDigit(char)) return 0
  if (char === '~') return -1
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256
}

function numberAt(text: string, start: number): { readonly digits: string; readonly end: number } {
  let end = start
  while (isDigit(text[end])) end += 1
  return { digits: text.slice(start, end).replace(/^0+/, ''), end }
}

/** Without leading zeros the longer number is the larger one, however many digits it has. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
