// `scan --since` as a pipeline uses it: fails on what is new alone, and refuses reports that cannot be compared.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { materializeFixture } from '../../materialize-fixture.ts'
import { runBin } from '../../run-bin.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to give files their owners'

t.test('only what is new fails', { skip }, async t => {
  const root = materializeFixture(t, 'debian12-vm')
  const directory = t.testdir({})
  const file = join(directory, 'before.json')
  const scan = (...args: string[]) => runBin('agent', ['scan', '--root', root, ...args])
  t.equal((await scan('-o', `json=${file}`, '--fail-on', 'low')).code, 1)
  const same = await scan('--since', file, '--fail-on', 'low')
  t.equal(same.code, 0, 'nothing is new')
  t.match(same.stdout, /^Since \S+: 0 new, 0 with more evidence, 0 resolved$/m)

  const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8')
  writeFileSync(join(root, 'etc/passwd'), `${passwd}zero:x:0:0::/root:/bin/sh\n`)
  const grown = await scan('--since', file, '--fail-on', 'high', '-o', 'json')
  t.equal(grown.code, 1)
  const news = JSON.parse(grown.stdout).results.filter(
    (one: { change?: string }) => one.change === 'new' || one.change === 'grown',
  )
  t.ok(news.some((one: { check: string }) => one.check === 'only-root-has-uid-0'))

  t.equal((await scan('--since', '-', '--fail-on', 'high', '--check', 'no-empty-passwords')).code, 2, 'empty input')
  writeFileSync(join(root, 'etc/passwd'), passwd)
  rmSync(join(root, 'etc/shadow'))
  writeFileSync(join(root, 'etc/shadow'), 'root:*:20000:0:99999:7:::\n')
  const better = await runBin('agent', ['scan', '--root', root, '--since', '-'], { input: readFileSync(file, 'utf8') })
  t.match(better.stdout, /^ {2}✓ /m, 'what is mended is told, and a report may come from standard input')
})

t.test('a report that cannot be compared is refused with its reason', async t => {
  const args = ['scan', '--check', 'address-space-randomized']
  const report = JSON.parse((await runBin('agent', [...args, '-o', 'json'])).stdout)
  const facts = JSON.parse((await runBin('agent', ['facts', 'host'])).stdout)
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ ...report, reportVersion: 9 }, /is a report of version 9, this agent reads up to version 1; use a newer agent/],
    [{ ...report, host: { ...report.host, id: 'x', hostname: 'other\u001b' } }, /of host 'other\\x1b' \(x\), this one/],
    [{ ...report, scannedAt: '2999-01-01T00:00:00.000Z' }, /was made at 2999-01-01T00:00:00.000Z, after this one/],
    [{ ...report, score: 'good' }, /is no report of 'gabion-agent scan -o json' \(score: /],
    [[report], /holds the reports of several hosts/],
    [facts, /is no report .*; it is a snapshot of gabion-agent facts/],
  ]
  for (const [document, message] of cases) {
    const { code, stdout, stderr } = await runBin('agent', [...args, '--since', '-'], {
      input: JSON.stringify(document),
    })
    t.equal(code, 2)
    t.match(stderr, message)
    t.equal(stderr.split('\n').length, 2, 'one line')
    t.equal(stdout, '')
  }
  const gone = await runBin('agent', [...args, '--since', '/does/not/exist'])
  t.match(gone, { code: 2, stderr: /\/does\/not\/exist: cannot be read \(ENOENT\)/ })
  const broken = await runBin('agent', [...args, '--since', '-'], { input: '{\n"a": ' })
  t.match(broken, { code: 2, stderr: /line 2: is not JSON/ })
})
