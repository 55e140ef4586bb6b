// The examples of docs/kubernetes.md: configuration that is accepted, commands and files that are there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { ClustersSchema } from '../collector/auth/kubernetes/cluster.ts'
import { CollectorConfigSchema } from '../collector/collector-config.ts'
import { createProgram } from '../collector/main.ts'

const root = join(import.meta.dirname, '..')
const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(match => match[1] ?? '')

t.test('its configurations are accepted', t => {
  const [several = ''] = blocks('yaml')
  const config = CollectorConfigSchema.strict().parse(parse(several))
  t.match(config.kubernetes, [
    { name: 'local', audience: 'gabion-collector' },
    { name: 'east', audience: 'gabion-collector-east' },
  ])
  const [commands = ''] = blocks('sh')
  const trial = (/<<END\n([\s\S]*?)^END$/m.exec(commands)?.[1] ?? '').replace(/\$\(.*\)/, 'https://127.0.0.1:6443')
  t.match(CollectorConfigSchema.strict().parse(parse(trial)).kubernetes, [
    { name: 'trial', publishNamespace: 'gabion-agent' },
  ])
  t.end()
})

t.test('its table names every key of a cluster', t => {
  const keys = Object.keys(ClustersSchema.parse(true)[0] ?? {})
  for (const key of keys) t.match(guide, new RegExp(`^\\| \`${key}\` \\| `, 'm'), key)
  t.end()
})

t.test('files and commands that it names are there', t => {
  const files = [...guide.matchAll(/deploy\/kubernetes(?:\/[\w.-]+)+/g)].map(([path]) => path)
  t.ok(files.length >= 2)
  for (const file of files) t.ok(existsSync(join(root, file)), file)
  const commands = [...guide.matchAll(/gabion-collector(?:\.mjs)? (token|host) (\w+)/g)]
  t.equal(commands.length, 2)
  for (const [text, group, name] of commands) {
    const found = createProgram().commands.find(command => command.name() === group)
    t.ok(
      found?.commands.some(command => command.name() === name),
      text,
    )
  }
  t.end()
})
