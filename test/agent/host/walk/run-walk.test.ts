// The process that walks: it answers, is killed when it takes too long, and keeps no agent alive.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { WalkAnswerSchema } from '../../../../agent/files/walk-answer.ts'
import { frame, unframe, type WalkRequest } from '../../../../agent/files/walk-request.ts'
import { runWalk, type WalkProcess } from '../../../../agent/host/walk/run-walk.ts'
import { rootFrom } from '../../../host-from.ts'

const request = (root: string): WalkRequest => ({
  ...{ root, turn: 0, durationMs: 60_000, niceness: 10, maxEntries: 1e6, maxRows: 3, stateDirectory: '' },
})

function processOf(root: string, more: Partial<WalkProcess> = {}): WalkProcess {
  const input = frame(request(root), new Uint8Array())
  return { input, timeoutMs: 60_000, maxOutputBytes: 1e8, background: false, ...more }
}

const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`/d${index}/f`, 'x']))

t.test('it answers what was asked, with what it remembers', async t => {
  const root = rootFrom(t, { ...many, '/etc/passwd': 'root:x:0:0::/:\n', '/etc/group': 'root:x:0:\n' })
  execFileSync('chmod', ['-R', 'o+w', join(root, 'd1'), join(root, 'd2'), join(root, 'd3'), join(root, 'd4')])
  const first = await runWalk(processOf(root))
  if (first.state !== 'present') return t.fail(first.detail)
  const { message, memory } = unframe(first.value)
  const answer = WalkAnswerSchema.parse(message)
  t.match(answer, { complete: true, reason: '', fileSystems: ['/'], directories: 52, reused: 0 })
  t.same(answer.worldWritableFiles, ['/d1/f', '/d2/f', '/d3/f'], 'as many rows as were asked for')
  t.same(answer.cut, ['worldWritableFiles', 'worldWritableDirectories'])
  t.ok(memory.length > 0)
  const damaged = await runWalk(processOf(root, { input: frame(request(root), Uint8Array.of(1, 2, 3)) }))
  t.equal(damaged.state, 'present', 'a damaged memory is forgotten')
})

t.test('one that takes too long is killed, one that says too much or nothing of use is told', async t => {
  const root = rootFrom(t, many)
  const late = await runWalk(processOf(root, { timeoutMs: 1 }))
  t.match(late, { state: 'timedOut', path: 'file walk', detail: 'no end after 1 ms' })
  t.match(await runWalk(processOf(root, { maxOutputBytes: 10 })), { state: 'tooLarge' })
  t.match(await runWalk(processOf(root, { input: Buffer.from('x') })), { state: 'unavailable', detail: 'ended with 1' })
  const odd = await runWalk(processOf(root, { input: Buffer.from('{"root":1}\n') }))
  t.match(odd, { state: 'unavailable', detail: 'ended with 1' })
  const gone = await runWalk(processOf('/does/not/exist'))
  t.match(gone, { state: 'unavailable', detail: /^ended with \d$/ })
  t.same(await childrenLeft(), [], 'no process is left')
})

t.test('in the background it keeps nobody alive', async t => {
  const root = rootFrom(t, many)
  const script = `
    const { runWalk } = await import(${JSON.stringify(join(import.meta.dirname, '../../../../agent/host/walk/run-walk.ts'))})
    const input = Buffer.from(${JSON.stringify(`${JSON.stringify(request(root))}\n`)})
    void runWalk({ input, timeoutMs: 60000, maxOutputBytes: 1e8, background: true })
    console.log('started')`
  const started = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
  t.ok(performance.now() - started < 30_000, 'it ended before the walk had to')
})

t.test('it gives way to others as much as it is told to', async t => {
  const input = frame({ ...request('/'), niceness: 13 }, new Uint8Array())
  const walk = runWalk(processOf('/', { input, timeoutMs: 30_000 }))
  let isOver = false
  void walk.finally(() => {
    isOver = true
  })
  let lowest = 0
  while (!isOver && lowest !== 13) {
    for (const pid of children(process.pid)) lowest = Math.max(lowest, getPriority(Number(pid)))
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  t.equal(lowest, 13)
  for (const pid of children(process.pid)) process.kill(Number(pid))
  await walk
})

/** A killed process may take a moment to go. */
async function childrenLeft(): Promise<readonly string[]> {
  const deadline = performance.now() + 10_000
  while (children(process.pid).length > 0 && performance.now() < deadline) {
    await new Promise(resolve => setImmediate(resolve))
  }
  return children(process.pid)
}

/** Process ids of our children, walks among them. */
function children(parent: number): readonly string[] {
  return readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && isWalkOf(pid, parent))
}

function isWalkOf(pid: string, parent: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const isOurs = status.includes(`\nPPid:\t${parent}\n`) && !status.includes('\nState:\tZ')
    return isOurs && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('walk-child')
  } catch {
    return false
  }
}
