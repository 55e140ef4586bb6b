// Secrets made anew for each run, and the search for them in whatever form they may have got out.
import { randomBytes, randomInt } from 'node:crypto'

export interface Canaries {
  /** a secret that stands in one place only; its shape changes from place to place */
  plant(place: string): string
  /** the places whose secrets are in these bytes, as `place (form) in where: context` */
  leaks(where: string, bytes: string | Uint8Array): readonly string[]
  readonly places: readonly string[]
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const alphanumeric = `${letters}0123456789`
const word = (length: number, alphabet: string) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** What follows the mark of the run and the number of the place: nothing by which a program could know a secret. */
const shapes: readonly (() => string)[] = [
  () => randomBytes(16).toString('hex'),
  () => `-${word(6, letters)}-${word(8, letters)}-${word(5, letters)}`,
  () => randomBytes(24).toString('base64url'),
  () => `.${randomBytes(9).toString('base64url')}.${randomBytes(12).toString('base64url')}`,
  () => `_${word(10, alphanumeric).toUpperCase()}~${word(3, alphanumeric)}`,
  () => `${randomInt(1_000_000_000)}`,
]

const digits = 3

export function createCanaries(): Canaries {
  // A word long enough not to occur by chance, at the start, so that a cut secret is found too.
  const mark = `q${word(8, alphanumeric)}`
  const places: string[] = []
  const forms = formsOf(mark)
  return {
    places,
    plant(place) {
      const number = places.push(place) - 1
      return `${mark}${number.toString(36).padStart(digits, '0')}${shapes[number % shapes.length]?.() ?? ''}`
    },
    leaks(where, bytes) {
      const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1')
      const folded = text.toLowerCase()
      const found = forms.flatMap(({ form, needle, exact }) =>
        occurrences(exact ? text : folded, needle).map(at => {
          const number = Number.parseInt(folded.slice(at + needle.length, at + needle.length + digits), 36)
          const place = form === 'plain' ? (places[number] ?? 'cut') : 'some place'
          return `${place} (${form}) in ${where}: ${JSON.stringify(text.slice(Math.max(0, at - 80), at + 40))}`
        }),
      )
      return found.slice(0, 20)
    },
  }
}

interface Form {
  readonly form: string
  readonly needle: string
  /** upper and lower case differ */
  readonly exact: boolean
}

function formsOf(mark: string): readonly Form[] {
  const bytes = Buffer.from(mark)
  const base64 = [0, 1, 2].map(offset => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    // Only what no neighbouring byte has a part in.
    return text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3))
  })
  const urlSafe = base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [
    { form: 'plain', needle: mark, exact: false },
    { form: 'hex', needle: bytes.toString('hex'), exact: false },
    { form: 'URL-encoded', needle: [...bytes].map(byte => `%${byte.toString(16)}`).join(''), exact: false },
    { form: 'JSON escapes', needle: [...bytes].map(byte => `\\u00${byte.toString(16)}`).join(''), exact: false },
    { form: 'UTF-16', needle: [...mark].join('\0'), exact: false },
    ...[...new Set([...base64, ...urlSafe])].map(needle => ({ form: 'base64', needle, exact: true })),
  ]
}

function occurrences(text: string, needle: string): readonly number[] {
  const found: number[] = []
  for (let at = text.indexOf(needle); at >= 0 && found.length < 20; at = text.indexOf(needle, at + 1)) found.push(at)
  return found
}
