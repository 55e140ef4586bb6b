// The sources of a version of tomorrow: those of today, with a column and a table more, and later an index less.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newestSchema } from '../../../collector/store/sql/migrate.ts'

const root = join(import.meta.dirname, '../../..')
const more = newestSchema + 1
const less = newestSchema + 2

const files: Readonly<Record<string, string>> = {
  [`${more}-more`]: `export const more = {
    kind: 'expand', worksWith: ${newestSchema}, number: ${more}, name: 'more',
    statements: [
      "alter table replica add column tomorrow text not null default ''",
      'alter table host add column tomorrow integer not null default 7',
      'create table tomorrow (id integer primary key, said text not null) strict',
      'create index tomorrow_by_said on tomorrow (said)',
    ],
  }
`,
  [`${less}-less`]: `export const less = {
    kind: 'contract', worksWith: ${more}, number: ${less}, name: 'less',
    statements: ['drop index drift_item_flapping'],
  }
`,
}

export interface Tomorrow {
  readonly root: string
  /** numbers of its migrations: one that adds, one that takes away */
  readonly more: number
  readonly less: number
}

/** @param directory to make */
export function makeTomorrow(directory: string): Tomorrow {
  mkdirSync(join(directory, 'test/whole'), { recursive: true })
  for (const name of [
    'collector',
    'proto',
    'policy',
    'report',
    'runtime',
    'site',
    'test/collector',
    'test/whole/replica',
  ]) {
    cpSync(join(root, name), join(directory, name), { recursive: true })
  }
  for (const name of ['test/free-port.ts', 'test/small-facet.ts', 'test/whole/history.ts']) {
    cpSync(join(root, name), join(directory, name))
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }))

  const sql = join(directory, 'collector/store/sql')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(sql, 'migrations', `${name}.ts`), text)
  change(join(sql, 'migrate.ts'), [
    [/(?=\nexport const migrations)/, imports()],
    [/\n\]\n/, '\n  more,\n  less,\n]\n'],
  ])
  change(join(sql, 'replicas.ts'), [[/schema_number: /, "tomorrow: 'said', schema_number: "]])
  return { root: directory, more, less }
}

const imports = () => {
  const [first, second] = Object.keys(files)
  return `import { more } from './migrations/${first}.ts'\nimport { less } from './migrations/${second}.ts'\n`
}

function change(path: string, changes: readonly (readonly [RegExp, string])[]): void {
  let text = readFileSync(path, 'utf8')
  for (const [what, by] of changes) {
    if (!what.test(text)) throw new Error(`${path} has no ${what}`)
    text = text.replace(what, by)
  }
  writeFileSync(path, text)
}
