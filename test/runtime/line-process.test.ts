import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { startProgram } from '../../runtime/line-process.ts'

function program(t: Test, source: string, more: { readonly maxLineBytes?: number; readonly heapMiB?: number } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-line-process-'))
  const file = join(directory, 'program.mjs')
  writeFileSync(file, source)
  const places = [new URL('missing.mjs', pathToFileURL(file)), pathToFileURL(file)]
  const started = startProgram({ places, heapMiB: 64, maxLineBytes: 100_000, ...more })
  t.teardown(() => {
    started.end()
    rmSync(directory, { recursive: true, force: true })
  })
  return started
}
const longMs = 60_000
const echo = `import { createInterface } from 'node:readline'
for await (const line of createInterface({ input: process.stdin })) {
  const value = JSON.parse(line)
  for (const item of value.items) process.stdout.write(JSON.stringify(item) + '\\n')
}`

t.test('answers come in their order, over several questions', async t => {
  const { ask, next } = program(t, echo)
  ask({ items: [1, { text: 'two\nö' }] })
  ask({ items: [[3]] })
  t.same(await next(longMs), { state: 'answer', value: 1 })
  t.same(await next(longMs), { state: 'answer', value: { text: 'two\nö' } })
  t.same(await next(longMs), { state: 'answer', value: [3] })
})

t.test('an answer longer than a pipe arrives whole', async t => {
  const { ask, next } = program(t, echo, { maxLineBytes: 4_000_000 })
  ask({ items: ['x'.repeat(1_000_000)] })
  const answer = await next(longMs)
  t.equal(answer.state === 'answer' && String(answer.value).length, 1_000_000)
})

t.test('no answer in time is late, and the process goes on until it is ended', async t => {
  const { ask, next, end } = program(t, echo)
  t.same(await next(1), { state: 'late' })
  ask({ items: [1] })
  t.same(await next(longMs), { state: 'answer', value: 1 })
  end()
  t.same(await next(longMs), { state: 'ended', detail: 'killed by SIGKILL' })
})

t.test('a process in an endless loop is ended', async t => {
  const { next, end } = program(t, `process.stdout.write('1\\n'); for (;;);`)
  t.same(await next(longMs), { state: 'answer', value: 1 })
  end()
  t.same(await next(longMs), { state: 'ended', detail: 'killed by SIGKILL' })
})

t.test('what it said before its end is still heard', async t => {
  const { next } = program(t, `process.stdout.write('1\\n2\\n'); process.exitCode = 3`)
  t.same(await next(longMs), { state: 'answer', value: 1 })
  t.same(await next(longMs), { state: 'answer', value: 2 })
  t.same(await next(longMs), { state: 'ended', detail: 'ended with 3' })
  t.same(await next(longMs), { state: 'ended', detail: 'ended with 3' }, 'as often as it is asked')
})

t.test('it has a memory limit of its own', async t => {
  const { next } = program(t, `const all = []; for (;;) all.push(new Array(1000).fill('x'))`, { heapMiB: 16 })
  const answer = await next(longMs)
  t.match(answer, { state: 'ended', detail: /killed by SIGABRT|ended with 134/ })
})

t.test('what is no JSON, and a line without end, end the talk', async t => {
  t.same(await program(t, `process.stdout.write('{\\n')`).next(longMs), {
    ...{ state: 'ended', detail: 'its answer is no JSON' },
  })
  const endless = program(t, `for (;;) process.stdout.write('x'.repeat(10000))`)
  t.same(await endless.next(longMs), { state: 'ended', detail: 'its answer is over the limit of 100000 bytes' })
})

t.test('a program that is not there has ended, and hears nothing', async t => {
  const { ask, next, end } = startProgram({
    ...{ places: [new URL('file:///does/not/exist.mjs')], heapMiB: 16, maxLineBytes: 10 },
  })
  ask({})
  t.same(await next(longMs), { state: 'ended', detail: 'the program is not beside this one' })
  end()
})

t.test('it does not know the environment', async t => {
  process.env['GABION_CANARY'] = 'secret'
  t.teardown(() => delete process.env['GABION_CANARY'])
  const { next } = program(t, `process.stdout.write(JSON.stringify(Object.keys(process.env)) + '\\n')`)
  const told = await next(longMs)
  // The test runner puts its own names into every child.
  const foreign = (name: string) => !/^(_TAPJS_|NODE_OPTIONS$)/.test(name)
  t.same(told.state === 'answer' && (told.value as readonly string[]).filter(foreign), [])
})
