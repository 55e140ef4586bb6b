// Traps that other tools fall into, each by its own words; what has a test of the same title elsewhere is not repeated.
import t from 'tap'
import { accounts } from '../../../agent/probes/accounts.ts'
import { kernelModules } from '../../../agent/probes/kernel-modules.ts'
import { ports } from '../../../agent/probes/ports.ts'
import { AccountsFacet } from '../../../proto/facets/accounts.ts'
import { KernelModulesFacet } from '../../../proto/facets/kernel-modules.ts'
import { PortsFacet } from '../../../proto/facets/ports.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

type Files = Readonly<Record<string, FixtureFile>>

async function modulesOf(t: Parameters<typeof hostFrom>[0], files: Files) {
  const base = {
    ...{ '/proc/modules': '', '/proc/cmdline': '', '/proc/sys/kernel/osrelease': '6.1.0-1\n' },
    ...{
      '/proc/sys/kernel/modules_disabled': '0\n',
      '/lib/modules/6.1.0-1/modules.builtin': 'kernel/fs/squashfs.ko\n',
    },
    '/lib/modules/6.1.0-1/modules.dep': 'kernel/usb-storage.ko:\nkernel/sctp.ko:\n',
  }
  const state = await runProbe(kernelModules, await hostFrom(t, { files: { ...base, ...files } }))
  const { modules } = KernelModulesFacet.facts.parse(presentFacts(state))
  return (name: string) => modules.find(module => module.name === name)
}

t.test('a built-in module cannot be blacklisted: the line is told, and the code is there', async t => {
  const module = await modulesOf(t, { '/etc/modprobe.d/x.conf': 'blacklist squashfs\ninstall squashfs /bin/false\n' })
  t.match(module('squashfs'), { builtin: true, blacklisted: true, installDisabled: true, loadable: false })
})

t.test('- and _ are the same in module names, wherever they stand', async t => {
  const module = await modulesOf(t, {
    '/etc/modprobe.d/x.conf': 'install usb-storage /bin/true\n',
    '/proc/modules': 'usb_storage 1 0 - Live 0x0\n',
  })
  t.match(module('usb_storage'), { loaded: true, available: true, installDisabled: true, loadable: false })
  t.equal(module('usb-storage'), undefined)
})

t.test('blacklist alone does not stop an explicit modprobe or a dependency, install does', async t => {
  const listed = await modulesOf(t, { '/etc/modprobe.d/x.conf': 'blacklist sctp\n' })
  t.match(listed('sctp'), { blacklisted: true, installDisabled: false, loadable: true })
  const disabled = await modulesOf(t, { '/etc/modprobe.d/x.conf': 'install sctp /bin/false\n' })
  t.match(disabled('sctp'), { blacklisted: false, installDisabled: true, loadable: false })
})

async function usersOf(t: Parameters<typeof hostFrom>[0], files: Files) {
  const { users } = AccountsFacet.facts.parse(presentFacts(await runProbe(accounts, await hostFrom(t, { files }))))
  return (name: string) => users.find(user => user.name === name)
}

t.test(
  'an account with nologin still has its keys and its password told: both let somebody in without a shell',
  async t => {
    const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIHUFSsAvpYoqnCWa4oQF'
    const user = await usersOf(t, {
      '/etc/passwd': 'svc:x:1001:1001::/home/svc:/usr/sbin/nologin\n',
      '/etc/shadow': 'svc:$6$salt$hash:19000:0:99999:7:::\n',
      '/home/svc/.ssh/authorized_keys': `ssh-ed25519 ${key} a@b\n`,
    })
    t.match(user('svc'), { interactive: false, password: { state: 'hash' }, authorizedKeys: [{ keys: 1 }] })
  },
)

t.test('!, *, !! and an empty password are four different things', async t => {
  const user = await usersOf(t, {
    '/etc/passwd': ['locked', 'never', 'unset', 'open'].map((name, i) => `${name}:x:${i + 1}:1::/:/bin/sh\n`).join(''),
    '/etc/shadow': 'locked:!$6$salt$hash:19000::::::\nnever:*:19000::::::\nunset:!!:19000::::::\nopen::19000::::::\n',
  })
  t.match(user('locked')?.password, { state: 'locked', hash: 'sha512' })
  t.match(user('never')?.password, { state: 'disabled', hash: '' })
  t.match(user('unset')?.password, { state: 'disabled', hash: '' })
  t.match(user('open')?.password, { state: 'empty', hash: '' })
})

async function listenersOf(t: Parameters<typeof hostFrom>[0], files: Files) {
  const base = { ...littleProc({ pid: 1, executable: '/sbin/init' }), '/proc/1/net/tcp': '' }
  const state = await runProbe(ports, await hostFrom(t, { files: { ...base, ...files } }), { oneShot: true })
  const { listeners } = PortsFacet.facts.parse(presentFacts(state))
  return listeners.map(({ protocol, address, port, scope }) => `${protocol} ${address} ${port} ${scope}`)
}

const row = (local: string, state: string) =>
  `0: ${local} ${local.replace(/[^:]/g, '0')} ${state} 00000000:00000000 00:00000000 00000000 0 0 7 1 0 100 0 0 10 0\n`

t.test(
  'a listening TCP socket is in state 0A, an unconnected UDP socket in 07: neither by the other’s number',
  async t => {
    const header = '  sl  local_address rem_address   st\n'
    const files = {
      '/proc/1/net/tcp': header + row('00000000:0016', '0A') + row('00000000:0017', '07'),
      '/proc/1/net/udp': header + row('00000000:0035', '07') + row('00000000:0036', '0A'),
    }
    t.strictSame(await listenersOf(t, files), ['tcp 0.0.0.0 22 any', 'udp 0.0.0.0 53 any'])
  },
)

t.test('hex addresses are little-endian in each word of 32 bits', async t => {
  const header = '  sl  local_address\n'
  const files = {
    '/proc/1/net/tcp': header + row('0100007F:1F90', '0A') + row('0A02000A:0050', '0A'),
    '/proc/1/net/tcp6': header + row('B80D0120000000000000000001000000:01BB', '0A'),
  }
  t.strictSame(await listenersOf(t, files), [
    'tcp 10.0.2.10 80 specific',
    'tcp 127.0.0.1 8080 loopback',
    'tcp 2001:db8::1 443 specific',
  ])
})

t.test('sockets are those of process 1, not of the agent’s own network namespace', async t => {
  const files = { '/proc/1/net/tcp': row('00000000:0016', '0A'), '/proc/net/tcp': row('00000000:0017', '0A') }
  t.strictSame(await listenersOf(t, { ...files, '/proc/self/net/tcp': row('00000000:0018', '0A') }), [
    'tcp 0.0.0.0 22 any',
  ])
})
