// Packages of rpm as a Red Hat installs them: with their scriptlets, in a root of their own, beside a systemctl that notes.
import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { ProgramName } from '../../scripts/packaging/command-docs.ts'
import { targets } from '../../scripts/packaging/target.ts'
import { writeRpm } from '../../scripts/packaging/write-packages.ts'
import { unpackDebian } from '../debian-base.ts'
import { documentedLine } from '../documented-line.ts'
import { outsideOfTap } from '../outside-of-tap.ts'

export interface RpmPlan {
  /** an empty directory of its own */
  readonly work: string
  /** folder of the packages, and their version */
  readonly out: string
  readonly version: string
}

const oldVersion = '0.0.1'

/** A root with a shell, users and systemd's place, whose systemctl writes down what it is asked. */
function makeRoot(directory: string): void {
  unpackDebian(directory)
  mkdirSync(join(directory, 'run/systemd/system'), { recursive: true })
  const systemctl = join(directory, 'usr/bin/systemctl')
  writeFileSync(systemctl, '#!/bin/sh\necho "$*" >> /asked-of-systemctl\n')
  chmodSync(systemctl, 0o755)
}

/** A package of an earlier version: the same scriptlets, another configuration and hardly a program. */
function writeEarlier(name: ProgramName, work: string): string {
  const short = name.replace('gabion-', '')
  const tree = join(work, `${name}-tree`)
  const files = {
    [`usr/bin/${name}`]: `#!/bin/sh\necho ${oldVersion}\n`,
    [`etc/gabion/${short}.yaml`]: '# defaults of before\n',
    [`usr/share/zsh/vendor-completions/_${name}`]: '',
    [`usr/lib/gabion/${short}/old`]: '',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text, { mode: path.startsWith('usr/bin') ? 0o755 : 0o644 })
  }
  mkdirSync(join(tree, `var/lib/gabion/${short}`), { recursive: true })
  const target = targets.find(({ npmArch }) => npmArch === process.arch)
  if (!target) throw new Error(`no packages for ${process.arch}`)
  return writeRpm({ name, target, tree, work, out: work, date: 1_700_000_000, version: oldVersion })
}

/** Installs the earlier version, upgrades, erases: state and configuration are kept, systemd hears of each step. */
export function checkRpms(t: Test, { work, out, version }: RpmPlan): void {
  const place = join(work, 'root')
  makeRoot(place)
  const noted = join(place, 'asked-of-systemctl')
  const asked = () => {
    const lines = existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : []
    writeFileSync(noted, '')
    return lines
  }
  // What Debian has is known to no database of rpm: dependencies are asked for by the test of the headers.
  const rpm = (...words: readonly string[]) =>
    execFileSync('rpm', ['--root', place, '--dbpath', '/var/lib/rpm', ...words], {
      encoding: 'utf8',
      cwd: out,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const inRoot = (...words: readonly string[]) =>
    execFileSync(...outsideOfTap('chroot', [place, ...words]), { encoding: 'utf8' })

  for (const [name, short] of [
    ['gabion-agent', 'agent'],
    ['gabion-collector', 'collector'],
  ] as const) {
    const unit = `${name}.service`
    rpm('--nodeps', '-i', writeEarlier(name, work))
    t.equal(inRoot(`/usr/bin/${name}`), `${oldVersion}\n`)
    t.same(asked(), [`--no-reload preset ${unit}`, 'daemon-reload'], 'the presets say whether it starts')
    const state = join(place, 'var/lib/gabion', short)
    const { mode, uid } = statSync(state)
    t.equal(mode & 0o777, 0o700)
    const owner = inRoot('id', '-u', short === 'agent' ? 'root' : 'gabion-collector').trim()
    t.equal(`${uid}`, owner, 'belongs to whom the unit runs as')
    writeFileSync(join(state, 'kept'), 'kept\n')
    const configuration = join(place, `etc/gabion/${short}.yaml`)
    appendFileSync(configuration, 'logLevel: debug\n')

    rpm('--nodeps', '-U', join(out, `${name}-${version}-1.x86_64.rpm`))
    t.equal(inRoot(`/usr/bin/${name}`, '--version'), `${version}\n`)
    t.same(asked(), ['daemon-reload', 'daemon-reload', `try-restart ${unit}`], 'what runs is started anew, once')
    t.equal(readFileSync(join(state, 'kept'), 'utf8'), 'kept\n')
    t.match(readFileSync(configuration, 'utf8'), /logLevel: debug/)
    t.ok(existsSync(`${configuration}.rpmnew`), 'the new defaults lie beside it')
    t.equal(rpm('-q', name), `${name}-${version}-1.x86_64\n`)
    t.notOk(existsSync(join(place, `usr/lib/gabion/${short}/old`)))

    rpm('-e', name)
    t.same(asked(), [`--no-reload disable --now ${unit}`, 'daemon-reload'])
    t.notOk(existsSync(join(place, 'usr/bin', name)))
    t.notOk(existsSync(join(place, 'usr/lib/systemd/system', unit)))
    t.equal(readFileSync(join(state, 'kept'), 'utf8'), 'kept\n', 'state stays until somebody removes it')
    t.match(readFileSync(`${configuration}.rpmsave`, 'utf8'), /logLevel: debug/)
  }
  t.match(inRoot('getent', 'passwd', 'gabion-collector'), /:\/var\/lib\/gabion\/collector:\/sbin\/nologin$/m)
  rpm('--nodeps', ...documentedLine('docs/packages.md', 'rpm -i gabion-agent').split(' ').slice(1))
  t.equal(inRoot('/usr/bin/gabion-agent', '--version'), `${version}\n`, 'as the guide says, too')
}
