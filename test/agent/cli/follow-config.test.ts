// Reading the configuration again: what holds, what is told of a mistake, and what of it leaves the host.
import { EventEmitter } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readAgentConfig } from '../../../agent/agent-config.ts'
import { followConfig } from '../../../agent/cli/follow-config.ts'
import { recordingLog } from '../../recording-log.ts'

function follow(text: string) {
  const path = join(t.testdir({ 'agent.yaml': text }), 'agent.yaml')
  const read = () => readAgentConfig(path, {}, {}).values
  const signals = new EventEmitter()
  const { log, lines } = recordingLog()
  const levels: string[] = []
  const live = followConfig(read(), read, { ...log, setLevel: level => void levels.push(level) }, signals)
  const reloads: number[] = []
  live.onReload(() => reloads.push(live.config.memoryLimitMib))
  return {
    ...{ live, lines, levels, reloads, path },
    reload(next: string) {
      writeFileSync(path, next)
      signals.emit('SIGHUP')
    },
  }
}

t.test('a new configuration holds, and who listens is told', t => {
  const { live, reload, reloads, levels } = follow('memoryLimitMib: 100\n')
  reload('memoryLimitMib: 300\nlogLevel: warn\n')
  t.equal(live.config.memoryLimitMib, 300)
  t.same(reloads, [300])
  t.same(levels, ['warn'])
  t.equal(live.reloadError, '')
  t.end()
})

t.test('one with a mistake does not, and the reason is told without what was found', t => {
  const { live, reload, lines, path } = follow('memoryLimitMib: 100\n')
  reload('memoryLimitMib: s3cret\n')
  t.equal(live.config.memoryLimitMib, 100)
  t.match(live.reloadError, new RegExp(`^${path}: `))
  t.notMatch(live.reloadError, /s3cret/)
  t.match(lines.at(-1), { level: 'error', fields: { reason: /s3cret/ } })
  reload('memoryLimitMib: [1\nsomething: s3cret\n')
  t.notMatch(live.reloadError, /s3cret|\n/)
  t.ok(live.reloadError.length > path.length)
  reload('s3cret: 1\n')
  t.equal(live.reloadError, `${path}: unknown key`)
  reload('memoryLimitMib: 120\n')
  t.equal(live.reloadError, '')
  t.equal(live.config.memoryLimitMib, 120)
  t.end()
})

t.test('what only a new start changes is told', t => {
  const { reload, lines } = follow('nodeName: a\n')
  reload('nodeName: b\n')
  t.match(lines[0], { level: 'warn', fields: { keys: ['nodeName'] } })
  t.end()
})

t.test('limits are numbers within reason, or 0', t => {
  const read = (text: string) =>
    readAgentConfig(join(t.testdir({ 'a.yaml': text }), 'a.yaml'), {}, { GABION_CPU_LIMIT_PERCENT: '2' }).values
  t.match(read('memoryLimitMib: 0\n'), { memoryLimitMib: 0, cpuLimitPercent: 2 })
  t.throws(() => read('memoryLimitMib: 10\n'), /expected 64 or more, or 0/)
  t.throws(() => read('memoryLimitMib: -1\n'), { code: 'config' })
  t.end()
})
