// Brings the arguments of an sshd_config keyword into the form in which `sshd -T` prints them.
import { type JudgedKeyword, judgedKeywords, type KeywordShape } from './sshd-keywords.ts'

const maxValues = 1000

/**
 * Values of one line of a judged keyword; undefined when sshd would refuse them.
 * @param name as `keywordName` gives it
 */
export function readValues(name: string, words: readonly string[]): readonly string[] | undefined {
  const keyword = judgedKeywords.get(name)
  if (!keyword || words.length === 0 || words.length > maxValues) return undefined
  if (takesMany(keyword)) return words.every(word => word !== '') ? words : undefined
  // An empty word ends the arguments, as it does for sshd.
  const [first = '', second = ''] = words
  if (first === '' || second !== '') return undefined
  const value = readValue(keyword.shape, first)
  return value === undefined ? undefined : [value]
}

const takesMany = ({ shape }: JudgedKeyword): boolean => shape === 'words'

function readValue(shape: KeywordShape, word: string): string | undefined {
  if (typeof shape === 'object') return choose(shape, word)
  switch (shape) {
    case 'flag':
      return choose({ yes: 'yes', no: 'no' }, word)
    case 'number':
      return isNumber(word) ? String(Number(word)) : undefined
    case 'time': {
      const seconds = secondsOf(word)
      return seconds === undefined ? undefined : String(seconds)
    }
    case 'startups':
      return startupsOf(word)
    case 'algorithms':
    case 'word':
    case 'words':
      return word
  }
}

function choose(choices: Readonly<Record<string, string>>, word: string): string | undefined {
  const lower = word.toLowerCase()
  return Object.hasOwn(choices, lower) ? choices[lower] : undefined
}

const isNumber = (word: string): boolean => /^\d{1,10}$/.test(word) && Number(word) <= 2_147_483_647

const unitSeconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `90`, `1m30s`, `2H`: numbers with units one after the other (TIME FORMATS of sshd_config(5)). */
export function secondsOf(text: string): number | undefined {
  if (!/^(?:\d{1,10}[smhdw]?){1,8}$/i.test(text)) return undefined
  let seconds = 0
  for (const [, count = '', unit = ''] of text.matchAll(/(\d{1,10})([smhdw]?)/gi)) {
    seconds += Number(count) * (unitSeconds[unit.toLowerCase()] ?? 1)
  }
  return seconds <= 2_147_483_647 ? seconds : undefined
}

/** `10:30:60`, or `10` alone, which is both where refusing begins and where everything is refused. */
function startupsOf(text: string): string | undefined {
  const [, start = '', rate, full] = /^(\d{1,9})(?::(\d{1,9}):(\d{1,9}))?$/.exec(text) ?? []
  if (start === '') return undefined
  if (rate === undefined || full === undefined) return Number(start) > 0 ? `${start}:30:${start}` : undefined
  const [begin, percent, end] = [Number(start), Number(rate), Number(full)]
  return begin <= end && percent >= 1 && percent <= 100 ? `${begin}:${percent}:${end}` : undefined
}
