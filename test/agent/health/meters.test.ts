// The meters read this very process.
import { execFileSync } from 'node:child_process'
import t from 'tap'
import { collectGarbage } from '../../../agent/health/collect-garbage.ts'
import { createMeters } from '../../../agent/health/meters.ts'

t.test('memory and processor time are those of the process, with children that ended', t => {
  const meters = createMeters()
  t.ok(meters.rssBytes() > 10_000_000)
  const before = meters.cpuMs()
  execFileSync(process.execPath, [
    '-e',
    'const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);',
  ])
  const { user, system } = process.cpuUsage()
  t.ok(meters.cpuMs() - before >= 250, 'a child that took 300 ms counts')
  t.ok(meters.cpuMs() > (user + system) / 1_000)
  t.end()
})

t.test('what held the event loop up is told once', async t => {
  const meters = createMeters()
  await new Promise(resolve => setTimeout(resolve, 60))
  const end = performance.now() + 200
  while (performance.now() < end);
  await new Promise(resolve => setTimeout(resolve, 60))
  const first = meters.loopDelayMs()
  t.ok(first >= 100, `${first} ms`)
  t.ok(meters.loopDelayMs() <= first)
})

t.test('garbage can be collected at once', t => {
  const kept: unknown[] = Array.from({ length: 200_000 }, () => ({ text: 'x' }))
  const full = process.memoryUsage().heapUsed
  kept.length = 0
  collectGarbage()
  t.ok(process.memoryUsage().heapUsed < full)
  t.end()
})
