// What a host may say to do harm where it is shown, and what each form of an answer must not hold afterwards.
import { parsePrometheus } from './prometheus-text.ts'

/** Each means something to a page, a spreadsheet, a terminal, a database, a shell, or whoever reads lines or JSON. */
export const hostileStrings: readonly string[] = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '</title></textarea></style><svg onload=alert(1)>',
  `"' onmouseover="alert(1)" x='`,
  'javascript:alert(1)//&lt;b&gt;&#60;',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r\nset-cookie: a=b\r\n\r\nowned',
  '\u001b[2J\u001b]0;owned\u0007\u009b31mred\u007f',
  'two\nlines\r\ndata: {"owned":1}\n\nid: 7',
  'nul \u0000 in it',
  "'; drop table host; --",
  '%_\\%\\_',
  '","state":"pass","x":"',
  '{"a":[1,{"b":null}]}',
  '%s%n%00{{7*7}}#{7*7}$' + '{7*7}',
  '$(touch /tmp/owned) `touch /tmp/owned`; touch /tmp/owned',
  '\u202egnp.exe\u2066\u200b\ufeff',
  '\u2028line\u2029paragraph\u0085next',
  '\\x80\\xff \\\\x80 \\u0041',
  '[link](javascript:alert(1)) ![i](http://example.net/x) | a | b |\n# head\n```',
  ']]> & <!-- comment --> <?xml?>',
  '__proto__',
  'a{host="b"} 1\n# TYPE owned gauge\nowned 1',
  '😀 é 日本 ﷽',
]

/** As the name of a host or a label may be: no kernel and no database takes a NUL there. */
export const nameOf = (said: string): string => said.replaceAll('\0', '')

/** Moves, hides or reorders what a terminal or a page shows. */
const acted = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/
const tag = /<(?:\/?[a-z][a-zA-Z0-9]*(?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*\s*\/?|!doctype html|\?xml [^<>]*\?)>/g
/** Of a tag of ours, what would make it act. */
const acts = /^<(?:script|img|iframe|object|embed|link|base)\b|\son[a-z]+=|\s(?:href|src|action)="\s*(?!https?:|\/|#)/i
/** The style sheet of a page, and its icon. */
const own = /^<link rel="(?:icon|stylesheet)" href="\/[a-z.]+">$/

const at = (text: string, index: number) => JSON.stringify(text.slice(Math.max(0, index - 60), index + 60))

/** @returns what a terminal, or whoever looks at the text as it is, would act on; empty when nothing */
export function terminalHarm(text: string): string {
  const found = acted.exec(text)
  return found ? `a character that acts: ${at(text, found.index)}` : ''
}

/** Of a value only how it begins. */
const quoted = (value: string) => `${value.slice(0, 12).replaceAll(' ', '')}"`

/** Every `<` begins a tag of ours, whole, and none of them does anything. */
export function markupHarm(text: string): string {
  const rest = text.replace(/<style>[^<]*<\/style>/g, '').replaceAll(tag, '')
  const stray = rest.indexOf('<')
  if (stray >= 0) return `a tag that is none of ours: ${at(rest, stray)}`
  const active = text.match(tag)?.find(one => acts.test(one.replaceAll(/="[^"]*"/g, quoted)) && !own.test(one))
  return active === undefined ? terminalHarm(text) : `a tag that acts: ${active.slice(0, 200)}`
}

/** It is JSON of one kind of white space: whoever shows it as it is shows no line break that somebody else made. */
export function jsonHarm(text: string): string {
  JSON.parse(text)
  const found = /[\u0000-\u0009\u000b-\u001f]/.exec(text)
  return found ? `a control character: ${at(text, found.index)}` : ''
}

export function linesHarm(text: string): string {
  if (text === '') return ''
  if (!text.endsWith('\n')) return 'the last line has no end'
  const lines = text.slice(0, -1).split('\n')
  return lines.map(jsonHarm).find(problem => problem !== '') ?? ''
}

/** Cells as RFC 4180 reads them; none is a formula. */
export function csvHarm(text: string): string {
  let rest = text
  while (rest !== '') {
    const [whole = '', cell = ''] = /^"((?:[^"]|"")*)"(?:,|\r\n)/.exec(rest) ?? []
    if (whole === '') return `no cell: ${at(rest, 0)}`
    if (/^[\s\u0000]*[=+\-@]/.test(cell)) return `a formula: ${at(cell, 0)}`
    const problem = terminalHarm(cell)
    if (problem !== '') return problem
    rest = rest.slice(whole.length)
  }
  return ''
}

export function metricsHarm(text: string): string {
  const names = parsePrometheus(text).map(({ name }) => name)
  const odd = names.find(name => !/^(?:gabion|process|nodejs)_/.test(name))
  return odd === undefined ? '' : `a metric that is none of ours: ${odd}`
}

export function markdownHarm(text: string): string {
  const prose = text.replaceAll(/\\.|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
  const found = /<(?!\/?(?:details|summary|br|sub)\b)[a-z!/?]|\]\((?:javascript|http)|^# .*\n#[^#]/im.exec(prose)
  return found ? `markup: ${at(prose, found.index)}` : terminalHarm(text)
}

/** Every line is a field of an event, and every event has the fields that it should. */
export function eventsHarm(text: string): string {
  for (const block of text.split('\n\n').filter(part => part !== '')) {
    const lines = block.split('\n')
    const odd = lines.find(line => !/^(?:id: \d+|event: [a-z-]+|data: \{.*\}|retry: \d+|: alive)$/s.test(line))
    if (odd !== undefined) return `no line of an event: ${at(odd, 0)}`
    for (const line of lines) if (line.startsWith('data: ')) jsonHarm(line.slice('data: '.length))
  }
  return ''
}

/** By the media type of an answer; a type that is not here has to be judged before it is sent. */
export const harms: Readonly<Record<string, (text: string) => string>> = {
  'application/json': jsonHarm,
  'application/problem+json': jsonHarm,
  'application/sarif+json': jsonHarm,
  'application/x-ndjson': linesHarm,
  'application/xml': markupHarm,
  'image/svg+xml': markupHarm,
  'text/html': markupHarm,
  'text/css': terminalHarm,
  'text/csv': csvHarm,
  'text/event-stream': eventsHarm,
  'text/markdown': markdownHarm,
  'text/plain': metricsHarm,
}

/** Every text in a value of JSON, keys of records as well. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [key, ...textsIn(part)])
}
