// Packs trees: .deb by dpkg-deb, .rpm by rpmbuild, tarballs by tar. The same tree gives the same bytes.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ProgramName } from './command-docs.ts'
import { manifest, root, type Target } from './target.ts'

export interface PackageOptions {
  readonly name: ProgramName
  readonly target: Target
  readonly tree: string
  /** an empty directory of its own */
  readonly work: string
  readonly out: string
  /** seconds since the epoch */
  readonly date: number
  /** the project's own when it is left out */
  readonly version?: string
}

const about = {
  'gabion-agent': {
    summary: 'Reads what a Linux host really is, judges it, and tells a collector',
    description:
      'One executable that needs no Node.js. The unit starts once the host is enrolled: gabion-agent enroll.',
    debian: 'Depends: libc6 (>= 2.28), libstdc++6\nSuggests: libcap2-bin, nftables\n',
    rpm: 'Suggests: nftables',
  },
  'gabion-collector': {
    summary: 'Keeps, judges and serves the state of a fleet of Linux hosts',
    description:
      'With the Node.js that it runs on and an embedded SQLite. Listens on loopback until it is told otherwise.',
    debian: 'Depends: libc6 (>= 2.28), libstdc++6, passwd\n',
    rpm: 'Requires(pre): /usr/sbin/useradd, /usr/sbin/groupadd',
  },
} satisfies Record<ProgramName, object>

/** @returns the path of the package */
export function writeDeb(options: PackageOptions): string {
  const { name, target, tree, work, out, date, version = manifest.version } = options
  const packed = join(work, 'deb')
  run('cp', ['-a', tree, packed], date)
  const control = join(packed, 'DEBIAN')
  mkdirSync(control, { mode: 0o755 })
  writeFileSync(join(control, 'control'), debianControl(options))
  writeFileSync(join(control, 'conffiles'), `/etc/gabion/${name.replace('gabion-', '')}.yaml\n`)
  const state = `/var/lib/gabion/${name.replace('gabion-', '')}`
  for (const script of ['postinst', 'prerm', 'postrm']) {
    const text = readFileSync(join(root, 'deploy/packages/deb', script), 'utf8')
    writeFileSync(join(control, script), text.replaceAll('@NAME@', name).replaceAll('@STATE@', state))
    chmodSync(join(control, script), 0o755)
  }
  const path = join(out, `${name}_${version}_${target.arch}.deb`)
  run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', packed, path], date)
  rmSync(packed, { recursive: true })
  return path
}

function debianControl({ name, target, tree, version = manifest.version }: PackageOptions): string {
  const { summary, description, debian } = about[name]
  return `Package: ${name}
Version: ${version}
Architecture: ${target.arch}
Maintainer: The Gabion authors <gabion@localhost.invalid>
Installed-Size: ${Math.ceil(filesOf(tree).reduce((sum, file) => sum + statSync(join(tree, file)).size, 0) / 1024)}
Section: admin
Priority: optional
${debian}Description: ${summary}
 ${description}
`
}

/** @returns the path of the package */
export function writeRpm(options: PackageOptions): string {
  const { name, target, tree, work, out, date, version = manifest.version } = options
  const { summary, description, rpm } = about[name]
  const values: Readonly<Record<string, string>> = {
    ...{ NAME: name, VERSION: version, SUMMARY: summary, DESCRIPTION: description, REQUIRES: rpm, TREE: tree },
    FILES: rpmFiles(options),
  }
  const template = readFileSync(join(root, 'deploy/packages/rpm/package.spec'), 'utf8')
  const spec = join(work, `${name}.spec`)
  writeFileSync(
    spec,
    template.replace(/@([A-Z]+)@/g, (_, word: string) => values[word] ?? ''),
  )
  const top = join(work, 'rpmbuild')
  const defines = [`_topdir ${top}`, `_rpmdir ${top}/out`, '_rpmfilename package.rpm', '_sysconfdir /etc']
  const args = ['-bb', '--quiet', '--target', `${target.rpmArch}-linux`, ...defines.flatMap(text => ['--define', text])]
  run('rpmbuild', [...args, spec], date)
  const path = join(out, `${name}-${version}-1.${target.rpmArch}.rpm`)
  cpSync(join(top, 'out/package.rpm'), path)
  rmSync(top, { recursive: true })
  return path
}

/** Every file with owner and mode; the directories that are only this package's. */
function rpmFiles({ name, tree }: PackageOptions): string {
  const short = name.replace('gabion-', '')
  const owner = name === 'gabion-collector' ? 'gabion-collector' : 'root'
  const files = filesOf(tree)
    .map(file => file.replace('zsh/vendor-completions', 'zsh/site-functions'))
    .map(file => (file.startsWith('etc/') ? `%config(noreplace) /${file}` : `/${file}`))
  return [
    ...['%defattr(-,root,root,-)', '%dir /etc/gabion', '%dir /usr/lib/gabion', `%dir /usr/lib/gabion/${short}`],
    ...['%dir /var/lib/gabion', `%dir %attr(0700,${owner},${owner}) /var/lib/gabion/${short}`, ...files],
  ].join('\n')
}

/** A folder of the agent for hosts without a package manager. @returns the path of the tarball */
export function writeTarball({ name, target, tree, work, out, date, version }: PackageOptions): string {
  const folder = `${name}-${version ?? manifest.version}-linux-${target.arch}`
  const place = join(work, folder)
  const parts: Readonly<Record<string, string>> = {
    'usr/lib/gabion/agent': '.',
    ...{ 'usr/lib/systemd/system': 'systemd', 'etc/gabion': 'etc', 'usr/share/man/man1': 'man' },
    ...{
      'usr/share/bash-completion/completions': 'completions/bash',
      'usr/share/zsh/vendor-completions': 'completions/zsh',
    },
    ...{ 'usr/share/fish/vendor_completions.d': 'completions/fish', [`usr/share/doc/${name}`]: '.' },
  }
  for (const [from, to] of Object.entries(parts)) cpSync(join(tree, from), join(place, to), { recursive: true })
  const path = join(out, `${folder}.tar.gz`)
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rw,go-w,a+rX', `--mtime=@${date}`]
  run('tar', [...same, '--use-compress-program=gzip -n -6', '-C', work, '-cf', path, folder], date)
  rmSync(place, { recursive: true })
  return path
}

/** Paths of files and links below a directory, sorted. */
export function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)))
    .sort()
}

function run(program: string, args: readonly string[], date: number): void {
  execFileSync(program, args, { stdio: 'pipe', env: { ...process.env, SOURCE_DATE_EPOCH: String(date), LC_ALL: 'C' } })
}
