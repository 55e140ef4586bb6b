// The log of a process: one line of JSON for each message, in which nothing that a host says acts.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { hostileStrings, jsonHarm, terminalHarm, textsIn } from '../hostile.ts'

const module = join(import.meta.dirname, '../../runtime/open-log.ts')
const script = `
  const { openLog } = await import(${JSON.stringify(module)})
  const log = openLog({ level: 'info', name: 'test' })
  for (const said of JSON.parse(process.env.SAID)) log.info('a host said something', { said, [said]: { inner: [said] } })
  log.with({ requestId: 'r' }).error('failed', { reason: 'x' })
  log.debug('too little to tell')
`

t.test('whatever is logged is one line that holds it as it was', async t => {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    ...{ encoding: 'utf8', env: { ...process.env, SAID: JSON.stringify(hostileStrings) } },
  })
  t.equal(run.stdout, '')
  const lines = run.stderr.trimEnd().split('\n')
  t.equal(lines.length, hostileStrings.length + 1)
  for (const [index, said] of hostileStrings.entries()) {
    const line = lines[index] ?? ''
    t.equal(jsonHarm(line) + terminalHarm(line), '', `text ${index}`)
    t.ok(textsIn(JSON.parse(line)).filter(text => text === said).length >= 2, `text ${index} is there`)
    t.match(JSON.parse(line), { level: 'info', name: 'test', msg: 'a host said something' })
  }
  t.match(JSON.parse(lines.at(-1) ?? ''), { level: 'error', requestId: 'r', reason: 'x' })
})
