// Tests of the names of dockerd's options, against the examples of its manual and each other.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  dockerdOptions,
  flatKeys,
  isBooleanOption,
  isOptionName,
  knownKeys,
  optionOfFlag,
  optionOfShorthand,
} from '../../../agent/parse/dockerd-options.ts'

/** Keys of the full example of daemon.json in the manual of dockerd, Docker 28. */
const manual = `allow-direct-routing authorization-plugins bip bip6 bridge bridge-accept-fwmark builder cgroup-parent
  containerd containerd-namespace containerd-plugins-namespace data-root debug default-address-pools
  default-cgroupns-mode default-gateway default-gateway-v6 default-network-opts default-runtime default-shm-size
  default-ulimits dns dns-opts dns-search exec-opts exec-root experimental features fixed-cidr fixed-cidr-v6 group
  host-gateway-ip hosts proxies icc init init-path insecure-registries ip ip-forward ip-masq iptables ip6tables ipv6
  labels live-restore log-driver log-format log-level log-opts max-concurrent-downloads max-concurrent-uploads
  max-download-attempts mtu no-new-privileges node-generic-resources pidfile raw-logs registry-mirrors runtimes
  seccomp-profile selinux-enabled shutdown-timeout storage-driver storage-opts swarm-default-advertise-addr tls
  tlscacert tlscert tlskey tlsverify userland-proxy userland-proxy-path userns-remap`.split(/\s+/)

t.test('every key of the manual is known', async t => {
  t.strictSame(
    manual.filter(key => !knownKeys.has(key)),
    [],
  )
  t.strictSame(
    [...flatKeys].filter(key => !knownKeys.has(key)),
    [],
  )
})

t.test('a boolean option that is read takes no separate value, others do', async t => {
  const unlike = Object.entries(dockerdOptions).filter(([name, kind]) => isBooleanOption(name) !== (kind === 'bool'))
  t.strictSame(unlike, [])
})

t.test('a flag leads to a key of daemon.json, and a key to itself', async () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const singular = (key: string) => [key.replace(/ies$/, 'y'), key.replace(/s$/, ''), `add-${key.replace(/s$/, '')}`]
  fc.assert(
    fc.property(fc.constantFrom(...knownKeys), fc.constantFrom(...letters), (key, letter) => {
      equal(optionOfFlag(key) === key, true, `${key} is no flag of another key`)
      for (const flag of singular(key)) equal(knownKeys.has(optionOfFlag(flag)) || optionOfFlag(flag) === flag, true)
      const ofLetter = optionOfShorthand(letter)
      equal(ofLetter === undefined || knownKeys.has(ofLetter), true, letter)
      equal(isOptionName(key) && !knownKeys.has(key), false)
    }),
  )
})

t.test('any other text is no option and leads nowhere', async () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'Debug', 'debug ')),
      text => {
        if (knownKeys.has(text)) return
        equal(isOptionName(text) || isBooleanOption(text), false, text)
        equal(knownKeys.has(optionOfFlag(text)) && !/^[a-z-]+$/.test(text), false, text)
      },
    ),
  )
})
