// Reads the text format of Prometheus as strictly as its own parser does, for tests of what writes it.

export interface PrometheusSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const sample =
  /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>[^\n]*)\})? (?<value>-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|\+Inf|-Inf))$/
const label = /(?<name>[a-zA-Z_]\w*)="(?<value>(?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/gy

/** @throws Error naming the line that no parser of the format would take */
export function parsePrometheus(text: string): readonly PrometheusSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const typed = new Set<string>()
  const seen = new Set<string>()
  const samples: PrometheusSample[] = []
  for (const line of text.slice(0, -1).split('\n')) {
    const type = /^# TYPE (\S+) (?:gauge|counter|histogram|summary)$/.exec(line)?.[1]
    if (type !== undefined) {
      if (typed.has(type)) throw new Error(`${type} has two types`)
      typed.add(type)
    }
    if (line === '' || line.startsWith('#')) continue
    const { name = '', labels = '', value = '' } = sample.exec(line)?.groups ?? {}
    if (name === '' || (!typed.has(name.replace(/_(?:bucket|sum|count)$/, '')) && !typed.has(name)))
      throw new Error(`no sample of a known metric: ${line}`)
    if (seen.has(`${name}{${labels}}`)) throw new Error(`twice: ${line}`)
    seen.add(`${name}{${labels}}`)
    samples.push({ name, labels: labelsOf(labels), value: Number(value) })
  }
  return samples
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const { name = '', value = '' } = label.exec(text)?.groups ?? {}
    if (name === '') throw new Error(`no labels: ${text}`)
    found[name] = value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
  }
  return found
}
