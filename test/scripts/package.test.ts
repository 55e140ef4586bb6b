// What `npm run package` is asked for is understood before anything is built or removed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const script = join(import.meta.dirname, '../../scripts/package.ts')

for (const [option, word, expected] of [
  ['--arch', 'amd64,arm', 'amd64, arm64'],
  ['--only', 'debs', 'deb, rpm, tarball, npm'],
] as const) {
  t.test(`${option}: a word that means nothing is refused, and what was made before stays`, async t => {
    const out = t.testdir({ SHA256SUMS: '' })
    const args = [script, option, word, '--out', out]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })
    t.not(status, 0)
    t.match(stderr, `${option}: expected some of ${expected}, found ${word.split(',').at(-1)}`)
    t.ok(existsSync(join(out, 'SHA256SUMS')))
  })
}
