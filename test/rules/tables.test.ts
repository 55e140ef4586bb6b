// Holds tables of names to naming each once, since a set does not tell.
import t from 'tap'
import { sourceFiles } from './sources.ts'

/** Lists written as one text and cut at blanks. */
const listPattern = /(?:`([^`$]*)`|'([^'\n]*)')\s*(?:\.trim\(\)\s*)?\.split\((?:\/\\s\+\/|' ')[,)]/g

let tables = 0
for (const { path, text } of sourceFiles()) {
  for (const [, long, short = ''] of text.matchAll(listPattern)) {
    const names = (long ?? short).trim().split(/\s+/)
    const doubles = names.filter((name, index) => names.indexOf(name) !== index)
    t.strictSame(doubles, [], `${path} names nothing twice in the list that begins with ${names[0]}`)
    tables += 1
  }
}
t.ok(tables >= 10, `${tables} tables`)
