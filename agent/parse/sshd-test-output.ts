// Reads what `sshd -T` prints: one keyword in small letters and its values a line.
import { judgedKeywords, keywordName } from './sshd-keywords.ts'
import { readValues } from './sshd-values.ts'

/** Values of judged keywords, in the order printed; one that stands in several lines has all of them. */
export function parseSshdTestOutput(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const blank = line.indexOf(' ')
    const written = blank < 0 ? line : line.slice(0, blank)
    const name = keywordName(written)
    // Newer versions print an old name beside the new one.
    if (name === undefined || name !== written || !judgedKeywords.has(name)) continue
    const values = printedValues(name, blank < 0 ? '' : line.slice(blank + 1))
    if (values) found.set(name, [...(found.get(name) ?? []), ...values])
  }
  return found
}

/** Nothing is quoted: of what stands in a line of its own the whole line is the value. */
function printedValues(name: string, rest: string): readonly string[] | undefined {
  const keyword = judgedKeywords.get(name)
  if (keyword?.shape === 'algorithms') return rest.split(',')
  const isWhole = keyword?.shape === 'word' || (keyword?.shape === 'words' && keyword.adds)
  return readValues(name, isWhole ? [rest] : rest.split(' ').filter(Boolean))
}
