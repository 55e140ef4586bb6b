// Every test that the threat model names is there, under that title.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs/threat-model.md'), 'utf8')

t.test('files that it names', t => {
  const paths = [...text.matchAll(/`(test\/[^`]+)`/g)].map(match => match[1] ?? '')
  t.ok(paths.length > 20, `${paths.length} names`)
  for (const path of paths) t.ok(globSync(path, { cwd: root }).length > 0, path)
  t.end()
})

t.test('titles in its table', t => {
  const rows = [...text.matchAll(/^\|.*\| `(?<file>[^`]+)`: (?<titles>.+) \|$/gm)].map(({ groups }) => ({
    file: join(root, groups?.['file'] ?? ''),
    titles: [...(groups?.['titles'] ?? '').matchAll(/“(.+?)”(?:, |$)/g)].map(match => match[1] ?? ''),
  }))
  t.ok(rows.length > 20, `${rows.length} rows`)
  for (const { file, titles } of rows) {
    t.ok(titles.length > 0 && existsSync(file), file)
    for (const title of titles) t.ok(readFileSync(file, 'utf8').includes(`'${title}'`), title)
  }
  t.end()
})
