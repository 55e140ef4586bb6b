// Tests of the order of kernel releases and of the package version in a build line.
import t from 'tap'
import { isNewerRelease, packageVersionOfBuild } from '../../../agent/parse/kernel-release.ts'

t.test('newer releases of each distribution', async t => {
  for (const [newer, older] of [
    ['6.1.0-56-cloud-amd64', '6.1.0-49-cloud-amd64'],
    ['6.12.12+bpo-amd64', '6.1.0-56-amd64'],
    ['6.8.0-101-generic', '6.8.0-51-generic'],
    ['5.14.0-503.21.1.el9_5.x86_64', '5.14.0-503.11.1.el9_5.x86_64'],
    ['6.6.58-0-lts', '6.6.8-0-lts'],
    ['6.12.0', '6.12.0-rc7'],
  ] as const) {
    t.ok(isNewerRelease(newer, older), `${newer} is newer than ${older}`)
    t.notOk(isNewerRelease(older, newer), `${older} is not newer than ${newer}`)
  }
})

t.test('flavours of one release are of one age', async t => {
  t.notOk(isNewerRelease('6.1.0-56-cloud-amd64', '6.1.0-56-amd64'))
  t.notOk(isNewerRelease('6.1.0-56-amd64', '6.1.0-56-cloud-amd64'))
})

t.test('Debian says in the build line which package it is', async t => {
  t.equal(packageVersionOfBuild('#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)'), '6.1.192-2')
  t.equal(packageVersionOfBuild('#51-Ubuntu SMP PREEMPT_DYNAMIC Sat Nov  9 17:58:29 UTC 2026'), '')
  t.equal(packageVersionOfBuild(''), '')
})
