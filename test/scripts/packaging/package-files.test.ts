// What packages bring besides programs: scripts that shells accept, configuration that says the defaults.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { AgentConfigSchema } from '../../../agent/agent-config.ts'
import { CollectorConfigSchema } from '../../../collector/collector-config.ts'
import { noticesOf } from '../../../scripts/packaging/notices.ts'
import { sourceDate } from '../../../scripts/packaging/target.ts'
import { findTool } from '../../tools.ts'

const packages = join(import.meta.dirname, '../../../deploy/packages')
const schemas = { agent: AgentConfigSchema, collector: CollectorConfigSchema } as const

/** On a clone the data is elsewhere. */
const installed = { dataDir: '/var/lib/gabion/collector' }

for (const [name, schema] of Object.entries(schemas)) {
  t.test(`${name}.yaml shows defaults, which hold when they are taken in`, async t => {
    const text = readFileSync(join(packages, `${name}.yaml`), 'utf8')
    t.equal(parse(text), null, 'as it is, it sets nothing')
    const taken = parse(text.replace(/^#(?=\w+:)/gm, ''))
    t.ok(Object.keys(taken).length >= 8)
    const defaults: Readonly<Record<string, unknown>> = { ...(schema.parse({}) as object), ...installed }
    const shown = schema.strict().parse(taken) as Readonly<Record<string, unknown>>
    for (const key of Object.keys(taken)) t.same(shown[key], defaults[key], key)
  })
}

t.test('maintainer scripts are sound', async t => {
  const shellcheck = findTool('shellcheck')
  for (const script of ['postinst', 'prerm', 'postrm']) {
    const text = readFileSync(join(packages, 'deb', script), 'utf8')
    for (const [name, state] of [
      ['gabion-agent', '/var/lib/gabion/agent'],
      ['gabion-collector', '/var/lib/gabion/collector'],
    ] as const) {
      const path = join(t.testdir({}), script)
      writeFileSync(path, text.replaceAll('@NAME@', name).replaceAll('@STATE@', state))
      execFileSync('sh', ['-n', path])
      // A comparison of two constants is what the template becomes.
      if (shellcheck) t.doesNotThrow(() => execFileSync(shellcheck, ['-e', 'SC2050', path], { stdio: 'pipe' }), script)
    }
  }
})

t.test('licences of what is bundled go along', async t => {
  const text = noticesOf([
    'node_modules/zod/v4/core/index.js',
    'agent/main.ts',
    'node_modules/@grpc/grpc-js/build/x.js',
  ])
  t.match(text, /^@grpc\/grpc-js \S+ \(Apache-2\.0\)$/m)
  t.match(text, /^zod \S+ \(MIT\)$/m)
  t.match(text, /Permission is hereby granted/)
})

t.test('the time of packages is what was said, else that of the commit', async t => {
  t.equal(sourceDate({ SOURCE_DATE_EPOCH: '1750000000' }), 1_750_000_000)
  t.ok(sourceDate({}) > 1_750_000_000)
  t.ok(sourceDate({ SOURCE_DATE_EPOCH: 'yesterday' }) > 1_750_000_000)
})
