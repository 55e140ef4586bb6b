// Holds files and functions to their size, and every file to its opening sentence.
import t from 'tap'
import { sourceFiles } from './sources.ts'

/** Path → reason. A row here is a debt that somebody argued for. */
const exceptions: Readonly<Record<string, string>> = {
  'agent/parse/linux-syscalls.ts': 'a table of names, no logic',
}

const files = sourceFiles()

for (const { path, text } of files) {
  const lines = text.split('\n')
  const limit = path.startsWith('agent/parse/') || path.startsWith('agent/probes/') ? 250 : 400
  if (!(path in exceptions)) t.ok(lines.length - 1 <= limit, `${path} has ${lines.length - 1} lines, at most ${limit}`)
  t.match(lines[0], /^\/\/ [A-Z`].*\.$/, `${path} starts with one sentence that says what it is for`)
  t.same(longFunctions(lines), [], `${path} has no function over 80 lines`)
}

t.test('exceptions name files that exist', t => {
  for (const path of Object.keys(exceptions))
    t.ok(
      files.some(file => file.path === path),
      path,
    )
  t.end()
})

/** Functions as the formatter writes them: a head at some indent, its closing brace at the same. */
function longFunctions(lines: readonly string[]): readonly string[] {
  const long: string[] = []
  for (let start = 0; start < lines.length; start++) {
    const head =
      /^(\s*)(?:export )?(?:async )?function\*? (\w+)|^(\s*)(?:export )?const (\w+) = (?:async )?\(.*=> \{$/.exec(
        lines[start] ?? '',
      )
    if (!head) continue
    const indent = head[1] ?? head[3] ?? ''
    const end = lines.findIndex(
      (line, index) => index > start && (line === `${indent}}` || line.startsWith(`${indent}})`)),
    )
    if (end - start + 1 > 80) long.push(`${head[2] ?? head[4]} (${end - start + 1} lines)`)
  }
  return long
}
